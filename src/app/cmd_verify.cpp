// SPDX-License-Identifier: MIT
#include "app/judgement.hpp"

namespace mailstate {

namespace {

Answer answer(const Session& session)
{
    const Options& options = session.options();
    return judgement(session, verify(session.world(), options.plan, options.ownership),
                     "everything is as the layout promises");
}

}  // namespace

Answer run_verify(const Call& call)
{
    return with_session("verify", call, answer);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/answers/judgement.hpp"
#include "app/answers/under_way.hpp"

namespace mailstate {

namespace {

Answer verify_answer(const Session& session)
{
    const Options& options = session.options();
    if (std::optional<Answer> under_way = answer_under_way(session)) return *under_way;
    std::vector<Finding> findings = verify(session.world(), options.plan, options.ownership);
    // A run may have begun meanwhile.
    if (std::optional<Answer> under_way = answer_under_way(session)) return *under_way;
    return judgement(session, std::move(findings), "everything matches the layout");
}

}  // namespace

Answer run_verify(const Call& call)
{
    return with_session("verify", call, verify_answer);
}

}  // namespace mailstate

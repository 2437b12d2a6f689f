// SPDX-License-Identifier: MIT
#include "app/judgement.hpp"
#include "app/refusal.hpp"

namespace mailstate {

namespace {

Answer answer(const Session& session)
{
    const PlanOptions& options = session.options().plan;
    const Result<Survey> survey = probe(session.world(), options);
    if (!survey) return failed(session.command, session.call, "probe.failed", survey.error());
    return judgement(session, check(*survey, session.layout, options), "volume and mounts are fit for the layout");
}

}  // namespace

Answer run_check(const Call& call)
{
    return with_session("check", call, answer);
}

}  // namespace mailstate

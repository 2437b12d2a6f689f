// SPDX-License-Identifier: MIT
#include "app/refusal.hpp"
#include "app/session.hpp"
#include "app/survey_output.hpp"

namespace mailstate {

namespace {

Answer answer(const Session& session)
{
    const Options& options = session.options();
    const Result<Survey> survey = probe(session.world(), options.plan);
    if (!survey) return failed(session.command, session.call, "probe.failed", survey.error());
    const Severity seen = options.strict ? worst(survey->findings) : Severity::note;
    const int exit_code = unless_stopped(session.call.stop, exit_code_of(seen, strictness(options)));
    if (options.output == Output::json) {
        Json json = survey_json(*survey, session.layout);
        json["exit_code"] = exit_code;
        return {exit_code, one_line(json)};
    }
    const Paint paint = paint_for(options.color, session.call.environment, STDOUT_FILENO);
    return {exit_code, survey_text(*survey, session.layout, paint)};
}

}  // namespace

Answer run_probe(const Call& call)
{
    return with_session("probe", call, answer);
}

}  // namespace mailstate

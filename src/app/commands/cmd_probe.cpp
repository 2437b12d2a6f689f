// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/answers/refusal.hpp"
#include "app/commands/session.hpp"
#include "app/output/survey_output.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/model/plan.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {

namespace {

// Entries of other containers are not in a plan; nor are they shown.
void leave_out_unplanned(Survey& survey, const Layout& layout)
{
    const Plan plan = make_plan(survey, layout, PlanOptions());
    const auto is_unplanned = [&](const auto& named) {
        return std::ranges::find(plan.entries, named.first, &PlanEntry::name) == plan.entries.end();
    };
    std::erase_if(survey.entries, is_unplanned);
    std::erase_if(survey.gates, is_unplanned);
}

Answer probe_answer(const Session& session)
{
    const Options& options = session.options();
    Result<Survey> survey = probe(session.world(), options.plan);
    if (!survey) return failed(session.command, session.call, "probe.failed", survey.error());
    survey->process.refused_calls = refused_system_calls();
    if (options.write_test) {
        const std::unique_ptr<Writer> writer = make_posix_writer();
        const Result<> tested = write_test(session.world(), *writer, *survey, options.lock_timeout);
        const bool locked = !tested && tested.error().number == EWOULDBLOCK;
        if (locked) return refused(session.command, options, ExitCode::locked, "volume.locked", tested.error());
        if (!tested) return failed(session.command, session.call, "probe.not-tested", tested.error());
        for (Finding& finding : volume_findings(*survey, session.layout)) survey->findings.push_back(finding);
    }
    leave_out_unplanned(*survey, session.layout);
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
    return with_session("probe", call, probe_answer);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// plan, and apply --dry-run: no Writer is ever made here.
#include "app/cmd_plan.hpp"

#include "app/files.hpp"
#include "app/log.hpp"
#include "app/metrics_file.hpp"
#include "app/plan_text.hpp"
#include "app/refusal.hpp"
#include "app/run_json.hpp"
#include "app/version.hpp"
#include "engine/log.hpp"

namespace mailstate {

namespace {

ExitCode exit_code_of(const Plan& plan, const Options& options)
{
    if (plan.blocked) return ExitCode::blocked;
    if (options.strict && worst(plan.findings) >= Severity::warning) return ExitCode::not_as_it_should_be;
    return options.detailed_exitcode && has_changes(plan) ? ExitCode::changes : ExitCode::done;
}

}  // namespace

Answer rendered(const Session& session, Plan plan)
{
    const Options& options = session.options();
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    int exit_code = unless_stopped(session.call.stop, exit_code_of(plan, options));
    if (const auto unwritten = write_metrics(session.command, session.call, view_of(plan, volume), exit_code)) {
        plan.findings.push_back(*unwritten);
        exit_code = unless_stopped(session.call.stop, exit_code_of(plan, options));
    }
    const RunView view = view_of(plan, volume);
    if (options.output == Output::json)
        return {exit_code, one_line(plan_json(session.command, plan, view, exit_code)), Measured::yes};
    const std::string label = options.dry_run ? std::string(session.command) + " --dry-run" : "plan";
    const Paint paint = paint_for(options.color, session.call.environment, STDOUT_FILENO);
    return {exit_code, plan_text(label, plan, view, options.out, paint), Measured::yes};
}

Answer answer_with_plan(const Session& session)
{
    const Options& options = session.options();
    const Result<Survey> survey = probe(session.world(), options.plan);
    if (!survey) return failed(session.command, session.call, "probe.failed", survey.error());
    Plan plan = make_plan(*survey, session.layout, options.plan);
    plan.tool_version = version();
    if (!options.out.empty()) {
        const Result<> saved = write_output_file(options.out, to_json_text(plan));
        if (!saved) return failed(session.command, session.call, "plan.not-saved", saved.error());
        log_info("the plan is saved in " + options.out);
    }
    return rendered(session, std::move(plan));
}

Answer run_plan(const Call& call)
{
    return with_session("plan", call, answer_with_plan);
}

}  // namespace mailstate

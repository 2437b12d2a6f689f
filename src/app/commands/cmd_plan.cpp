// SPDX-License-Identifier: MIT
// plan, and apply --dry-run: no Writer is ever made here.
#include "app/commands/cmd_plan.hpp"

#include "app/answers/next_step.hpp"
#include "app/answers/refusal.hpp"
#include "app/answers/run_answer.hpp"
#include "app/answers/under_way.hpp"
#include "app/cli/program_version.hpp"
#include "app/files/files.hpp"
#include "app/log/log.hpp"
#include "app/output/plan_text.hpp"
#include "app/output/run_json.hpp"
#include "engine/logger.hpp"
#include "mailstate/base/shell_word.hpp"

namespace mailstate {

namespace {

ExitCode exit_code_of(const Plan& plan, const Options& options)
{
    if (plan.blocked) return ExitCode::blocked;
    if (options.strict && worst(plan.findings) >= Severity::warning) return ExitCode::problems_found;
    return options.detailed_exitcode && has_changes(plan) ? ExitCode::changes : ExitCode::done;
}

std::string next_command(const Session& session, const Plan& plan)
{
    const Options& options = session.options();
    if (!has_changes(plan)) return {};
    if (!options.out.empty()) return command_line("apply --plan " + shell_word(options.out), options);
    return command_line(session.command == "plan" ? "apply" : session.command, options);
}

}  // namespace

Answer rendered(const Session& session, Plan plan)
{
    const Options& options = session.options();
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    const std::string label = options.dry_run ? std::string(session.command) + " --dry-run" : "plan";
    return told(session,
                {plan.findings, [&] { return unless_stopped(session.call.stop, exit_code_of(plan, options)); },
                 [&] { return view_of(plan, volume); },
                 [&](const RunView& view, int exit_code) { return plan_json(session.command, plan, view, exit_code); },
                 [&](const RunView& view, Paint paint) { return plan_text(view, paint); },
                 [&](const RunView& view) { return plan_summary(label, plan, view, next_command(session, plan)); }});
}

Answer answer_with_plan(const Session& session)
{
    const Options& options = session.options();
    if (std::optional<Answer> under_way = answer_under_way(session)) return *under_way;
    Result<Survey> survey = probe(session.world(), options.plan);
    if (!survey) return failed(session.command, session.call, "probe.failed", survey.error());
    const std::vector<Finding> owners = survey_ownership(session.world(), *survey, options.plan, options.ownership);
    Plan plan = make_plan(*survey, session.layout, options.plan);
    plan.findings.insert(plan.findings.end(), owners.begin(), owners.end());
    plan.tool_version = version();
    const Result<> foretold = forecast_set_aside(session.world(), *survey, plan);
    if (!foretold) return failed(session.command, session.call, "plan.failed", foretold.error());
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

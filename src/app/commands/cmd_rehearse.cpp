// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/answers/next_step.hpp"
#include "app/answers/refusal.hpp"
#include "app/answers/run_answer.hpp"
#include "app/check/check_preflight.hpp"
#include "app/cli/program_version.hpp"
#include "app/output/rehearsal_output.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"

namespace mailstate {

namespace {

RehearsalOptions rehearsal_options(const Options& options)
{
    RehearsalOptions wanted;
    wanted.apply.plan = options.plan;
    wanted.apply.verify_content = options.verification == Verification::content;
    wanted.apply.ownership = options.ownership;
    wanted.apply.lock_timeout = options.lock_timeout;
    wanted.apply.version = version();
    wanted.scratch = options.scratch;
    wanted.sample = options.sample;
    wanted.make_reader = make_posix_reader;
    wanted.make_reader_of = make_posix_reader_of;
    wanted.make_writer = make_posix_writer;
    return wanted;
}

// What check says of the real system, as the last step.
Result<> add_check(const Session& session, const Survey& survey, Rehearsal& rehearsal, DetailsOfFindings& details)
{
    const auto begun = std::chrono::steady_clock::now();
    std::vector<Finding> findings = check(survey, session.layout, session.options().plan);
    const Inspection inspection = TRY(inspect(session, &survey));
    if (inspection.usage) return fail(*inspection.usage);
    details = details_of(inspection);
    for (Finding& finding : findings_of(inspection)) findings.push_back(std::move(finding));
    RehearsalStep step{"check", 0, StepOutcome::done};
    for (Finding& finding : findings) {
        if (finding.severity == Severity::error) step.outcome = StepOutcome::failed;
        if (std::ranges::find(rehearsal.findings, finding) != rehearsal.findings.end()) continue;
        rehearsal.findings.push_back(std::move(finding));
    }
    step.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    rehearsal.steps.push_back(step);
    return {};
}

bool is_as_planned(const Rehearsal& rehearsal)
{
    return rehearsal.outcome == Outcome::done && std::ranges::none_of(rehearsal.entries, &RehearsedEntry::undone) &&
           std::ranges::none_of(rehearsal.steps,
                                [](const RehearsalStep& step) { return step.outcome == StepOutcome::failed; });
}

int exit_code_of(const Session& session, const Rehearsal& rehearsal)
{
    const Severity seen = worst(rehearsal.findings);
    const Strict strict = strictness(session.options());
    if (rehearsal.outcome != Outcome::done)
        return exit_code_of(rehearsal.outcome, seen, strict, session.call.stop.signal.load());
    const ExitCode judged = !is_as_planned(rehearsal) ? ExitCode::problems_found : exit_code_of(seen, strict);
    return unless_stopped(session.call.stop, judged);
}

Answer rehearse_answer(const Session& session)
{
    const Options& options = session.options();
    const Result<Survey> survey = probe(session.world(), options.plan);
    if (!survey) return failed(session.command, session.call, "probe.failed", survey.error());
    Rehearsal rehearsal = rehearse(session.world(), *survey, rehearsal_options(options));
    DetailsOfFindings details;
    if (rehearsal.outcome == Outcome::done || rehearsal.plan.blocked) {
        const Result<> checked = add_check(session, *survey, rehearsal, details);
        if (!checked) return refused(session.command, options, ExitCode::bad_file, "check.unreadable", checked.error());
    }
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    return told(session, {rehearsal.findings, [&] { return exit_code_of(session, rehearsal); },
                          [&] { return view_of(rehearsal, volume); },
                          [&](const RunView& view, int exit_code) {
                              Json json = rehearsal_json(rehearsal, view, exit_code);
                              add_details(details, view.findings, json["findings"]);
                              return json;
                          },
                          [&](const RunView& view, Paint paint) { return rehearsal_text(rehearsal, view, paint); },
                          [&](const RunView&) {
                              const std::string next = is_as_planned(rehearsal) ? "apply" : "plan";
                              return rehearsal_summary(rehearsal) + next_line(command_line(next, options), options);
                          }});
}

}  // namespace

Answer run_rehearse(const Call& call)
{
    return with_session("rehearse", call, rehearse_answer);
}

}  // namespace mailstate

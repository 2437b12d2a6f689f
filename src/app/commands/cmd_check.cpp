// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/answers/explain.hpp"
#include "app/answers/judgement.hpp"
#include "app/answers/refusal.hpp"
#include "app/answers/under_way.hpp"
#include "app/check/check_fix.hpp"
#include "app/check/check_preflight.hpp"
#include "app/check/check_rules.hpp"
#include "app/commands/choose_layout.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

namespace {

// Only a live system with the layout's own services can be surveyed: on another host its paths belong to another
// system.
bool has_survey(const Session& session)
{
    const std::string& named = session.options().system;
    return is_live(session.options()) && (named.empty() || named == session.layout.name);
}

// In the mail container itself, started for its log: it says what it finds, and the start goes on.
bool is_entrypoint(const Session& session, const std::optional<Survey>& survey)
{
    return survey && !survey->process.container.empty() && session.options().root == "/" &&
           session.options().output == Output::text &&
           !recognise_layout(*session.reader, session.call.environment).because.empty();
}

void append(std::vector<Finding>& to, const std::vector<Finding>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

// The last words where nothing is wrong: what was found is notes then.
std::string all_well(const Inspection& inspection, const std::vector<Finding>& findings)
{
    const auto notes = static_cast<std::uint64_t>(std::ranges::count(findings, Severity::note, &Finding::severity));
    const std::string_view where = judged_all(inspection) ? "" : " in what was judged";
    if (notes > 0) return human_count(notes, "note", "notes") + ", no problems" + std::string(where);
    return "no problems found" + std::string(where);
}

Answer check_answer(const Session& session)
{
    const Options& options = session.options();
    std::optional<Survey> survey;
    std::vector<Finding> findings;
    if (has_survey(session)) {
        if (std::optional<Answer> under_way = answer_under_way(session)) return *under_way;
        Result<Survey> probed = probe(session.world(), options.plan);
        if (!probed) return failed(session.command, session.call, "probe.failed", probed.error());
        survey = std::move(probed).value();
        findings = check(*survey, session.layout, options.plan);
    }
    Explained explained;
    explained.never_blocks = is_entrypoint(session, survey);
    Result<Inspection> inspected = inspect(session, survey ? &*survey : nullptr);
    if (!inspected) return bad_file("check", session.call, "check.unreadable", inspected.error());
    Inspection& inspection = *inspected;
    if (inspection.usage) return refused("check", options, ExitCode::usage, "run.usage", *inspection.usage);
    if (options.fix)
        for (Inspected& each : inspection.systems)
            each.verdict.findings = fix_findings(session, each.evidence, std::move(each.verdict.findings));
    append(findings, findings_of(inspection));
    const auto has = [&](std::string_view code) { return std::ranges::count(findings, code, &Finding::code) > 0; };
    if (has("dms.state-traversal"))  // the same, with the release that it is about
        std::erase_if(findings, [](const Finding& finding) { return finding.code == "volume.closed"; });
    for (const Inspected& each : inspection.systems) {
        explain_all_senders(each.evidence, explained);
        if (!options.sender.empty()) explain_sender(each.evidence, options.sender, explained);
        if (!options.recipient.empty()) explain_recipient(each.evidence, options.recipient, explained);
    }
    explain_inspection(inspection, explained);
    const std::string well = all_well(inspection, findings);
    return judgement(session, std::move(findings), well, explained);
}

}  // namespace

Answer run_check(const Call& call)
{
    if (call.options.list_rules) return list_rules(call);
    if (!call.options.explain.empty()) return explain_code("check", call, call.options.explain);
    return with_session("check", call, check_answer);
}

}  // namespace mailstate

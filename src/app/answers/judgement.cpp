// SPDX-License-Identifier: MIT
#include "app/answers/judgement.hpp"

#include "app/answers/next_step.hpp"
#include "app/answers/run_answer.hpp"
#include "app/cli/exit_code.hpp"
#include "app/output/findings_text.hpp"
#include "app/output/json.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// The findings as the metrics have them; the entries are not judged one by one.
RunView view_of(const Session& session, std::vector<Finding> findings)
{
    RunView view;
    view.layout_name = session.layout.name;
    view.layout_version = session.layout.version;
    view.state_dir = session.layout.state_dir;
    view.volume = volume_facts(session);
    view.findings = by_severity(std::move(findings));
    return view;
}

int exit_code_of(const Session& session, const std::vector<Finding>& findings, bool forgiven)
{
    const ExitCode judged = forgiven ? ExitCode::done : exit_code_of(worst(findings), strictness(session.options()));
    return unless_stopped(session.call.stop, judged);
}

std::string next_command(const Session& session, const RunView& view, bool forgiven)
{
    const Options& options = session.options();
    const bool errors = worst(view.findings) == Severity::error;
    if (forgiven) return {};
    if (session.command == "verify") return errors ? command_line("apply", options) : std::string();
    if (errors) return "correct the errors, then run it again: " + command_line(session.command, options);
    const bool elsewhere = !options.compose_file.empty() || !options.manifest.empty();
    return elsewhere ? std::string() : command_line("plan", options);
}

Json judgement_json(const Session& session, const RunView& view, int exit_code, const Explained& explained)
{
    Json json = json_answer(session.command);
    json["layout"] = {{"name", printable(view.layout_name)}, {"version", view.layout_version}};
    json["state_dir"] = printable(view.state_dir);
    json["exit_code"] = exit_code;
    json["findings"] = findings_json(view.findings);
    add_details(explained.details, view.findings, json["findings"]);
    for (const auto& [name, value] : explained.members.items()) json[name] = value;
    return json;
}

}  // namespace

void add_details(const DetailsOfFindings& details, const std::vector<Finding>& findings, Json& list)
{
    for (std::size_t i = 0; i < findings.size() && i < list.size(); ++i) {
        const auto found = details.find(key_of(findings[i]));
        if (found == details.end()) continue;
        const auto& [location, data, reference] = found->second;
        if (location) list[i]["location"]["file"] = printable(location->file);
        if (location && location->line > 0) list[i]["location"]["line"] = location->line;
        for (const auto& [name, value] : data) list[i]["data"][name] = printable(value);
        if (!reference.empty()) list[i]["reference"] = reference;
    }
}

Answer judgement(const Session& session, std::vector<Finding> findings, std::string_view all_well,
                 const Explained& explained)
{
    const bool forgiven = explained.never_blocks && !session.options().strict;
    // Verify and check end with 3 for errors, and with --strict for warnings, of which a file that could not be written
    // is one.
    const auto summary = [&](const RunView& view) {
        const std::string count = count_of(view.findings);
        std::string last = std::string(session.command) + ": " + (count.empty() ? std::string(all_well) : count);
        if (session.call.stop.requested()) last += "; interrupted, not everything was checked";
        if (forgiven && worst(view.findings) == Severity::error)
            last += "; the start continues anyway (--strict stops it)";
        return last + next_line(next_command(session, view, forgiven), session.options());
    };
    return told(
        session,
        {findings, [&] { return exit_code_of(session, findings, forgiven); },
         [&] { return view_of(session, findings); },
         [&](const RunView& view, int exit_code) { return judgement_json(session, view, exit_code, explained); },
         [&](const RunView& view, Paint paint) { return findings_text(view.findings, paint) + explained.text; },
         summary});
}

}  // namespace mailstate

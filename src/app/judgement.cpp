// SPDX-License-Identifier: MIT
#include "app/judgement.hpp"

#include "app/exit_code.hpp"
#include "app/findings_text.hpp"
#include "app/json.hpp"
#include "app/metrics_file.hpp"
#include "app/paragraph.hpp"
#include "app/run_view.hpp"
#include "mailstate/text.hpp"

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

}  // namespace

Answer judgement(const Session& session, const std::vector<Finding>& findings, std::string_view all_well,
                 const Explained& explained)
{
    const bool forgiven = explained.never_blocks && !session.options().strict;
    RunView view = view_of(session, findings);
    int exit_code = exit_code_of(session, findings, forgiven);
    if (const auto unwritten = write_metrics(session.command, session.call, view, exit_code)) {
        view.findings.push_back(*unwritten);
        view.findings = by_severity(std::move(view.findings));
        // Verify and check end with 3 for errors, and with --strict for warnings, of which this is one.
        exit_code = exit_code_of(session, view.findings, forgiven);
    }
    const std::vector<Finding>& sorted = view.findings;
    if (session.options().output == Output::json) {
        Json json = json_answer(session.command);
        json["layout"] = {{"name", printable(session.layout.name)}, {"version", session.layout.version}};
        json["state_dir"] = printable(session.layout.state_dir);
        json["exit_code"] = exit_code;
        json["findings"] = findings_json(sorted);
        for (const auto& [name, value] : explained.members.items()) json[name] = value;
        return {exit_code, one_line(json), Measured::yes};
    }
    const std::string count = count_of(sorted);
    std::string last = std::string(session.command) + ": " + (count.empty() ? std::string(all_well) : count);
    if (session.call.stop.requested()) last += "; interrupted, not everything was looked at";
    const Paint paint = paint_for(session.options().color, session.call.environment, STDOUT_FILENO);
    if (forgiven && worst(sorted) == Severity::error) last += "; the start goes on all the same (--strict stops it)";
    return {exit_code, findings_text(sorted, paint) + explained.text + wrapped(last, 2), Measured::yes};
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>

#include "app/answers/refusal.hpp"
#include "app/commands/session.hpp"
#include "app/output/findings_text.hpp"
#include "app/output/history_text.hpp"
#include "app/output/paragraph.hpp"
#include "engine/read_history.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// Lines of older versions name no entries, and setting owners does not change an entry's state: for both, the places in
// the sentences tell the entry.
bool concerns(const RunRecord& run, const Entry& entry, const Layout& layout)
{
    const auto names_it = [&](const EntryChange& change) { return change.entry == entry.name; };
    if (run.entries && std::ranges::any_of(*run.entries, names_it)) return true;
    const std::string origin = printable(entry.origin), destination = printable(destination_path(layout, entry));
    const auto holds = [](const std::string& text, const std::string& path) {
        const std::size_t at = text.find(path);
        if (at == std::string::npos) return false;
        const std::size_t end = at + path.size();
        return end == text.size() || text[end] == ' ' || text[end] == '/' || text[end] == ',' || text[end] == ':';
    };
    return std::ranges::any_of(
        run.changes, [&](const std::string& change) { return holds(change, origin) || holds(change, destination); });
}

std::vector<HistoryRun> chosen(const Session& session, std::vector<HistoryRun> runs)
{
    const Options& options = session.options();
    if (!options.plan.only.empty())
        std::erase_if(runs, [&](const HistoryRun& run) {
            return std::ranges::none_of(options.plan.only, [&](const std::string& name) {
                return concerns(run.record, entry_named(session.layout, name), session.layout);
            });
        });
    if (options.limit > 0 && runs.size() > options.limit)
        runs.erase(runs.begin(), runs.end() - static_cast<std::ptrdiff_t>(options.limit));
    return runs;
}

std::string last_line(const std::vector<HistoryRun>& runs, std::size_t of, const Session& session)
{
    if (of == 0) return "history: no run has changed anything on " + printable(session.layout.state_dir) + " yet";
    std::string text = "history: " + human_count(runs.size(), "run", "runs");
    if (runs.size() < of) text += " of " + std::to_string(of);
    return text + "; to go back to just before one of them: mailstate rollback --before RUN";
}

Answer history_answer(const Session& session)
{
    const Options& options = session.options();
    std::vector<Finding> findings;
    Result<History> history = read_history(session.world(), findings);
    if (!history) return failed(session.command, session.call, "history.unreadable", history.error());
    const std::size_t all = history->runs.size();
    const std::vector<HistoryRun> runs = chosen(session, std::move(history->runs));
    const Severity seen = options.strict ? worst(findings) : Severity::note;
    const int exit_code = unless_stopped(session.call.stop, exit_code_of(seen, strictness(options)));
    if (options.output == Output::json) {
        Json json = json_answer(session.command);
        json["state_dir"] = printable(session.layout.state_dir);
        json["exit_code"] = exit_code;
        json["runs"] = history_json(runs);
        json["findings"] = findings_json(findings);
        return {exit_code, one_line(json)};
    }
    const Paint paint = paint_for(options.color, session.call.environment, STDOUT_FILENO);
    return {exit_code, history_text(runs) + findings_text(findings, paint) + wrapped(last_line(runs, all, session), 2)};
}

}  // namespace

Answer run_history(const Call& call)
{
    return with_session("history", call, history_answer);
}

}  // namespace mailstate

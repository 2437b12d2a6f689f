// SPDX-License-Identifier: MIT
#include "app/output/history_text.hpp"

#include <map>

#include "app/output/paragraph.hpp"
#include "base/escape.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t history_indent = 6;

std::string paragraph(const std::string& text)
{
    return std::string(history_indent, ' ') + wrapped(text, history_indent + 2, history_indent);
}

std::string head(const HistoryRun& run)
{
    const RunRecord& record = run.record;
    std::string text = "run " + std::to_string(run.number) + ": " + excerpt(record.started) + ", " +
                       excerpt(record.command) + " on " + excerpt(record.host) + ", mailstate " +
                       excerpt(record.version);
    if (record.exit_code != 0) text += ", exit " + std::to_string(record.exit_code);
    return wrapped(text, history_indent);
}

std::string step_of(const EntryChange& change)
{
    if (change.before == change.after) return std::string(state_name(change.after));
    return std::string(state_name(change.before)) + " → " + std::string(state_name(change.after));
}

// What the sentences do not say: which entries went from where to where, and what was set aside.
std::string changes_text(const std::vector<EntryChange>& changes)
{
    std::map<std::string, std::string> names;  // by step
    std::string text, aside;
    for (const EntryChange& change : changes) {
        std::string& line = names[step_of(change)];
        line += (line.empty() ? "" : ", ") + excerpt(change.entry);
        for (const std::string& name : change.displaced) aside += (aside.empty() ? "" : ", ") + excerpt(name);
    }
    for (const auto& [step, entries] : names) text += paragraph(step + ": " + entries);
    return aside.empty() ? text : text + paragraph("set aside: " + aside);
}

Json change_json(const EntryChange& change)
{
    return {{"entry", printable(change.entry)},
            {"before", state_name(change.before)},
            {"after", state_name(change.after)},
            {"displaced", printable_list(change.displaced)}};
}

Json run_json(const HistoryRun& run)
{
    const RunRecord& record = run.record;
    Json json = {{"run", run.number},
                 {"started", printable(record.started)},
                 {"finished", printable(record.finished)},
                 {"host", printable(record.host)},
                 {"version", printable(record.version)},
                 {"command", printable(record.command)},
                 {"exit_code", record.exit_code}};
    json["changes"] = Json::array();
    for (const std::string& change : record.changes) json["changes"].push_back(escape(change, Backslash::keep));
    json["entries"] = record.entries ? Json::array() : Json(nullptr);
    for (const EntryChange& change : record.entries.value_or(std::vector<EntryChange>()))
        json["entries"].push_back(change_json(change));
    return json;
}

}  // namespace

std::string_view state_name(const std::optional<Phase>& phase)
{
    return phase ? name_of(*phase) : "at-origin";
}

std::string history_text(const std::vector<HistoryRun>& runs)
{
    std::string text;
    for (const HistoryRun& run : runs) {
        text += head(run);
        for (const std::string& change : run.record.changes) text += paragraph(escape(change, Backslash::keep));
        text += changes_text(run.record.entries.value_or(std::vector<EntryChange>()));
    }
    return text;
}

Json history_json(const std::vector<HistoryRun>& runs)
{
    Json json = Json::array();
    for (const HistoryRun& run : runs) json.push_back(run_json(run));
    return json;
}

}  // namespace mailstate

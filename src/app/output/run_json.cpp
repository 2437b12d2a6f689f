// SPDX-License-Identifier: MIT
#include "app/output/run_json.hpp"

#include <limits>

#include "app/cli/exit_code.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

Json entry_json(const EntryLine& entry)
{
    return {{"name", printable(entry.name)},
            {"origin", printable(entry.origin)},
            {"destination", printable(entry.destination)},
            {"decision", name_of(entry.decision)},
            {"reason", escape(entry.reason, Backslash::keep)},
            {"files", entry.amount.files},
            {"bytes", entry.amount.bytes}};
}

static Json set_aside_json(const AsideTotals& totals)
{
    Json examples = Json::array();
    for (const std::string& path : totals.examples) examples.push_back(printable(path));
    return {{"names", totals.names},
            {"bytes", totals.bytes},
            {"whole", totals.whole},
            {"examples", std::move(examples)},
            {"repeated", totals.repeated}};
}

Json run_json(std::string_view command, const RunView& view)
{
    Json json = json_answer(command);
    json["layout"] = {{"name", printable(view.layout_name)}, {"version", view.layout_version}};
    json["state_dir"] = printable(view.state_dir);
    json["volume"] = filesystem_json(view.volume);
    return json;
}

// null: the filesystem does not count them.
static Json count_json(std::uint64_t count)
{
    return count == std::numeric_limits<std::uint64_t>::max() ? Json(nullptr) : Json(count);
}

Json filesystem_json(const std::optional<FilesystemFacts>& volume)
{
    if (!volume) return nullptr;
    return {{"type", printable(volume->type)},
            {"source", printable(volume->source)},
            {"class", name_of(volume->kind)},
            {"options", printable(volume->options)},
            {"read_only", volume->read_only},
            {"nosuid", volume->nosuid},
            {"free_bytes", count_json(volume->free_bytes)},
            {"free_inodes", count_json(volume->free_inodes)}};
}

Json plan_json(std::string_view command, const Plan& plan, const RunView& view, int exit_code)
{
    Json json = run_json(command, view);
    json["exit_code"] = exit_code;
    if (command != "plan") json["dry_run"] = true;
    json["has_changes"] = has_changes(plan);
    json["blocked"] = plan.blocked;
    json["nothing_to_do"] = plan.nothing_to_do;
    json["renumber"] = plan.renumber;
    json["entries"] = Json::array();
    for (const EntryLine& entry : view.entries) {
        Json item = entry_json(entry);
        item["owners_differ"] = entry.owners;
        item["stale"] = entry.stale;
        item["set_aside"] = set_aside_json(entry.set_aside);
        json["entries"].push_back(std::move(item));
    }
    json["findings"] = findings_json(view.findings);
    return json;
}

Json report_json(std::string_view command, const Report& report, const RunView& view, int exit_code)
{
    Json json = run_json(command, view);
    json["exit_code"] = exit_code;
    json["outcome"] = name_of(report.outcome);
    json["elapsed_ms"] = report.elapsed.count();
    json["changes"] = Json::array();
    for (const std::string& change : report.changes) json["changes"].push_back(escape(change, Backslash::keep));
    json["entries"] = Json::array();
    for (const EntryLine& entry : view.entries) {
        Json item = entry_json(entry);
        item["outcome"] = name_of(entry.outcome.value_or(EntryOutcome::not_reached));
        item["owners_changed"] = entry.owners;
        item["displaced"] = entry.displaced;
        item["displaced_to"] = printable(entry.displaced_to);
        json["entries"].push_back(std::move(item));
    }
    json["findings"] = findings_json(view.findings);
    return json;
}

Json tested_json(const Capabilities& known, const FilesystemFacts& volume, const std::string& untested)
{
    Json json = {{"tested", !is_empty(known)}, {"results", Json::object()}, {"inferred", Json::object()}};
    for (const AbilityRow& row : abilities)
        json["results"][std::string(row.name)] = text_of(tested(known, row.ability));
    for (const auto& [name, value] : words_of(inferred_capabilities(volume))) json["inferred"][name] = value;
    if (is_empty(known) && !untested.empty()) json["untested"] = untested;
    return json;
}

}  // namespace mailstate

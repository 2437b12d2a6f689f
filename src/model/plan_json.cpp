// SPDX-License-Identifier: MIT
// What `plan --out` writes and `apply --plan` reads.
#include "mailstate/plan.hpp"
#include "model/json_nouns.hpp"

namespace mailstate {

static constexpr int plan_schema = 1;
static constexpr std::size_t largest_plan = 16 * mebibyte;

static Result<> read(const JsonNode& node, AsideTotals& totals)
{
    TRY(expect_members(node, {"names", "bytes", "whole", "examples", "repeated", "repeats"}));
    TRY(read_member(node, "names", totals.names));
    TRY(read_member(node, "bytes", totals.bytes));
    TRY(read_member(node, "whole", totals.whole));
    TRY(read_member(node, "examples", totals.examples));
    TRY(read_member(node, "repeated", totals.repeated));
    return read_member(node, "repeats", totals.repeats);
}

// apply makes and reads these files: none of them rolls back.
static Result<> read(const JsonNode& node, Decision& decision)
{
    std::vector<Decision> decisions;
    for (const DecisionRow& row : decision_rows)
        if (row.decision != Decision::roll_back) decisions.push_back(row.decision);
    return read_name(node, decisions, decision);
}

static Result<> read(const JsonNode& node, PlanEntry& entry)
{
    TRY(expect_members(node,
                       {"name", "origin", "destination", "decision", "reason", "code", "files", "bytes", "fingerprint",
                        "remove_nested_link", "clear_leftover", "ownership", "owners_differ", "stale", "set_aside"}));
    TRY(read_member(node, "name", entry.name));
    TRY(read_member(node, "origin", entry.origin));
    TRY(read_member(node, "destination", entry.destination));
    TRY(read_member(node, "decision", entry.decision));
    TRY(read_member(node, "reason", entry.reason));
    TRY(read_member(node, "code", entry.code));
    TRY(read_member(node, "files", entry.amount.files));
    TRY(read_member(node, "bytes", entry.amount.bytes));
    TRY(read_member(node, "fingerprint", entry.fingerprint));
    TRY(read_member(node, "remove_nested_link", entry.remove_nested_link));
    TRY(read_member(node, "clear_leftover", entry.clear_leftover));
    TRY(read_member(node, "ownership", entry.ownership));
    TRY(read_member(node, "owners_differ", entry.owners_differ));
    TRY(read_member(node, "stale", entry.stale));
    return read_optional(node, "set_aside", entry.set_aside);
}

static Result<> read(const JsonNode& node, PlanOptions& options)
{
    TRY(expect_members(node, {"only", "adopt_mounts", "allow_unmounted", "allow_memory", "in_place", "no_link"}));
    TRY(read_member(node, "only", options.only));
    TRY(read_member(node, "adopt_mounts", options.adopt_mounts));
    TRY(read_member(node, "allow_unmounted", options.allow_unmounted));
    TRY(read_optional(node, "allow_memory", options.allow_memory));
    TRY(read_member(node, "in_place", options.in_place));
    return read_optional(node, "no_link", options.no_link);
}

static Result<> read(const JsonNode& node, Plan& plan)
{
    TRY(expect_schema(node, "plan", plan_schema));
    TRY(expect_members(node, {"schema", "tool_version", "layout_name", "layout_version", "state_dir", "options",
                              "entries", "findings", "renumber", "record", "sweep", "blocked", "nothing_to_do"}));
    TRY(read_member(node, "tool_version", plan.tool_version));
    TRY(read_member(node, "layout_name", plan.layout_name));
    TRY(read_member(node, "layout_version", plan.layout_version));
    TRY(read_member(node, "state_dir", plan.state_dir));
    TRY(read_member(node, "options", plan.options));
    TRY(read_member(node, "entries", plan.entries));
    TRY(read_member(node, "findings", plan.findings));
    TRY(read_member(node, "renumber", plan.renumber));
    TRY(read_member(node, "record", plan.record));
    TRY(read_member(node, "sweep", plan.sweep));
    TRY(read_member(node, "blocked", plan.blocked));
    return read_member(node, "nothing_to_do", plan.nothing_to_do);
}

static OrderedJson options_json(const PlanOptions& options)
{
    return {{"only", array_of(options.only, [](const std::string& name) { return printable(name); })},
            {"adopt_mounts", options.adopt_mounts},
            {"allow_unmounted", options.allow_unmounted},
            {"allow_memory", options.allow_memory},
            {"in_place", options.in_place},
            {"no_link", options.no_link}};
}

static OrderedJson set_aside_json(const AsideTotals& totals)
{
    return {{"names", totals.names},       {"bytes", totals.bytes},
            {"whole", totals.whole},       {"examples", array_of(totals.examples, printable)},
            {"repeated", totals.repeated}, {"repeats", array_of(totals.repeats, printable)}};
}

static OrderedJson entry_json(const PlanEntry& entry)
{
    return {{"name", printable(entry.name)},
            {"origin", printable(entry.origin)},
            {"destination", printable(entry.destination)},
            {"decision", name_of(entry.decision)},
            {"reason", printable(entry.reason)},
            {"code", printable(entry.code)},
            {"files", entry.amount.files},
            {"bytes", entry.amount.bytes},
            {"fingerprint", printable(entry.fingerprint)},
            {"remove_nested_link", entry.remove_nested_link},
            {"clear_leftover", entry.clear_leftover},
            {"ownership", entry.ownership},
            {"owners_differ", entry.owners_differ},
            {"stale", entry.stale},
            {"set_aside", set_aside_json(entry.set_aside)}};
}

Result<Plan> parse_plan(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    const auto json = TRY(parse_json(source, largest_plan));
    Plan plan;
    TRY(read({&source, &json}, plan));
    return plan;
}

std::string to_json_text(const Plan& plan)
{
    const OrderedJson json = {
        {"schema", plan_schema},
        {"tool_version", printable(plan.tool_version)},
        {"layout_name", printable(plan.layout_name)},
        {"layout_version", plan.layout_version},
        {"state_dir", printable(plan.state_dir)},
        {"options", options_json(plan.options)},
        {"entries", array_of(plan.entries, entry_json)},
        {"findings", array_of(plan.findings, [](const Finding& finding) { return to_json(finding); })},
        {"renumber", plan.renumber},
        {"record", plan.record},
        {"sweep", plan.sweep},
        {"blocked", plan.blocked},
        {"nothing_to_do", plan.nothing_to_do}};
    return json.dump(2) + '\n';
}

}  // namespace mailstate

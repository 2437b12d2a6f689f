// SPDX-License-Identifier: MIT
// What `plan --out` writes and `apply --plan` reads.
#include "mailstate/model/plan.hpp"
#include "model/json_members.hpp"
#include "model/json_records.hpp"

namespace mailstate {

static constexpr int plan_schema = 1;
static constexpr std::size_t largest_plan = 16 * mebibyte;

// apply makes and reads these files: none of them rolls back.
static Result<> read(const JsonNode& node, Decision& decision)
{
    std::vector<Decision> decisions;
    for (const DecisionRow& row : decision_rows)
        if (row.decision != Decision::roll_back) decisions.push_back(row.decision);
    return read_name(node, decisions, decision);
}

static void fields(auto& v, Noun<AsideTotals> auto& totals)
{
    v.required("names", totals.names);
    v.required("bytes", totals.bytes);
    v.required("whole", totals.whole);
    v.required("examples", totals.examples);
    v.required("repeated", totals.repeated);
    v.required("repeats", totals.repeats);
}

static void fields(auto& v, Noun<PlanEntry> auto& entry)
{
    v.required("name", entry.name);
    v.required("origin", entry.origin);
    v.required("destination", entry.destination);
    v.required("decision", entry.decision);
    v.required("reason", entry.reason);
    v.required("code", entry.code);
    v.required("files", entry.amount.files);
    v.required("bytes", entry.amount.bytes);
    v.required("fingerprint", entry.fingerprint);
    v.required("remove_nested_link", entry.remove_nested_link);
    v.required("clear_leftover", entry.clear_leftover);
    v.required("ownership", entry.ownership);
    v.required("owners_differ", entry.owners_differ);
    v.required("stale", entry.stale);
    v.later("set_aside", entry.set_aside);
}

static void fields(auto& v, Noun<PlanOptions> auto& options)
{
    v.required("only", options.only);
    v.required("adopt_mounts", options.adopt_mounts);
    v.required("allow_unmounted", options.allow_unmounted);
    v.later("allow_memory", options.allow_memory);
    v.required("in_place", options.in_place);
    v.later("no_link", options.no_link);
    v.later("from_root", options.from_root);
}

static void fields(auto& v, Noun<Plan> auto& plan)
{
    v.schema(plan_schema);
    v.required("tool_version", plan.tool_version);
    v.required("layout_name", plan.layout_name);
    v.required("layout_version", plan.layout_version);
    v.required("state_dir", plan.state_dir);
    v.required("options", plan.options);
    v.required("entries", plan.entries);
    v.required("findings", plan.findings);
    v.required("renumber", plan.renumber);
    v.required("record", plan.record);
    v.required("sweep", plan.sweep);
    v.required("blocked", plan.blocked);
    v.required("nothing_to_do", plan.nothing_to_do);
}

Result<Plan> parse_plan(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    const auto json = TRY(parse_json(source, largest_plan));
    const JsonNode root{&source, &json};
    TRY(expect_schema(root, "plan", plan_schema));
    Plan plan;
    TRY(read(root, plan));
    return plan;
}

std::string to_json_text(const Plan& plan)
{
    return to_json(plan).dump(2) + '\n';
}

}  // namespace mailstate

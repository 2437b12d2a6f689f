// SPDX-License-Identifier: MIT
// make_plan: the decision table. Pure: a survey and a layout in, a plan out.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "mailstate/model/plan.hpp"
#include "model/decide.hpp"
#include "model/planning.hpp"

namespace mailstate {

bool is_selected(const PlanOptions& options, const std::string& name)
{
    return options.only.empty() || std::find(options.only.begin(), options.only.end(), name) != options.only.end();
}

PlanEntry describe_entry(const Layout& layout, const Entry& entry)
{
    PlanEntry planned;
    planned.name = entry.name;
    planned.origin = entry.origin;
    planned.destination = destination_path(layout, entry);
    return planned;
}

Plan empty_plan(const Survey& survey, const Layout& layout, const PlanOptions& options)
{
    Plan plan;
    plan.layout_name = layout.name;
    plan.layout_version = layout.version;
    plan.state_dir = layout.state_dir;
    plan.options = options;
    plan.findings = survey.findings;
    return plan;
}

bool was_rolled_back_here(const Survey& survey, const Entry& entry, const EntrySurvey& seen)
{
    if (!survey.ledger || seen.rollback_record.empty()) return false;
    const auto found = survey.ledger->entries.find(entry.name);
    if (found == survey.ledger->entries.end() || found->second.rollback != seen.rollback_record) return false;
    return found->second.phase == Phase::rolled_back || found->second.phase == Phase::published;
}

namespace {

// Everything that was seen of an entry, as text: apply --plan refuses where it is another one.
std::string fingerprint_of(const EntrySurvey& seen)
{
    std::string text = std::to_string(static_cast<int>(seen.origin)) + "." +
                       std::to_string(static_cast<int>(seen.destination)) + "." + seen.link_text;
    for (const MountSeen& mount : seen.mounts) text += "|" + mount.mount_point + "=" + mount.source + mount.subtree;
    if (seen.size) text += "|" + seen.size->fingerprint;
    return text;
}

void take(Choice choice, PlanEntry& planned)
{
    planned.decision = choice.decision;
    planned.reason = std::move(choice.reason);
    planned.code = std::move(choice.code);
    planned.ownership = choice.ownership;
    planned.amount = choice.amount;
    planned.exchange = choice.exchange;
    planned.as_user = choice.as_user;
    planned.lacking = choice.lacking;
    planned.put_back = choice.put_back;
    planned.clear_leftover = choice.clear_leftover;
    planned.remove_nested_link = choice.remove_nested_link;
}

PlanEntry plan_entry(const Survey& survey, const Layout& layout, const PlanOptions& options, const Entry& entry,
                     std::vector<Finding>& findings)
{
    PlanEntry planned = describe_entry(layout, entry);
    const GateResult& gate = survey.gates.at(entry.name);
    findings.insert(findings.end(), gate.findings.begin(), gate.findings.end());
    if (!gate.open) {
        planned.decision = Decision::disabled;
        planned.reason = gate.reason;
        return planned;
    }
    Choice choice = decide(entry_facts(survey, layout, options, entry));
    findings.insert(findings.end(), choice.findings.begin(), choice.findings.end());
    take(std::move(choice), planned);
    const EntrySurvey& seen = survey.entries.at(entry.name);
    planned.fingerprint = fingerprint_of(seen);
    planned.owners_differ = planned.ownership ? seen.owners_differ : 0;
    planned.stale = planned.ownership ? seen.stale : 0;
    return planned;
}

// The ledger does not know yet that the origin is a link, or that the destination exists: the run that created it
// was interrupted, or was not ours.
bool is_unrecorded(const Survey& survey, const PlanEntry& entry)
{
    if (entry.as_user) return false;
    const auto found = survey.ledger->entries.find(entry.name);
    // Nothing is mounted at the origin now: the adoption is over.
    if (entry.decision == Decision::keep_unlinked || entry.decision == Decision::set_aside)
        return found == survey.ledger->entries.end() || found->second.phase == Phase::adopted;
    if (entry.decision != Decision::in_place) return false;
    return found == survey.ledger->entries.end() || found->second.phase != Phase::linked;
}

// A destination that is a mount of its own has capabilities of its own.
bool is_mount_untested(const Survey& survey, const PlanEntry& entry)
{
    const auto seen = survey.entries.find(entry.name);
    if (seen == survey.entries.end() || !seen->second.destination_mount || entry.decision == Decision::leave_alone)
        return false;
    const auto tested = survey.ledger->mounts.find(entry.name);
    return tested == survey.ledger->mounts.end() ||
           tested->second.volume != volume_identity(seen->second.destination_filesystem, survey.process);
}

bool needs_record(const Survey& survey, const Layout& layout, const Plan& plan)
{
    if (!survey.ledger) return true;
    const auto is_new = [&](const PlanEntry& entry) { return is_unrecorded(survey, entry); };
    if (std::any_of(plan.entries.begin(), plan.entries.end(), is_new)) return true;
    if (survey.ledger->volume != volume_identity(survey.volume.filesystem, survey.process)) return true;
    const auto is_untested = [&](const PlanEntry& entry) { return is_mount_untested(survey, entry); };
    if (std::any_of(plan.entries.begin(), plan.entries.end(), is_untested)) return true;
    return survey.ledger->identities != remembered(survey.ledger->identities, survey.identities) ||
           survey.ledger->layout_name != layout.name || survey.ledger->layout_version != layout.version;
}

// What is copied anew leads elsewhere from its new place; what stays at home does not.
void report_leaving_links(const Survey& survey, Plan& plan)
{
    for (const PlanEntry& planned : plan.entries) {
        const bool is_new = planned.decision == Decision::move || planned.decision == Decision::prepare ||
                            planned.decision == Decision::adopt;
        const auto seen = survey.entries.find(planned.name);
        if (!is_new || seen == survey.entries.end() || !seen->second.size || seen->second.size->leaving == 0) continue;
        const TreeSize& size = *seen->second.size;
        plan.findings.push_back(make_finding("entry.relative-links", planned.name,
                                             human_count(size.leaving, "relative link leads", "relative links lead") +
                                                 " out of the entry, and elsewhere from " +
                                                 printable(planned.destination) + ": " + size.leaves +
                                                 (size.leaving > 1 ? ", and others" : ""),
                                             printable(planned.origin)));
    }
}

}  // namespace

Plan make_plan(const Survey& survey, const Layout& layout, const PlanOptions& options)
{
    Plan plan = empty_plan(survey, layout, options);
    for (const Entry& entry : layout.entries)
        if (is_selected(options, entry.name))
            plan.entries.push_back(plan_entry(survey, layout, options, entry, plan.findings));

    apply_process_rules(survey, layout, plan);
    apply_volume_rules(survey, layout, options, plan);
    if (plan.blocked || plan.nothing_to_do) return plan;
    apply_start_script_rule(survey, layout, options, plan);
    if (plan.blocked) return plan;
    apply_lasting_rules(survey, options, plan);
    apply_causes(survey, layout, plan);
    reserve_space(layout, survey, plan);
    report_leaving_links(survey, plan);

    if (survey.volume.filesystem.read_only || (!survey.volume.mounted && !options.allow_unmounted)) return plan;
    const bool uses_volume = std::any_of(plan.entries.begin(), plan.entries.end(), [](const PlanEntry& entry) {
        return !entry.as_user && is_on_volume(entry.decision);
    });
    const bool may_write = !lacks(survey.volume.capabilities, Ability::create);
    plan.record = may_write && uses_volume && needs_record(survey, layout, plan);
    plan.renumber =
        may_write && survey.ledger &&
        (survey.ledger->translation.has_value() || !renumbered(survey.ledger->identities, survey.identities).empty());
    const auto cut_off = [](const auto& entry) { return entry.second.phase == Phase::publishing; };
    plan.sweep =
        may_write &&
        (!survey.volume.staging_leftovers.empty() ||
         (survey.ledger && std::any_of(survey.ledger->entries.begin(), survey.ledger->entries.end(), cut_off)));
    return plan;
}

bool is_copied(const PlanEntry& entry)
{
    return is_copied(entry.decision) && !entry.exchange;
}

bool changes_something(const PlanEntry& entry)
{
    return changes_something(entry.decision) || entry.remove_nested_link || entry.clear_leftover || entry.put_back;
}

bool has_changes(const Plan& plan)
{
    if (plan.blocked || plan.nothing_to_do) return false;
    if (plan.renumber || plan.record || plan.sweep) return true;
    return std::any_of(plan.entries.begin(), plan.entries.end(), [](const PlanEntry& entry) {
        return changes_something(entry) || entry.owners_differ > 0 || entry.stale > 0;
    });
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that is a mount point, or has mounts inside:
//
//   the mount …                                          the choice
//   was adopted, and the copy is current                 leave alone
//   was adopted, and has changed since                   refresh
//   was adopted, and has lost most of its content        leave alone; with --adopt-mounts: refresh
//   was adopted, and is another now                      leave alone; with --adopt-mounts and no copy: adopt
//   was adopted, and the copy was changed or is gone     leave alone; with --adopt-mounts and no copy: adopt
//   was not adopted                                      leave alone; with --adopt-mounts: adopt
//
// A destination that is a mount of its own takes no copy. Owners are set only where the layout or --in-place says so.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/adoption.hpp"
#include "model/decide_rows.hpp"
#include "model/mount_hint.hpp"

namespace mailstate {

namespace {

Choice choose_copy(Decision decision, const EntryFacts& facts)
{
    const std::string what = decision == Decision::refresh ? "; its data has changed since it was copied"
                                                           : "; its data is copied and the mount stays";
    Choice choice = choose(decision, describe_mounts(facts.seen) + what);
    choice.amount = amount_at_origin(facts);
    choice.findings.push_back(fresh_copy(facts.seen, facts.entry.name, facts.options.command_follows));
    return choice;
}

Choice choose_adopted(const EntryFacts& facts)
{
    const AdoptedMount mount = look_at_adopted(*facts.record, facts.seen);
    const bool lost = mount == AdoptedMount::empty || mount == AdoptedMount::shrunk;
    if (mount == AdoptedMount::current) return leave_alone(current_copy(facts.seen, facts.entry.name));
    if (mount == AdoptedMount::newer || (facts.options.adopt_mounts && lost))
        return choose_copy(Decision::refresh, facts);
    // The copy was moved away, as the hint says: nothing is left to be replaced.
    if (facts.options.adopt_mounts && facts.seen.destination != DestinationState::populated)
        return choose_copy(Decision::adopt, facts);
    return leave_alone(refused_refresh(mount, *facts.record, facts.seen, facts.entry.name, facts.destination));
}

Finding mounted_origin(const EntryFacts& facts)
{
    const std::string& name = facts.entry.name;
    const std::string mounts = describe_mounts(facts.seen);
    if (facts.entry.in_place) return make_finding("origin.in-place", name, mounts + ": it is kept there");
    if (facts.seen.origin == OriginState::mount_point)
        return make_finding("origin.mounted", name, mounts, mount_hint(facts.seen));
    return make_finding("origin.mounts-below", name, mounts, mount_hint(facts.seen));
}

}  // namespace

Choice choose_mounted(const EntryFacts& facts)
{
    if (facts.phase == Phase::adopted && !facts.seen.destination_mount) return choose_adopted(facts);
    if (facts.options.adopt_mounts && !facts.seen.destination_mount && facts.seen.size)
        return choose_copy(Decision::adopt, facts);
    Choice choice = leave_alone(mounted_origin(facts));
    choice.ownership = facts.entry.in_place || facts.options.in_place;
    return choice;
}

}  // namespace mailstate

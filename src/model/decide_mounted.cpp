// SPDX-License-Identifier: MIT
#include "model/decide_mounted.hpp"

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/adoption.hpp"
#include "model/mount_hint.hpp"

namespace mailstate {

namespace {

Choice copy(Decision decision, const PlanOptions& options, const Entry& entry, const EntrySurvey& seen)
{
    const std::string what = decision == Decision::refresh ? "; its data has changed since it was copied"
                                                           : "; its data is copied and the mount stays";
    return {decision, false, describe_mounts(seen) + what, fresh_copy(seen, entry.name, options.command_follows)};
}

Choice decide_adopted(const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
                      const LedgerEntry& record, const std::string& destination)
{
    const AdoptedMount mount = look_at_adopted(record, seen);
    const bool lost = mount == AdoptedMount::empty || mount == AdoptedMount::shrunk;
    if (mount == AdoptedMount::current) return leave_alone(current_copy(seen, entry.name));
    if (mount == AdoptedMount::newer || (options.adopt_mounts && lost))
        return copy(Decision::refresh, options, entry, seen);
    // The copy was moved away, as the hint says: there is nothing left to be replaced.
    if (options.adopt_mounts && seen.destination != DestinationState::populated)
        return copy(Decision::adopt, options, entry, seen);
    return leave_alone(refused_refresh(mount, record, seen, entry.name, destination));
}

}  // namespace

Choice decide_mounted(const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
                      const LedgerEntry* record, const std::string& destination)
{
    if (record != nullptr && record->phase == Phase::adopted && !seen.destination_mount)
        return decide_adopted(options, entry, seen, *record, destination);
    if (options.adopt_mounts && !seen.destination_mount && seen.size)
        return copy(Decision::adopt, options, entry, seen);
    const bool at_origin = seen.origin == OriginState::mount_point;
    Choice choice =
        entry.in_place
            ? leave_alone(make_finding("origin.in-place", entry.name, describe_mounts(seen) + ": it is kept there"))
        : at_origin
            ? leave_alone(make_finding("origin.mounted", entry.name, describe_mounts(seen), mount_hint(seen)))
            : leave_alone(make_finding("origin.mounts-below", entry.name, describe_mounts(seen), mount_hint(seen)));
    choice.ownership = entry.in_place || options.in_place;
    return choice;
}

Finding link_elsewhere(const Entry& entry, const EntrySurvey& seen, const std::string& origin)
{
    const std::string parent = origin.substr(0, origin.rfind('/') + 1);
    const std::string relative = seen.link_text.starts_with("./") ? seen.link_text.substr(2) : seen.link_text;
    if (seen.link_text == origin || parent + relative == origin)
        return make_finding("origin.link-loop", entry.name, "the origin is a link to itself", printable(origin));
    const std::string data = printable(seen.link_text.starts_with('/') ? seen.link_text : parent + seen.link_text);
    const std::string link = printable(origin);
    return make_finding("origin.link-elsewhere", entry.name, "the origin is a link to " + printable(seen.link_text),
                        data, "rm " + link + " && mv " + data + " " + link);
}

Finding nesting_refused(const Entry& entry, const EntrySurvey& seen, const std::string& destination)
{
    if (seen.origin == OriginState::holds_volume)
        return make_finding("origin.holds-volume", entry.name, seen.problem + ": the copy would be copied, too",
                            printable(entry.origin));
    return make_finding("origin.in-volume", entry.name, seen.problem + ", and is not this entry's destination",
                        printable(destination));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/rehearsal_entries.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/entry_places.hpp"
#include "engine/measure.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// A read-only root: what an apply does there is what it does with --no-link.
bool are_links_impossible(const Plan& plan)
{
    return std::ranges::any_of(plan.entries,
                               [](const PlanEntry& planned) { return planned.decision == Decision::prepare; });
}

bool is_unlinked(Decision decision)
{
    return decision == Decision::prepare || decision == Decision::keep_unlinked || decision == Decision::in_place;
}

// Why an entry that the real run would work at is not in the clone; empty: it is. What the real run leaves alone is not
// in there either, and nothing is said: it would be the same.
std::string why_not(const PlanEntry& planned, const EntrySurvey& seen, bool without_links)
{
    if (planned.decision == Decision::adopt || planned.decision == Decision::refresh)
        return "it is copied from a mount, and a clone has none";
    if (planned.decision == Decision::leave_alone)
        return planned.ownership ? "owners at a mount are set in place, and a clone has no mount" : "";
    if (seen.origin == OriginState::same_as_destination)
        return "its origin is a bind mount of the destination, and a clone has none";
    if (seen.destination_mount) return "its destination is a separate mount, and a clone has none";
    if (planned.as_user) return "it is accessed as its owner, because root has no access";
    if (without_links && !is_unlinked(planned.decision))
        return "it can be linked, while the origins of other entries are on a read-only filesystem";
    return "";
}

bool is_worked_at(Decision decision)
{
    return decision != Decision::leave_alone && decision != Decision::disabled && decision != Decision::adopt &&
           decision != Decision::refresh;
}

Result<TreeSize> size_at(const World& world, const Entry& entry, const Name& spot, const Sample& sample)
{
    if (entry.kind == Kind::regular) return measure_file(TRY(world.reader.attributes(spot)));
    const auto is_taken = [&](const Place& place) { return sample.takes(place.relative()); };
    return measure_tree(world, TRY(world.reader.open_directory(spot, Cross::no)),
                        {Cross::no, sample.is_whole() ? Counts() : Counts(is_taken)});
}

Result<TreeSize> size_of_destination(const World& world, const Entry& entry, const EntrySurvey& seen,
                                     const Sample& sample)
{
    const bool there = seen.destination == DestinationState::empty || seen.destination == DestinationState::populated;
    if (!there) return TreeSize{};
    return size_at(world, entry, TRY(find_destination(world, entry)), sample);
}

// One large file may be most of a tree: what a sample takes is measured, and not a part of the whole.
Result<> measure(const World& world, const EntrySurvey& seen, const std::optional<std::uint64_t>& sample,
                 CloneEntry& entry)
{
    entry.destination = TRY(size_of_destination(world, *entry.entry, seen, {}));
    entry.sample = Sample(sample, std::max(entry.origin.files, entry.destination.files));
    entry.origin_part = entry.origin;
    entry.destination_part = entry.destination;
    if (entry.sample.is_whole()) return {};
    entry.destination_part = TRY(size_of_destination(world, *entry.entry, seen, entry.sample));
    if (seen.size)
        entry.origin_part = TRY(size_at(world, *entry.entry, TRY(find_origin(world, *entry.entry)), entry.sample));
    return {};
}

Load load_of(const TreeSize& size)
{
    return {size.files + size.directories, size.data};
}

Load sum(const Load& a, const Load& b)
{
    return {a.names + b.names, a.bytes + b.bytes};
}

}  // namespace

Result<Candidates> find_candidates(const World& world, const Survey& survey, const Plan& plan,
                                   const RehearsalOptions& options)
{
    Candidates found;
    if (plan.blocked || plan.nothing_to_do) return found;
    const bool without_links = are_links_impossible(plan);
    found.options = options.apply.plan;
    found.options.allow_unmounted = found.options.allow_memory = true;
    found.options.adopt_mounts = false;
    found.options.no_link = found.options.no_link || without_links;
    found.options.only.clear();
    for (std::size_t i = 0; i < plan.entries.size(); ++i) {
        const PlanEntry& planned = plan.entries[i];
        if (planned.decision == Decision::disabled) continue;
        const EntrySurvey& seen = survey.entries.at(planned.name);
        const std::string reason = why_not(planned, seen, without_links && !options.apply.plan.no_link);
        if (!reason.empty()) found.left_out.push_back(printable(planned.name) + ": " + reason);
        if (!reason.empty() || !is_worked_at(planned.decision)) continue;
        CloneEntry entry;
        entry.index = i;
        entry.entry = &entry_named(world.layout, planned.name);
        entry.origin = seen.size.value_or(TreeSize{});
        Result<> measured = measure(world, seen, options.sample, entry);
        if (!measured && measured.error().number == ECANCELED) return std::move(measured).failure();
        if (!measured) {
            found.left_out.push_back(printable(planned.name) + ": " + describe(measured.error()));
            continue;
        }
        found.entries.push_back(std::move(entry));
    }
    return found;
}

Room room_for(const std::vector<CloneEntry>& entries)
{
    Room room;
    for (const CloneEntry& entry : entries) {
        for (const TreeSize& size : {entry.origin_part, entry.destination_part}) {
            room.bytes += 2 * size.bytes;
            room.inodes += 2 * (size.files + size.directories);
        }
    }
    return room;
}

Load whole_of(const CloneEntry& entry)
{
    return sum(load_of(entry.origin), load_of(entry.destination));
}

Load part_of(const CloneEntry& entry)
{
    return sum(entry.cloned.origin, entry.cloned.destination);
}

}  // namespace mailstate

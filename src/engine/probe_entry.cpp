// SPDX-License-Identifier: MIT
#include "engine/probe_entry.hpp"

#include <cerrno>

#include "engine/foreign_copy.hpp"
#include "engine/link_loop.hpp"
#include "engine/look.hpp"
#include "engine/measure.hpp"
#include "engine/split_path.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

// What a run before this one has found out counts as long as it has not come of it.
bool is_worth_likening(const Look& look, const EntrySurvey& seen)
{
    const bool present = seen.origin == OriginState::directory || seen.origin == OriginState::file;
    const bool found_before = look.survey.ledger && look.survey.ledger->interrupted.contains(look.entry.name);
    return present && seen.destination == DestinationState::populated && is_selected(look.options, look.entry.name) &&
           !seen.own_record && (look.survey.volume.untouched || found_before);
}

// The origin or the copy changes, or goes, while it is looked at.
bool is_somebody_at_work(const Error& error)
{
    return error.number == ENOENT || error.number == EBUSY;
}

// A copy that was interrupted, and then used once, or a directory made by hand: the origin is by far the larger.
bool holds_little(const ForeignCopy& copy, const std::optional<TreeSize>& origin)
{
    return origin && copy.likeness == Likeness::different && 2 * copy.destination.data < origin->data;
}

// Nothing is decided by a look that could not be had: the next start would find a workspace, and not look again.
void leave_unread(EntrySurvey& seen, const Error& why)
{
    seen.destination = DestinationState::unreadable;
    seen.problem = describe(why);
    seen.problem_number = why.number;
}

Result<> probe_foreign_copy(const Look& look, EntrySurvey& seen)
{
    const SplitPath from = split_path(look.entry.origin), to = split_path(look.entry.destination);
    const DirectoryRef at = TRY(open_below(look.reader, look.around.volume, to.parent));
    Result<ForeignCopy> copy = compare_foreign_copy(look.world, look.entry.kind,
                                                    {TRY(look.reader.open(from.parent)), from.name}, {at, to.name});
    if (!copy && copy.error().number == ECANCELED) return fail(copy.error());
    if (copy) seen.foreign_copy = std::move(*copy);
    const bool is_directory = look.entry.kind == Kind::directory;
    if (copy && is_directory && holds_little(*seen.foreign_copy, seen.size))
        seen.foreign_copy->likeness = Likeness::smaller;
    if (!copy && !is_somebody_at_work(copy.error())) leave_unread(seen, copy.error());
    return {};
}

Result<TreeSize> measure_destination(const Look& look)
{
    const SplitPath to = split_path(look.entry.destination);
    const DirectoryRef at = TRY(open_below(look.reader, look.around.volume, to.parent));
    if (look.entry.kind == Kind::regular) return measure_file(TRY(look.reader.attributes({at, to.name})));
    MeasureOptions how;
    how.storage = StorageNames::stay;
    return measure_tree(look.world, TRY(look.reader.open_directory({at, to.name}, Cross::yes)), how);
}

// A mount cannot be set aside: only what was not used since can be linked again.
Result<> probe_rolled_back(const Look& look, EntrySurvey& seen)
{
    if (!seen.size || !seen.destination_mount || seen.destination != DestinationState::populated ||
        !is_selected(look.options, look.entry.name) || !was_rolled_back_here(look.survey, look.entry, seen))
        return {};
    const Result<TreeSize> there = measure_destination(look);
    if (!there && there.error().number == ECANCELED) return fail(there.error());
    seen.as_rolled_back = there && there->fingerprint == seen.size->fingerprint;
    return {};
}

bool is_known(const Look& look, const EntrySurvey& seen)
{
    return seen.own_record || (look.survey.ledger && look.survey.ledger->entries.contains(look.entry.name));
}

// In what mailstate has moved there, links are as the service has made them.
Result<> probe_link_loop(const Look& look, EntrySurvey& seen)
{
    if (seen.origin != OriginState::directory || seen.destination != DestinationState::populated ||
        !is_selected(look.options, look.entry.name) || seen.only_as_user || is_known(look, seen))
        return {};
    const SplitPath from = split_path(look.entry.origin), to = split_path(look.entry.destination);
    const DirectoryRef origin =
        TRY(look.reader.open_directory({TRY(look.reader.open(from.parent)), from.name}, Cross::no));
    const DirectoryRef at = TRY(open_below(look.reader, look.around.volume, to.parent));
    const DirectoryRef destination = TRY(look.reader.open_directory({at, to.name}, Cross::yes));
    seen.link_loop = TRY(find_link_loop(look.world, look.entry, origin, destination));
    return {};
}

}  // namespace

Result<bool> has_nested_link(const Look& look, const DirectoryRef& directory)
{
    const Result<std::string> text = look.reader.read_link({directory, split_path(look.entry.destination).name});
    const bool none = !text && (text.error().number == ENOENT || text.error().number == EINVAL);
    if (none) return false;
    return TRY(text) == destination_path(look.world.layout, look.entry);
}

Result<EntrySurvey> probe_entry(const World& world, const Survey& survey, const PlanOptions& options,
                                const Surroundings& surroundings, const Entry& entry,
                                const std::optional<TreeSize>& size)
{
    const Look look{world, world.reader, survey, options, surroundings, entry, size};
    EntrySurvey seen;
    FoundDestination there;
    if (surroundings.volume) there = probe_destination(look, seen);
    TRY(probe_origin(look, seen, there));
    if (is_worth_likening(look, seen)) TRY(probe_foreign_copy(look, seen));
    TRY(probe_rolled_back(look, seen));
    const Result<> looked = probe_link_loop(look, seen);
    if (!looked && looked.error().number == ECANCELED) return fail(looked.error());
    if (!looked && !is_somebody_at_work(looked.error())) leave_unread(seen, looked.error());
    return seen;
}

}  // namespace mailstate

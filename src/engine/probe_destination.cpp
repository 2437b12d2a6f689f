// SPDX-License-Identifier: MIT
#include <cerrno>

#include "engine/entry_places.hpp"
#include "engine/ledger_store.hpp"
#include "engine/look.hpp"
#include "engine/split_path.hpp"
#include "engine/workspace_names.hpp"

namespace mailstate {

namespace {

// Where root is shut out (root squash), its owner may still look.
Result<DirectoryRef> open_with_rights(const Look& look, EntrySurvey& seen, const Name& spot)
{
    Result<DirectoryRef> opened = look.reader.open_directory(spot, Cross::yes);
    if (opened || opened.error().number != EACCES || !seen.as_user) return opened;
    Result<DirectoryRef> as_user = open_destination(look.reader, spot, Cross::yes, seen.as_user);
    if (!as_user) return opened;
    seen.only_as_user = true;
    return as_user;
}

Result<> probe_filesystem(const Look& look, EntrySurvey& seen, const DirectoryRef& directory)
{
    seen.destination_filesystem = TRY(look.reader.filesystem(directory));
    if (!look.survey.ledger) return {};
    const auto tested = look.survey.ledger->mounts.find(look.entry.name);
    if (tested == look.survey.ledger->mounts.end()) return {};
    const std::string identity = volume_identity(seen.destination_filesystem, look.survey.process);
    if (tested->second.volume == identity) seen.capabilities = tested->second.results;
    return {};
}

// A workspace inside, of a run that worked here as the user. What cannot be read is none: it is said when it is
// due.
void probe_own_record(const Look& look, EntrySurvey& seen, const Name& spot)
{
    const Result<DirectoryRef> as_root = look.reader.open_directory(spot, Cross::yes);
    const Result<DirectoryRef> looked =
        as_root ? look.reader.open_directory({*as_root, workspace_name}, Cross::no) : Result<DirectoryRef>(as_root);
    if (!looked && looked.error().number == EACCES) seen.only_as_user = true;
    const Result<DirectoryRef> inside = open_destination(look.reader, spot, Cross::yes, seen.as_user);
    if (!inside) return;
    const Result<DirectoryRef> workspace = look.reader.open_directory({*inside, workspace_name}, Cross::no);
    if (!workspace) return;
    const Result<std::optional<Ledger>> ledger = read_ledger(look.reader, *workspace);
    if (!ledger || !*ledger) return;
    const auto found = (*ledger)->entries.find(look.entry.name);
    if (found != (*ledger)->entries.end()) seen.own_record = found->second;
}

// Of a run that was interrupted, or that another machine is at.
Result<bool> is_being_published(const Look& look, const EntrySurvey& seen, const DirectoryRef& directory)
{
    const LedgerEntry* record = seen.own_record ? &*seen.own_record : nullptr;
    if (record == nullptr && look.survey.ledger) {
        const auto found = look.survey.ledger->entries.find(look.entry.name);
        if (found != look.survey.ledger->entries.end()) record = &found->second;
    }
    if (record == nullptr || record->phase != Phase::publishing || record->staging.empty()) return false;
    return TRY(find(look.reader, {directory, record->staging})).has_value();
}

// What an engine mounts in it is nobody's content either, nor is the nested link, which apply removes first.
Result<bool> counts_as_nothing(const Look& look, const EntrySurvey& seen, const Name& item)
{
    if (may_be_in_vacant(look.world.layout, item.name)) return true;
    if (seen.nested_link_in_destination && item.name == split_path(look.entry.destination).name) return true;
    const std::optional<Attributes> there = TRY(find(look.reader, item));
    return !there || there->mount_root;
}

Result<bool> is_vacant(const Look& look, const EntrySurvey& seen, const DirectoryRef& directory)
{
    std::vector<std::string> names;
    const std::unique_ptr<Listing> listing = TRY(look.reader.list(directory));
    do {
        TRY(listing->next(names));
        for (const std::string& name : names)
            if (!TRY(counts_as_nothing(look, seen, {directory, name}))) return false;
    } while (!names.empty());
    return true;
}

Result<> try_destination(const Look& look, EntrySurvey& seen, FoundDestination& there)
{
    const SplitPath path = split_path(look.entry.destination);
    const DirectoryRef at = TRY(open_below(look.reader, look.around.volume, path.parent));
    const std::optional<Attributes> found = TRY(find(look.reader, {at, path.name}));
    if (!found) return {};
    seen.destination_kind = name_of(found->kind);
    if (found->kind == Kind::symlink) {
        seen.unfinished_exchange =
            TRY(look.reader.read_link({at, path.name})) == destination_path(look.world.layout, look.entry);
        seen.destination = seen.unfinished_exchange ? DestinationState::absent : DestinationState::link;
        return {};
    }
    if (found->kind != look.entry.kind) {
        seen.destination = DestinationState::other;
        return {};
    }
    there.root = *found;
    // A subvolume of btrfs is no mount, but a filesystem of its own all the same: a rename into it is EXDEV.
    const bool other_device = found->device != TRY(look.reader.attributes(at)).device;
    seen.destination_mount = found->mount_root || (found->kind == Kind::directory && other_device);
    if (look.entry.kind == Kind::regular) {
        seen.destination = found->size == 0 ? DestinationState::empty : DestinationState::populated;
        return {};
    }
    if (single_owner(look.entry, look.survey.identities) && found->owner.uid != look.survey.process.uid &&
        found->owner.uid == single_owner(look.entry, look.survey.identities)->uid)
        seen.as_user = single_owner(look.entry, look.survey.identities);
    const DirectoryRef directory = TRY(open_with_rights(look, seen, {at, path.name}));
    // A kernel before 5.8 does not say that a name is a mount point.
    const std::uint64_t above = TRY(look.reader.attributes(at)).mount_id;
    seen.destination_mount = seen.destination_mount || TRY(look.reader.attributes(directory)).mount_id != above;
    if (seen.destination_mount) TRY(probe_filesystem(look, seen, directory));
    if (seen.destination_mount) there.at = TRY(whereabouts(look.reader, look.around.mounts, directory));
    if (seen.as_user) probe_own_record(look, seen, {at, path.name});
    seen.publishing = TRY(is_being_published(look, seen, directory));
    seen.nested_link_in_destination = TRY(has_nested_link(look, directory));
    seen.destination = TRY(is_vacant(look, seen, directory)) ? DestinationState::empty : DestinationState::populated;
    return {};
}

}  // namespace

FoundDestination probe_destination(const Look& look, EntrySurvey& seen)
{
    FoundDestination there;
    const Result<> done = try_destination(look, seen, there);
    if (done || done.error().number == ENOENT) return there;
    seen.destination = is_absent(done.error()) ? DestinationState::link : DestinationState::unreadable;
    seen.problem = describe(done.error());
    seen.problem_number = done.error().number;
    if (seen.destination == DestinationState::link) seen.destination_link = done.error().subject;
    return there;
}

}  // namespace mailstate

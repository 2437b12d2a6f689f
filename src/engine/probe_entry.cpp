// SPDX-License-Identifier: MIT
#include "engine/probe_entry.hpp"

#include <cerrno>

#include "engine/adopted_mount.hpp"
#include "engine/foreign_copy.hpp"
#include "engine/measure.hpp"
#include "engine/origin.hpp"
#include "engine/rolled_back.hpp"
#include "engine/spot.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

class EntryProbe {
public:
    EntryProbe(const World& world, const Survey& survey, const PlanOptions& options, const Surroundings& surroundings,
               const Entry& entry, const std::optional<TreeSize>& size)
        : world_(world),
          survey_(survey),
          options_(options),
          around_(surroundings),
          entry_(entry),
          size_(size),
          reader_(world.reader)
    {
    }

    Result<EntrySurvey> run()
    {
        if (around_.volume) probe_destination(around_.volume);
        TRY(probe_origin());
        if (is_worth_likening()) TRY(probe_foreign_copy(around_.volume));
        return seen_;
    }

private:
    void probe_destination(const DirectoryRef& volume)
    {
        const Result<> done = try_destination(volume);
        if (done) return;
        if (done.error().number == ENOENT) return;
        seen_.destination = done.error().number == ELOOP || done.error().number == ENOTDIR
                                ? DestinationState::link
                                : DestinationState::unreadable;
        seen_.problem = describe(done.error());
    }

    Result<> try_destination(const DirectoryRef& volume)
    {
        const SplitPath path = split_path(entry_.destination);
        const DirectoryRef at = TRY(open_below(reader_, volume, path.parent));
        const std::optional<Attributes> found = TRY(find(reader_, at, path.name));
        if (!found) return {};
        seen_.destination_kind = name_of(found->kind);
        if (found->kind == Kind::symlink) {
            seen_.unfinished_exchange =
                TRY(reader_.read_link(at, path.name)) == destination_path(world_.layout, entry_);
            seen_.destination = seen_.unfinished_exchange ? DestinationState::absent : DestinationState::link;
            return {};
        }
        if (found->kind != entry_.kind) {
            seen_.destination = DestinationState::other;
            return {};
        }
        destination_ = *found;
        // A subvolume of btrfs is no mount, but a filesystem of its own all the same: a rename into it is EXDEV.
        const bool other_device = found->device != TRY(reader_.attributes(at)).device;
        seen_.destination_mount = found->mount_root || (found->kind == Kind::directory && other_device);
        if (entry_.kind == Kind::regular) {
            seen_.destination = found->size == 0 ? DestinationState::empty : DestinationState::populated;
            return {};
        }
        if (single_owner(entry_, survey_.identities) && found->owner.uid != survey_.process.uid &&
            found->owner.uid == single_owner(entry_, survey_.identities)->uid)
            seen_.as_user = single_owner(entry_, survey_.identities);
        const DirectoryRef directory = TRY(open_directory({at, path.name}));
        // A kernel before 5.8 does not say that a name is a mount point.
        const std::uint64_t above = TRY(reader_.attributes(at)).mount_id;
        seen_.destination_mount = seen_.destination_mount || TRY(reader_.attributes(directory)).mount_id != above;
        if (seen_.destination_mount) TRY(probe_filesystem(directory));
        if (seen_.destination_mount) destination_at_ = TRY(whereabouts(reader_, around_.mounts, directory));
        if (seen_.as_user) probe_own_record({at, path.name});
        seen_.publishing = TRY(is_being_published(directory));
        seen_.destination = TRY(is_vacant(directory)) ? DestinationState::empty : DestinationState::populated;
        seen_.nested_link_in_destination = TRY(has_nested_link(directory));
        return {};
    }

    // Where root is shut out (root squash), its owner may still look.
    Result<DirectoryRef> open_directory(const Spot& spot)
    {
        Result<DirectoryRef> opened = reader_.open_directory(spot.at, spot.name, Cross::yes);
        if (opened || opened.error().number != EACCES || !seen_.as_user) return opened;
        Result<DirectoryRef> as_user = open_destination(reader_, spot, Cross::yes, seen_.as_user);
        if (!as_user) return opened;
        seen_.only_as_user = true;
        return as_user;
    }

    Result<> probe_filesystem(const DirectoryRef& directory)
    {
        seen_.destination_filesystem = TRY(reader_.filesystem(directory));
        if (!survey_.ledger) return {};
        const auto tested = survey_.ledger->mounts.find(entry_.name);
        if (tested == survey_.ledger->mounts.end()) return {};
        const std::string identity = volume_identity(seen_.destination_filesystem, survey_.process);
        if (tested->second.volume == identity) seen_.capabilities = tested->second.results;
        return {};
    }

    // A workspace inside, of a run that worked here as the user. What cannot be read is none: it is said when it is
    // due.
    void probe_own_record(const Spot& spot)
    {
        const Result<DirectoryRef> as_root = reader_.open_directory(spot.at, spot.name, Cross::yes);
        const Result<DirectoryRef> looked =
            as_root ? reader_.open_directory(*as_root, workspace_name, Cross::no) : Result<DirectoryRef>(as_root);
        if (!looked && looked.error().number == EACCES) seen_.only_as_user = true;
        const Result<DirectoryRef> inside = open_destination(reader_, spot, Cross::yes, seen_.as_user);
        if (!inside) return;
        const Result<DirectoryRef> workspace = reader_.open_directory(*inside, workspace_name, Cross::no);
        if (!workspace) return;
        const Result<std::optional<Ledger>> ledger = read_ledger(reader_, *workspace);
        if (!ledger || !*ledger) return;
        const auto found = (*ledger)->entries.find(entry_.name);
        if (found != (*ledger)->entries.end()) seen_.own_record = found->second;
    }

    // Of a run that was interrupted, or that another machine is at.
    Result<bool> is_being_published(const DirectoryRef& directory) const
    {
        const LedgerEntry* record = seen_.own_record ? &*seen_.own_record : nullptr;
        if (record == nullptr && survey_.ledger) {
            const auto found = survey_.ledger->entries.find(entry_.name);
            if (found != survey_.ledger->entries.end()) record = &found->second;
        }
        if (record == nullptr || record->phase != Phase::publishing || record->staging.empty()) return false;
        return TRY(find(reader_, directory, record->staging)).has_value();
    }

    // What an engine mounts in it is nobody's content either.
    Result<bool> counts_as_nothing(const DirectoryRef& directory, const std::string& name)
    {
        if (may_be_in_vacant(world_.layout, name)) return true;
        const std::optional<Attributes> seen = TRY(find(reader_, directory, name));
        return !seen || seen->mount_root;
    }

    Result<bool> is_vacant(const DirectoryRef& directory)
    {
        std::vector<std::string> names;
        const std::unique_ptr<Listing> listing = TRY(reader_.list(directory));
        do {
            TRY(listing->next(names));
            for (const std::string& name : names)
                if (!TRY(counts_as_nothing(directory, name))) return false;
        } while (!names.empty());
        return true;
    }

    Result<bool> has_nested_link(const DirectoryRef& directory)
    {
        const Result<std::string> text = reader_.read_link(directory, split_path(entry_.destination).name);
        const bool none = !text && (text.error().number == ENOENT || text.error().number == EINVAL);
        if (none) return false;
        return TRY(text) == destination_path(world_.layout, entry_);
    }

    Result<> probe_origin()
    {
        const SplitPath path = split_path(entry_.origin);
        const Result<DirectoryRef> parent = reader_.open(path.parent);
        if (!parent) {
            seen_.origin = parent.error().number == ENOENT ? OriginState::parent_missing : OriginState::unreadable;
            seen_.problem = describe(parent.error());
            return {};
        }
        Result<> done = try_origin(*parent, path.name);
        if (done || done.error().number == ECANCELED) return done;
        seen_.origin = OriginState::unreadable;
        seen_.problem = describe(done.error());
        return {};
    }

    Result<> try_origin(const DirectoryRef& parent, const std::string& name)
    {
        const std::optional<Attributes> left = TRY(find(reader_, parent, temporary_name(name)));
        seen_.leftover = left.has_value();
        TRY(probe_rollback(parent, rollback_name(name)));
        const std::optional<Attributes> found = TRY(find(reader_, parent, name));
        if (!found) {
            seen_.origin_read_only = TRY(reader_.filesystem(parent)).read_only;
            return {};
        }
        if (found->kind == Kind::symlink) return probe_link(parent, name);
        TRY(probe_mounts(parent, name, *found));
        if (destination_ && same_inode(*found, *destination_)) {
            seen_.origin = OriginState::same_as_destination;
            return {};
        }
        if (found->kind != entry_.kind) {
            seen_.origin = OriginState::other;
            seen_.other_kind = name_of(found->kind);
            return {};
        }
        if (TRY(probe_nesting(parent, name))) return {};
        if (!seen_.mounts.empty()) return probe_mounted(parent, name, *found);
        seen_.origin = found->kind == Kind::directory ? OriginState::directory : OriginState::file;
        return probe_present(parent, name, *found);
    }

    // What a run before this one has found out counts as long as it has not come of it.
    [[nodiscard]] bool is_worth_likening() const
    {
        const bool present = seen_.origin == OriginState::directory || seen_.origin == OriginState::file;
        const bool found_before = survey_.ledger && survey_.ledger->interrupted.contains(entry_.name);
        return present && seen_.destination == DestinationState::populated && is_selected(options_, entry_.name) &&
               !seen_.own_record && (survey_.volume.untouched || found_before);
    }

    Result<> probe_foreign_copy(const DirectoryRef& volume)
    {
        const SplitPath from = split_path(entry_.origin), to = split_path(entry_.destination);
        const DirectoryRef at = TRY(open_below(reader_, volume, to.parent));
        Result<ForeignCopy> copy =
            compare_foreign_copy(world_, entry_.kind, TRY(reader_.open(from.parent)), from.name, at, to.name);
        if (!copy && copy.error().number == ECANCELED) return fail(copy.error());
        if (copy) seen_.foreign_copy = std::move(*copy);
        if (!copy && !is_gone(copy.error())) leave_unread(copy.error());
        return {};
    }

    // Somebody works there.
    static bool is_gone(const Error& error) { return error.number == ENOENT || error.number == EBUSY; }

    // Nothing is decided by a look that could not be had: the next start would find a workspace, and not look again.
    void leave_unread(const Error& why)
    {
        seen_.destination = DestinationState::unreadable;
        seen_.problem = describe(why);
    }

    Result<> probe_rollback(const DirectoryRef& parent, const std::string& name)
    {
        seen_.rollback_leftover = TRY(find(reader_, parent, name)).has_value();
        if (!seen_.rollback_leftover) return {};
        const Result<DirectoryRef> beside = reader_.open_directory(parent, name, Cross::no);
        if (!beside && (beside.error().number == ENOTDIR || beside.error().number == ELOOP)) return {};  // not ours
        seen_.rollback_staged = TRY(find(reader_, TRY(beside), rollback_state)).has_value();
        // Without it the volume's copy would win over what was written since: only what is not there is no record.
        constexpr std::size_t record_limit = 4096;  // bytes; ours has 16
        const Result<std::string> record = reader_.read_file(*beside, rollback_record, record_limit);
        const int why = record ? 0 : record.error().number;
        if (why != ENOENT && why != EFBIG && why != EINVAL && why != ELOOP) seen_.rollback_record = TRY(record);
        return {};
    }

    Result<> probe_link(const DirectoryRef& parent, const std::string& name)
    {
        seen_.link_text = TRY(reader_.read_link(parent, name));
        const std::string wanted = destination_path(world_.layout, entry_);
        const bool home = normalised(seen_.link_text, split_path(entry_.origin).parent) == wanted;
        seen_.origin = home ? OriginState::link_home : OriginState::link_elsewhere;
        return {};
    }

    Result<> probe_mounts(const DirectoryRef& parent, const std::string& name, const Attributes& found)
    {
        const std::string path = (TRY(reader_.location(parent)) / name).string();
        std::vector<const Mount*> mounts = around_.mounts.below(path);
        if (const Mount* at = around_.mounts.at(path)) mounts.insert(mounts.begin(), at);
        for (const Mount* mount : mounts)
            seen_.mounts.push_back(
                {mount->mount_point, mount->fs_type, mount->source, mount->subtree, mount->read_only});
        // The kernel's own word for the origin itself, should the table be unreadable for us.
        if (mounts.empty() && found.mount_root) seen_.mounts.push_back({path, "unknown", "", ""});
        return {};
    }

    // The volume inside an origin, or the reverse: a copy of one into the other would not end, or not be what it says.
    Result<bool> probe_nesting(const DirectoryRef& parent, const std::string& name)
    {
        if (!around_.volume_at) return false;
        const std::string state_dir = "the state directory " + printable(world_.layout.state_dir);
        const bool is_file = entry_.kind == Kind::regular;
        const DirectoryRef directory = is_file ? parent : TRY(reader_.open_directory(parent, name, Cross::yes));
        const Whereabouts origin = TRY(whereabouts(reader_, around_.mounts, directory));
        if (!is_file && is_inside(*around_.volume_at, origin)) {
            seen_.problem = state_dir + " is inside the origin " + printable(entry_.origin);
        } else if (!is_file && destination_at_ && is_inside(*destination_at_, origin)) {
            seen_.problem = "the destination " + printable(destination_path(world_.layout, entry_)) +
                            " is inside the origin " + printable(entry_.origin);
        } else if (is_inside(origin, *around_.volume_at) || (destination_at_ && is_inside(origin, *destination_at_))) {
            seen_.origin = OriginState::in_volume;
            seen_.problem = "the origin " + printable(entry_.origin) + " is inside " + state_dir;
            return true;
        } else {
            return false;
        }
        seen_.origin = OriginState::holds_volume;
        return true;
    }

    Result<> probe_mounted(const DirectoryRef& parent, const std::string& name, const Attributes& found)
    {
        seen_.origin = seen_.mounts.front().mount_point == (TRY(reader_.location(parent)) / name).string()
                           ? OriginState::mount_point
                           : OriginState::mounts_below;
        if (found.kind == Kind::directory) {
            const DirectoryRef directory = TRY(reader_.open_directory(parent, name, Cross::yes));
            seen_.nested_link_in_origin = TRY(has_nested_link(directory));
        }
        const LedgerEntry* const adopted = adopted_record();
        if (adopted == nullptr && !options_.adopt_mounts) return {};  // what is left alone is not walked
        seen_.mount_identity = TRY(identity_of_mounts(reader_, parent, name, seen_));
        if (adopted != nullptr && seen_.destination == DestinationState::populated)
            seen_.copy_fingerprint = TRY(fingerprint_of_copy(world_, entry_, *adopted));
        return measure(parent, name, found, Cross::yes);
    }

    [[nodiscard]] const LedgerEntry* adopted_record() const
    {
        if (!survey_.ledger) return nullptr;
        const auto found = survey_.ledger->entries.find(entry_.name);
        return found != survey_.ledger->entries.end() && found->second.phase == Phase::adopted ? &found->second
                                                                                               : nullptr;
    }

    Result<> probe_present(const DirectoryRef& parent, const std::string& name, const Attributes& found)
    {
        if (!is_selected(options_, entry_.name)) return {};  // whatever it is, it stays
        const FilesystemFacts facts = TRY(reader_.filesystem(parent));
        seen_.origin_read_only = facts.read_only;
        for (const OpenFile& open : TRY(reader_.held_open(parent, name, Mapped::no))) {
            seen_.origin_in_use = true;
            seen_.in_use_by = printable(open.command) + " (process " + std::to_string(open.pid) + ")";
        }
        if (found.kind == Kind::directory) {
            const DirectoryRef directory = TRY(reader_.open_directory(parent, name, Cross::no));
            seen_.nested_link_in_origin = TRY(has_nested_link(directory));
        }
        TRY(measure(parent, name, found, Cross::no));
        seen_.exchangeable = TRY(is_exchangeable(parent, name, found, facts));
        const bool hides_names = facts.kind == FilesystemClass::network || facts.type.starts_with("fuse");
        if (seen_.origin_in_use || seen_.size->held.empty() || !hides_names) return {};
        seen_.origin_in_use = true;
        seen_.in_use_by = "a process that has " + printable(seen_.size->held) + " open, which was removed";
        return {};
    }

    // Renames work within one mount only, and within one subvolume or project.
    Result<bool> is_exchangeable(const DirectoryRef& parent, const std::string& name, const Attributes& found,
                                 const FilesystemFacts& facts) const
    {
        const bool is_vacant = seen_.destination == DestinationState::absent ||
                               (seen_.destination == DestinationState::empty && !seen_.destination_mount);
        if (!world_.exchanges || found.kind != Kind::directory || facts.kind != FilesystemClass::local ||
            seen_.size->linked_outside || !is_vacant || !around_.volume)
            return false;
        const Result<DirectoryRef> above = open_below(reader_, around_.volume, split_path(entry_.destination).parent);
        const Attributes to = TRY(reader_.attributes(above ? *above : around_.volume));
        const Attributes from = TRY(reader_.attributes(TRY(reader_.open_directory(parent, name, Cross::no))));
        return from.mount_id == to.mount_id && from.device == to.device;
    }

    Result<> measure(const DirectoryRef& parent, const std::string& name, const Attributes& found, Cross cross)
    {
        if (found.kind != Kind::directory) {
            seen_.size = measure_file(found);
            return {};
        }
        if (size_) {
            seen_.size = size_;
            return {};
        }
        seen_.size = TRY(measure_tree(world_, TRY(reader_.open_directory(parent, name, cross)), cross));
        return {};
    }

    const World& world_;
    const Survey& survey_;
    const PlanOptions& options_;
    const Surroundings& around_;
    const Entry& entry_;
    const std::optional<TreeSize>& size_;
    const Reader& reader_;
    EntrySurvey seen_;
    std::optional<Attributes> destination_;
    std::optional<Whereabouts> destination_at_;  // of one that is a mount of its own
};

}  // namespace

Result<EntrySurvey> probe_entry(const World& world, const Survey& survey, const PlanOptions& options,
                                const Surroundings& surroundings, const Entry& entry,
                                const std::optional<TreeSize>& size)
{
    return EntryProbe(world, survey, options, surroundings, entry, size).run();
}

}  // namespace mailstate

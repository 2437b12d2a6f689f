// SPDX-License-Identifier: MIT
#include <cerrno>

#include "engine/adopted_mount.hpp"
#include "engine/look.hpp"
#include "engine/measure.hpp"
#include "engine/origin.hpp"
#include "engine/rolled_back.hpp"
#include "engine/split_path.hpp"
#include "engine/stuck_tree.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Result<> probe_rollback(const Look& look, EntrySurvey& seen, const Name& origin)
{
    seen.rollback_leftover = TRY(find(look.reader, origin)).has_value();
    if (!seen.rollback_leftover) return {};
    const Result<DirectoryRef> beside = look.reader.open_directory(origin, Cross::no);
    if (!beside && (beside.error().number == ENOTDIR || beside.error().number == ELOOP)) return {};  // not ours
    seen.rollback_staged = TRY(find(look.reader, {TRY(beside), rollback_state})).has_value();
    // Without it the volume's copy would win over what was written since: only what is not there is no record.
    constexpr std::size_t record_limit = 4096;  // bytes; ours has 16
    const Result<std::string> record = look.reader.read_file({*beside, rollback_record}, record_limit);
    const int why = record ? 0 : record.error().number;
    if (why != ENOENT && why != EFBIG && why != EINVAL && why != ELOOP) seen.rollback_record = TRY(record);
    return {};
}

Result<> probe_link(const Look& look, EntrySurvey& seen, const Name& origin)
{
    seen.link_text = TRY(look.reader.read_link(origin));
    const std::string wanted = destination_path(look.world.layout, look.entry);
    const bool home = normalised(seen.link_text, split_path(look.entry.origin).parent) == wanted;
    seen.origin = home ? OriginState::link_home : OriginState::link_elsewhere;
    return {};
}

// An old tree of which nothing can be removed as it is: asked before a start takes the lock for it. What cannot be told
// is tried.
Result<> probe_leftover(const Look& look, EntrySurvey& seen, const Name& origin)
{
    const Result<DirectoryRef> tree = look.reader.open_directory(origin, Cross::yes);
    if (!tree) return {};
    const std::string at = (TRY(look.reader.location(origin.at)) / origin.name).string();
    const bool is_mounted = look.around.mounts.at(at) != nullptr || !look.around.mounts.below(at).empty();
    const Result<bool> stuck = is_mounted ? Result<bool>(true) : is_stuck(look.world, *tree);
    if (!stuck && stuck.error().number == ECANCELED) return fail(stuck.error());
    if (stuck && *stuck) seen.stuck_leftover = split_path(look.entry.origin).parent + "/" + origin.name;
    return {};
}

Result<> probe_mounts(const Look& look, EntrySurvey& seen, const Name& origin, const Attributes& found)
{
    const std::string path = (TRY(look.reader.location(origin.at)) / origin.name).string();
    std::vector<const Mount*> mounts = look.around.mounts.below(path);
    if (const Mount* at = look.around.mounts.at(path)) mounts.insert(mounts.begin(), at);
    for (const Mount* mount : mounts)
        seen.mounts.push_back({mount->mount_point, mount->fs_type, mount->source, mount->subtree, mount->read_only});
    // The kernel's own word for the origin itself, should the table be unreadable for us.
    if (mounts.empty() && found.mount_root) seen.mounts.push_back({path, "unknown", "", ""});
    return {};
}

// The volume inside an origin, or the reverse: a copy of one into the other would not end, or not be what it says.
Result<bool> probe_nesting(const Look& look, EntrySurvey& seen, const FoundDestination& there, const Name& origin)
{
    if (!look.around.volume_at) return false;
    const std::string state_dir = "the state directory " + printable(look.world.layout.state_dir);
    const bool is_file = look.entry.kind == Kind::regular;
    const DirectoryRef directory = is_file ? origin.at : TRY(look.reader.open_directory(origin, Cross::yes));
    const Whereabouts here = TRY(whereabouts(look.reader, look.around.mounts, directory));
    if (!is_file && is_inside(*look.around.volume_at, here)) {
        seen.problem = state_dir + " is inside the origin " + printable(look.entry.origin);
    } else if (!is_file && there.at && is_inside(*there.at, here)) {
        seen.problem = "the destination " + printable(destination_path(look.world.layout, look.entry)) +
                       " is inside the origin " + printable(look.entry.origin);
    } else if (is_inside(here, *look.around.volume_at) || (there.at && is_inside(here, *there.at))) {
        seen.origin = OriginState::in_volume;
        seen.problem = "the origin " + printable(look.entry.origin) + " is inside " + state_dir;
        return true;
    } else {
        return false;
    }
    seen.origin = OriginState::holds_volume;
    return true;
}

const LedgerEntry* adopted_record(const Look& look)
{
    if (!look.survey.ledger) return nullptr;
    const auto found = look.survey.ledger->entries.find(look.entry.name);
    return found != look.survey.ledger->entries.end() && found->second.phase == Phase::adopted ? &found->second
                                                                                               : nullptr;
}

Result<> measure_origin(const Look& look, EntrySurvey& seen, const Name& origin, const Attributes& found, Cross cross)
{
    if (found.kind != Kind::directory) {
        seen.size = measure_file(found);
        return {};
    }
    if (look.known_size) {
        seen.size = look.known_size;
        return {};
    }
    MeasureOptions how{cross};
    how.origin = look.entry.origin;
    how.destination = destination_path(look.world.layout, look.entry);
    if (cross == Cross::no) how.rights = AskRights::yes;  // what is mounted is copied only
    seen.size = TRY(measure_tree(look.world, TRY(look.reader.open_directory(origin, cross)), how));
    return {};
}

Result<> probe_mounted(const Look& look, EntrySurvey& seen, const Name& origin, const Attributes& found)
{
    seen.origin = seen.mounts.front().mount_point == (TRY(look.reader.location(origin.at)) / origin.name).string()
                      ? OriginState::mount_point
                      : OriginState::mounts_below;
    if (found.kind == Kind::directory) {
        const DirectoryRef directory = TRY(look.reader.open_directory(origin, Cross::yes));
        seen.nested_link_in_origin = TRY(has_nested_link(look, directory));
    }
    const LedgerEntry* const adopted = adopted_record(look);
    if (adopted == nullptr && !look.options.adopt_mounts) return {};  // what is left alone is not walked
    seen.mount_identity = TRY(identity_of_mounts(look.reader, origin, seen));
    if (adopted != nullptr && seen.destination == DestinationState::populated)
        seen.copy_fingerprint = TRY(fingerprint_of_copy(look.world, look.entry, *adopted));
    return measure_origin(look, seen, origin, found, Cross::yes);
}

// Renames work within one mount only, and within one subvolume or project.
Result<bool> is_exchangeable(const Look& look, const EntrySurvey& seen, const Name& origin, const Attributes& found,
                             const FilesystemFacts& facts)
{
    const bool is_vacant = seen.destination == DestinationState::absent ||
                           (seen.destination == DestinationState::empty && !seen.destination_mount);
    if (!look.world.exchanges || found.kind != Kind::directory || facts.kind != FilesystemClass::local ||
        seen.size->linked_outside || !is_vacant || !look.around.volume)
        return false;
    const Result<DirectoryRef> above =
        open_below(look.reader, look.around.volume, split_path(look.entry.destination).parent);
    const Attributes to = TRY(look.reader.attributes(above ? *above : look.around.volume));
    const Attributes from = TRY(look.reader.attributes(TRY(look.reader.open_directory(origin, Cross::no))));
    return from.mount_id == to.mount_id && from.device == to.device;
}

Result<> probe_present(const Look& look, EntrySurvey& seen, const Name& origin, const Attributes& found)
{
    if (!is_selected(look.options, look.entry.name)) return {};  // whatever it is, it stays
    const FilesystemFacts facts = TRY(look.reader.filesystem(origin.at));
    seen.origin_read_only = facts.read_only;
    for (const OpenFile& open : TRY(look.reader.held_open(origin))) {
        seen.origin_in_use = true;
        seen.in_use_by = printable(open.command) + " (process " + std::to_string(open.pid) + ")";
    }
    if (found.kind == Kind::directory) {
        const DirectoryRef directory = TRY(look.reader.open_directory(origin, Cross::no));
        seen.nested_link_in_origin = TRY(has_nested_link(look, directory));
    }
    TRY(measure_origin(look, seen, origin, found, Cross::no));
    seen.exchangeable = TRY(is_exchangeable(look, seen, origin, found, facts));
    const bool hides_names = facts.kind == FilesystemClass::network || facts.type.starts_with("fuse");
    if (seen.origin_in_use || seen.size->held.empty() || !hides_names) return {};
    seen.origin_in_use = true;
    seen.in_use_by = "a process that has " + printable(seen.size->held) + " open, which was removed";
    return {};
}

Result<> try_origin(const Look& look, EntrySurvey& seen, const FoundDestination& there, const Name& origin)
{
    const std::optional<Attributes> left = TRY(find(look.reader, {origin.at, temporary_name(origin.name)}));
    seen.leftover = left.has_value();
    TRY(probe_rollback(look, seen, {origin.at, rollback_name(origin.name)}));
    const std::optional<Attributes> found = TRY(find(look.reader, origin));
    if (!found) {
        seen.origin_read_only = TRY(look.reader.filesystem(origin.at)).read_only;
        return {};
    }
    if (found->kind == Kind::symlink) {
        TRY(probe_link(look, seen, origin));
        const bool is_tree = left && left->kind == Kind::directory && seen.origin == OriginState::link_home;
        if (!is_tree) return {};
        if (seen.destination != DestinationState::absent)
            return probe_leftover(look, seen, {origin.at, temporary_name(origin.name)});
        const DirectoryRef tree = TRY(look.reader.open_directory({origin.at, temporary_name(origin.name)}, Cross::no));
        seen.leftover_whole = TRY(is_whole_since(look.world, tree, found->mtime));  // the link was made just before
        return {};
    }
    TRY(probe_mounts(look, seen, origin, *found));
    if (there.root && same_inode(*found, *there.root)) {
        seen.origin = OriginState::same_as_destination;
        return {};
    }
    if (found->kind != look.entry.kind) {
        seen.origin = OriginState::other;
        seen.other_kind = name_of(found->kind);
        return {};
    }
    if (TRY(probe_nesting(look, seen, there, origin))) return {};
    if (!seen.mounts.empty()) return probe_mounted(look, seen, origin, *found);
    seen.origin = found->kind == Kind::directory ? OriginState::directory : OriginState::file;
    return probe_present(look, seen, origin, *found);
}

}  // namespace

Result<> probe_origin(const Look& look, EntrySurvey& seen, const FoundDestination& there)
{
    const SplitPath path = split_path(look.entry.origin);
    const Result<DirectoryRef> parent = look.reader.open(path.parent);
    if (!parent) {
        seen.origin = parent.error().number == ENOENT ? OriginState::parent_missing : OriginState::unreadable;
        seen.problem = describe(parent.error());
        seen.problem_number = parent.error().number;
        return {};
    }
    Result<> done = try_origin(look, seen, there, {*parent, path.name});
    if (done || done.error().number == ECANCELED) return done;
    seen.origin = OriginState::unreadable;
    seen.problem = describe(done.error());
    seen.problem_number = done.error().number;
    return {};
}

}  // namespace mailstate

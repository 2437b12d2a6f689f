// SPDX-License-Identifier: MIT
#include "engine/rehearsal_scratch.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "engine/claims.hpp"
#include "engine/digits.hpp"
#include "engine/entry_places.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/posix/lock_state.hpp"

namespace mailstate {

namespace {

constexpr const char* scratch_prefix_in_directory = ".mailstate-rehearsal.";

// By what is held open, and not by a path: nothing of another directory is ever removed. The lock goes last: without it
// the rest would be a leftover, which others remove.
Result<> empty_scratch(const World& world, Writer& writer, const DirectoryRef& scratch)
{
    for (const char* part : {"root", "outside"}) TRY(remove_own(world, writer, {scratch, part}));
    return remove_own(world, writer, {scratch, "lock"});
}

// Somebody else may have taken it for a leftover, once it was empty.
Result<> remove_empty_scratch(const World& world, Writer& writer, const Name& item, const DirectoryRef& scratch)
{
    const std::optional<Attributes> there = TRY(find(world.reader, item));
    if (!there) return {};
    if (!same_inode(*there, TRY(world.reader.attributes(scratch))))
        return fail(Error{ESTALE, "", item.path(), "was replaced by another directory, which stays", {}});
    const Result<> removed = writer.remove_directory(item, Removal::empty_directory());
    if (!removed && removed.error().number != ENOENT) return fail(removed.error());
    return {};
}

// What is no directory is not ours, and what has gone another rehearsal has removed.
Result<> sweep_one(const World& world, Writer& writer, const Name& item)
{
    const std::optional<Attributes> there = TRY(find(world.reader, item));
    if (!there || there->kind != Kind::directory) return {};
    const DirectoryRef scratch = TRY(world.reader.open_directory(item, Cross::no));
    if (lock_state(TRY(world.reader.outer_location(scratch)).string()) != LockState::free) return {};
    TRY(empty_scratch(world, writer, scratch));
    return remove_empty_scratch(world, writer, item, scratch);
}

Result<> sweep_directory(const World& world, Writer& writer, const DirectoryRef& at)
{
    for (const std::string& name : TRY(staging_names(world.reader, at, scratch_prefix_in_directory)))
        TRY(sweep_one(world, writer, {at, name}));
    return {};
}

}  // namespace

Result<std::unique_ptr<RehearsalScratch>> RehearsalScratch::find(const World& world, const RehearsalOptions& options)
{
    std::unique_ptr<RehearsalScratch> scratch(new RehearsalScratch(world, options));
    DirectoryRef place;
    if (options.scratch.empty()) {
        place = TRY(world.reader.open(world.layout.state_dir));
    } else {
        scratch->outside_ = TRY(options.make_reader(options.scratch));
        place = TRY(scratch->outside_->open("/"));
        TRY(scratch->refuse_inside_an_entry(place));
        TRY(scratch->refuse_what_others_can_change(place));
        scratch->at_ = place;
    }
    scratch->filesystem_ = TRY(world.reader.filesystem(place));
    scratch->device_ = TRY(world.reader.attributes(place)).device;
    return scratch;
}

// Who can rename what is in there could put another directory in the place of the clone.
Result<> RehearsalScratch::refuse_what_others_can_change(const DirectoryRef& directory) const
{
    const Attributes found = TRY(outside_->attributes(directory));
    const Uid owner = found.owner.uid;
    const bool is_trusted = owner == Uid{0} || owner == Uid{::geteuid()};
    constexpr std::uint32_t of_others = 0022;
    if (is_trusted && (found.mode.bits & of_others) == 0) return {};
    return fail(Error{EPERM, "", options_.scratch,
                      is_trusted ? "can be written to by other users" : "belongs to another user",
                      "Create a directory there with mode 0700, and name it with --scratch."});
}

// A path says nothing of this: another mount may show the same directory elsewhere.
Result<> RehearsalScratch::refuse_inside_an_entry(const DirectoryRef& directory) const
{
    const std::vector<Attributes> above = TRY(outside_->ancestry(directory));
    const auto lies_in = [&](const Attributes& place) {
        return std::ranges::any_of(above, [&](const Attributes& each) { return same_inode(each, place); });
    };
    const auto refused = [&](const std::string& message) {
        return fail(
            Error{EINVAL, "", options_.scratch, message, "Name a directory that no service uses with --scratch."});
    };
    const Result<DirectoryRef> volume = world_.reader.open(world_.layout.state_dir);
    if (!volume && volume.error().number != ENOENT) return fail(volume.error());
    if (volume && lies_in(TRY(world_.reader.attributes(*volume))))
        return refused("is in the state directory; without --scratch the clone is created there");
    for (const Entry& entry : world_.layout.entries) {
        for (const Result<Name>& spot : {find_origin(world_, entry), find_destination(world_, entry)}) {
            if (!spot) continue;
            const std::optional<Attributes> found = TRY(mailstate::find(world_.reader, *spot));
            if (found && lies_in(*found)) return refused("is inside the entry " + printable(entry.name));
        }
    }
    return {};
}

Result<DirectoryRef> RehearsalScratch::make(Writer& writer)
{
    TRY(is_on_volume() ? make_on_volume(writer) : make_in_directory(writer));
    return made_;
}

Result<> RehearsalScratch::make_on_volume(Writer& writer)
{
    const DirectoryRef volume = TRY(world_.reader.open(world_.layout.state_dir));
    made_workspace_ = !TRY(mailstate::find(world_.reader, {volume, workspace_name}));
    const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(world_, writer, options_.apply.lock_timeout));
    at_ = workspace->staging();
    TRY(remove_scratch_staging(world_, writer, *workspace));
    const std::string name = workspace->staging_name(rehearsal_name);
    made_ = TRY(writer.make_directory({at_, name}, Mode{0700}));
    name_ = name;
    lock_ = TRY(writer.lock(made_, std::chrono::milliseconds(0)));
    return {};
}

// Two rehearsals that begin at once could take each other's for a leftover between the two calls: then one of them
// fails, and removes nothing of the other.
Result<> RehearsalScratch::make_in_directory(Writer& writer)
{
    TRY(sweep_directory(world_, writer, at_));
    const std::string name = scratch_prefix_in_directory + random_digits();
    made_ = TRY(writer.make_directory({at_, name}, Mode{0700}));
    name_ = name;
    lock_ = TRY(writer.lock(made_, std::chrono::milliseconds(0)));
    return {};
}

Result<> RehearsalScratch::remove(Writer& writer)
{
    const Stop never;
    const World quiet{world_.reader, world_.layout, world_.settings, world_.progress, never, world_.jobs};
    if (made_) {
        TRY(empty_scratch(quiet, writer, made_));
        lock_.reset();
        TRY(remove_empty_scratch(quiet, writer, {at_, name_}, made_));
        made_ = nullptr;
    }
    if (!made_workspace_) return {};
    made_workspace_ = false;
    const DirectoryRef volume = TRY(world_.reader.open(world_.layout.state_dir));
    if (!TRY(mailstate::find(world_.reader, {volume, workspace_name}))) return {};
    constexpr std::chrono::milliseconds patience{2000};
    const auto workspace = Workspace::open(quiet, writer, std::min(options_.apply.lock_timeout, patience));
    if (!workspace && workspace.error().number == EWOULDBLOCK) return {};  // somebody works in it by now
    if (!workspace) return fail(workspace.error());
    return (*workspace)->remove_if_bare();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/rehearsal_scratch.hpp"

#include <cerrno>

#include "engine/destination.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/lock_state.hpp"
#include "mailstate/text.hpp"
#include "posix/below.hpp"

namespace mailstate {

namespace {

constexpr const char* scratch_prefix_in_directory = ".mailstate-rehearsal.";

Result<std::string> outer_path_of(const Reader& reader, const DirectoryRef& at, const std::string& name)
{
    return (TRY(reader.outer_location(at)) / name).string();
}

Result<> sweep_directory(const World& world, Writer& writer, const DirectoryRef& at)
{
    std::vector<std::string> left, names;
    const std::unique_ptr<Listing> listing = TRY(world.reader.list(at));
    do {
        TRY(listing->next(names));
        for (const std::string& name : names)
            if (name.starts_with(scratch_prefix_in_directory) && is_staging_name(name) &&
                !is_lock_held(TRY(outer_path_of(world.reader, at, name))))
                left.push_back(name);
    } while (!names.empty());
    for (const std::string& name : left) TRY(remove_tree(world, writer, at, name));
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
        scratch->at_ = place;
    }
    scratch->filesystem_ = TRY(world.reader.filesystem(place));
    scratch->device_ = TRY(world.reader.attributes(place)).device;
    return scratch;
}

Result<> RehearsalScratch::refuse_inside_an_entry(const DirectoryRef& directory) const
{
    const std::string here = TRY(world_.reader.outer_location(directory)).string();
    for (const Entry& entry : world_.layout.entries) {
        for (const Result<Spot>& spot : {origin_spot(world_, entry), find_destination(world_, entry)}) {
            if (!spot || !is_at_or_below(TRY(outer_path_of(world_.reader, spot->at, spot->name)), here)) continue;
            return fail(Error{EINVAL, "", options_.scratch, "lies inside of the entry " + printable(entry.name),
                              "Name a directory that no service uses with --scratch."});
        }
    }
    return {};
}

Result<DirectoryRef> RehearsalScratch::make(Writer& writer)
{
    TRY(is_on_volume() ? make_on_volume(writer) : make_in_directory(writer));
    return world_.reader.open_directory(at_, name_, Cross::no);
}

Result<> RehearsalScratch::make_on_volume(Writer& writer)
{
    const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(world_, writer, options_.apply.lock_timeout));
    made_workspace_ = workspace->is_new();
    at_ = workspace->staging();
    TRY(workspace->sweep_staging());
    const std::string name = workspace->staging_name(rehearsal_name);
    const DirectoryRef made = TRY(writer.make_directory(at_, name, Mode{0700}));
    name_ = name;
    lock_ = TRY(writer.lock(made, std::chrono::milliseconds(0)));
    return {};
}

// Two rehearsals that begin at once could take each other's for a leftover between the two calls: then one of them
// fails, and removes nothing of the other.
Result<> RehearsalScratch::make_in_directory(Writer& writer)
{
    TRY(sweep_directory(world_, writer, at_));
    const std::string name = scratch_prefix_in_directory + random_digits();
    const DirectoryRef made = TRY(writer.make_directory(at_, name, Mode{0700}));
    name_ = name;
    lock_ = TRY(writer.lock(made, std::chrono::milliseconds(0)));
    return {};
}

Result<> RehearsalScratch::remove(Writer& writer)
{
    const Stop never;
    const World quiet{world_.reader, world_.layout, world_.settings, world_.progress, never, world_.jobs};
    if (!name_.empty()) TRY(remove_tree(quiet, writer, at_, name_));
    name_.clear();
    lock_.reset();
    if (!made_workspace_) return {};
    made_workspace_ = false;
    return TRY(Workspace::open(quiet, writer, options_.apply.lock_timeout))->remove_if_bare();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/publish.hpp"

#include <cerrno>
#include <set>

#include "engine/entry_places.hpp"
#include "engine/origin_record.hpp"
#include "engine/remove_tree.hpp"
#include "engine/same_content.hpp"
#include "engine/tree_sum.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

namespace {

Failure another_run(std::string subject, std::string message)
{
    return fail(Error{EAGAIN, "", std::move(subject), std::move(message),
                      "Another run works on this volume. Start again once it has ended."});
}

// Taken by another run, or published before us: not a failure of the volume.
Result<> named(Result<> renamed, const Run& run, const Staged& staged, const Name& to)
{
    if (renamed) return renamed;
    const int number = renamed.error().number;
    if (number == EEXIST || number == ENOTEMPTY || number == ESTALE)
        return another_run(to.path(), "was created by another run meanwhile");
    const auto left = find(run.world.reader, staged);
    if (number == ENOENT && left && !*left)
        return another_run(staged.path(), "was taken by another run before it was published");
    return renamed;
}

bool can_publish_a_file(const Capabilities& capabilities)
{
    return !lacks(capabilities, Ability::noreplace) || !lacks(capabilities, Ability::hardlink);
}

// An empty file is no content, and a rename over it would replace whatever another run has put there since: so it is
// renamed aside, looked at where nobody else looks, and removed.
Result<> clear_empty_file(const Run& run, const Entry& entry, const Name& to)
{
    const std::optional<Attributes> there = TRY(find(run.world.reader, to));
    if (!there || there->kind != Kind::regular || there->size != 0) return {};
    if (!can_publish_a_file(run.survey.volume.capabilities))
        return fail(Error{EEXIST, "", to.path(), "is an empty file, which cannot be replaced safely on this volume",
                          "Remove it once no other run works on this volume, then start again."});
    const Name aside{run.workspace.staging(), run.workspace.staging_name(entry.name + "-empty")};
    TRY(run.writer.rename(to, aside, Replace::no));
    const Attributes taken = TRY(run.world.reader.fresh_attributes(aside));
    if (taken.kind == Kind::regular && taken.size == 0) return remove_own(run.world, run.writer, aside);
    TRY(run.writer.rename(aside, to, Replace::no));
    return another_run(to.path(), "was created by another run meanwhile");
}

Result<> rename_into_place(const Run& run, const EntryPlaces& places, const Staged& staged)
{
    const Entry& entry = places.entry;
    const Name& to = places.destination;
    if (entry.kind == Kind::regular) {
        TRY(clear_empty_file(run, entry, to));
        return run.writer.rename(staged, to, Replace::no);
    }
    // A plain rename over an empty directory is atomic, and ENOTEMPTY where it is not empty.
    const std::optional<Attributes> there = TRY(find(run.world.reader, to));
    if (!there || there->kind != Kind::directory) return run.writer.rename(staged, to, Replace::no);
    const std::optional<Proof> vacant = TRY(Removal::vacant(run.world.reader, to, entry.kind));
    return vacant ? run.writer.replace(staged, to, *vacant) : run.writer.rename(staged, to, Replace::no);
}

// FUSE may number each name of a file anew (bindfs): then it is ours if its content is the origin's.
Result<Attributes> published_root(const Run& run, const EntryPlaces& places, const Attributes& copy)
{
    const Name &origin = places.origin, &to = places.destination;
    const Attributes there = TRY(run.world.reader.fresh_attributes(to));
    if (same_inode(there, copy)) return there;
    if (places.entry.kind == Kind::regular && have_same_content(run.world, Kind::regular, origin, to)) return there;
    return another_run(to.path(), "is not what was published there");
}

}  // namespace

Result<Published> publish_staged(const Run& run, const EntryPlaces& places, const Staged& staged)
{
    const Name& to = places.destination;
    const Result<Attributes> copy = run.world.reader.attributes(staged);
    Result<> renamed = copy ? rename_into_place(run, places, staged) : Result<>(fail(copy.error()));
    if (!renamed) {
        renamed = named(std::move(renamed), run, staged, to);
        (void)remove_staged(run, places.entry, staged);  // else the next run does
        return std::move(renamed).failure();
    }
    TRY(run.writer.sync_directory(to.at));
    TRY(run.writer.sync_directory(staged.at));
    (void)remove_origin_record(run, places.entry);  // else the next run does
    return Published{TRY(published_root(run, places, *copy)), {}, staged.sum};
}

namespace {

// What comes and goes there whoever fills it.
bool is_no_content(const World& world, const std::string& name)
{
    return name == workspace_name || name.starts_with(mount_staging_prefix) ||
           is_storage_name(name, world.layout.storage_names) || is_removed_but_open(name);
}

Digest operator+(const Digest& a, const Digest& b)
{
    return {a.high + b.high, a.low + b.low};
}

void add_name(TreeSum& names, const std::string& name, const Attributes& item)
{
    Attributes same = item;
    same.size = 0;  // a directory's names may come and go; what counts is which inode has the name
    same.mtime = same.ctime = {};
    names.add(name, same);
}

// As the server has them now, one by one.
Result<Digest> names_in_place(const World& world, const DirectoryRef& destination)
{
    TreeSum names;
    TRY(each_name(world.reader, destination, [&](const std::string& name) -> Result<> {
        if (!is_no_content(world, name)) add_name(names, name, TRY(world.reader.fresh_attributes({destination, name})));
        return {};
    }));
    return names.result();
}

// Moves the names of a staging to where they belong, until a whole listing has none to move: renaming while listing may
// skip names. What this client remembers may go on naming what another run, which finishes the same publishing, has
// moved already (NFS): so ENOENT is no progress.
class NameMover {
public:
    NameMover(const Run& run, DirectoryRef staging, DirectoryRef destination, TreeSum& moved)
        : run_(run), staging_(std::move(staging)), destination_(std::move(destination)), moved_(moved)
    {
    }

    Result<> move_all()
    {
        do {
            has_moved_ = false;
            TRY(each_name(run_.world.reader, staging_, [&](const std::string& name) { return move(name); }));
        } while (has_moved_);
        return {};
    }

private:
    Result<> move(const std::string& name)
    {
        const std::optional<Attributes> seen = TRY(find(run_.world.reader, {staging_, name}));
        if (!seen) return {};
        Result<> renamed = run_.writer.rename({staging_, name}, {destination_, name}, Replace::no);
        if (!renamed && renamed.error().number == EEXIST)
            return another_run(destination_->path().text(name), "was created by another run meanwhile");
        if (!renamed && renamed.error().number != ENOENT) return renamed;
        if (renamed) has_moved_ = true;
        const bool is_first = renamed || by_others_.insert(name).second;
        if (is_first && !is_no_content(run_.world, name)) add_name(moved_, name, *seen);
        return {};
    }

    const Run& run_;
    DirectoryRef staging_, destination_;
    TreeSum& moved_;
    std::set<std::string> by_others_;
    bool has_moved_ = false;
};

}  // namespace

Result<> check_not_being_filled(const Run& run, const Entry& entry, const DirectoryRef& destination)
{
    const std::optional<Ledger> newest = TRY(run.workspace.newest_ledger());
    if (!newest) return {};
    const auto found = newest->entries.find(entry.name);
    if (found == newest->entries.end() || found->second.phase != Phase::publishing || found->second.staging.empty())
        return {};
    if (!TRY(find(run.world.reader, {destination, found->second.staging}))) return {};
    return another_run(destination->path().text(), "is being filled by another run");
}

// Since the survey another run may have filled it, and is done.
static Result<> check_vacant(const Run& run, const DirectoryRef& destination)
{
    return each_name(run.world.reader, destination, [&](const std::string& name) -> Result<> {
        if (may_be_in_vacant(run.world.layout, name)) return {};
        const std::optional<Attributes> seen = TRY(find(run.world.reader, {destination, name}));
        if (!seen || seen->mount_root) return {};
        return another_run(destination->path().text(name), "was created by another run meanwhile");
    });
}

Result<Published> publish_into_mount(const Run& run, const Entry& entry, const DirectoryRef& destination,
                                     const Staged& staged)
{
    note_change(run, entry, Phase::publishing);
    LedgerEntry& record = run.workspace.ledger.entries[entry.name];
    record.staging = staged.name;
    const Result<> vacant = check_vacant(run, destination);
    if (!vacant) {
        (void)remove_staged(run, entry, {destination, staged.name});  // else the next run does
        return fail(vacant.error());
    }
    // Of two that would fill it only one gets its word into the ledger; the other reads it there.
    TRY(record_phase(run, entry, Phase::publishing, nullptr, Workspace::Others::refuse));
    const Digest before = TRY(names_in_place(run.world, destination));
    Published published = TRY(finish_publishing(run, entry, {destination, staged.name}));
    published.names = before + published.names;
    published.copy = staged.sum;
    (void)remove_origin_record(run, entry);  // else the next run does
    return published;
}

Result<Published> finish_publishing(const Run& run, const Entry& entry, const Name& destination)
{
    const Reader& reader = run.world.reader;
    const Result<DirectoryRef> staging = reader.open_directory(destination, Cross::no);
    TreeSum moved;
    if (staging) {
        TRY(NameMover(run, *staging, destination.at, moved).move_all());
        const Attributes seen = TRY(reader.attributes(*staging));
        TRY(run.writer.copy_attributes(*staging, seen, destination.at));
        const Result<> removed = run.writer.remove_directory(destination, Removal::empty_directory());
        if (!removed && removed.error().number != ENOENT) return fail(removed.error());
        TRY(run.writer.sync_filesystem(destination.at));
    } else if (staging.error().number != ENOENT) {
        return fail(staging.error());
    }
    run.workspace.ledger.entries[entry.name].staging.clear();
    TRY(record_phase(run, entry, Phase::published));
    return Published{std::nullopt, moved.result(), {}};
}

Result<> check_kept(const Run& run, const EntryPlaces& places, const DirectoryRef& kept)
{
    const Name& to = places.destination;
    const Result<Attributes> now = run.world.reader.fresh_attributes(to);
    if (!now && now.error().number != ENOENT) return fail(now.error());
    if (now && (places.entry.kind == Kind::regular || same_inode(*now, TRY(run.world.reader.attributes(kept)))))
        return {};
    return another_run(to.path(), "was taken away by another run");
}

Result<> check_published(const Run& run, const EntryPlaces& places, const Published& published)
{
    const Name& to = places.destination;
    bool is_ours = false;
    if (published.root) {
        const Result<Attributes> now = run.world.reader.fresh_attributes(to);
        if (!now && now.error().number != ENOENT) return fail(now.error());
        is_ours = now && same_inode(*now, *published.root);
    } else {
        const DirectoryRef destination = TRY(opened_destination(run, places.entry, to));
        is_ours = TRY(names_in_place(run.world, destination)) == published.names;
    }
    if (is_ours) return {};
    return another_run(to.path(), "is not what was published there");
}

}  // namespace mailstate

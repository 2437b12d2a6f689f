// SPDX-License-Identifier: MIT
#include "engine/stage.hpp"

#include <cerrno>

#include "engine/not_kept.hpp"
#include "engine/origin_record.hpp"
#include "engine/ownership_rules.hpp"
#include "engine/remove_tree.hpp"
#include "engine/resume.hpp"
#include "engine/tree_sum.hpp"
#include "mailstate/fs/durability.hpp"

namespace mailstate {

namespace {

Comparison comparison_of(const Run& run, const Entry& entry)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    const bool own = seen.destination_mount || run.as_user;
    const Capabilities& capabilities = own ? seen.capabilities : run.survey.volume.capabilities;
    return {run.options.verify_content ? Content::yes : Content::no,
            lacks(capabilities, Ability::mtime_ns) ? Times::coarse : Times::exact};
}

void say_phase(const Run& run, const char* phase)
{
    run.world.progress.phase = phase;
}

// A hard link to a file outside, planted by a service: its copy has one name only, and the ownership pass would give it
// to the service. Where no owner would change nothing is handed over.
Result<> refuse_foreign_files(const Run& run, const Entry& entry, const DirectoryRef& from, const CopyTotals& totals)
{
    const Result<OwnershipRules> rules = OwnershipRules::make(entry, run.survey.identities);
    if (!rules) return {};  // then no owner is changed
    for (const OutsideLink& link : totals.outside) {
        if (rules->wanted(link.relative, link.seen, link.seen.owner).owner == link.seen.owner) continue;
        return fail(Error{EMLINK, "", from->path().text(link.relative),
                          "has other names outside the entry and another owner, so it is not copied",
                          "Find them with 'find / -xdev -samefile PATH' and remove those that do not belong there."});
    }
    return {};
}

// What there is to copy, and how.
struct Staging {
    const EntryPlaces& places;
    const Name& to;
    Cross cross;
    std::optional<Resumed> resumed;  // an interrupted run has begun the copy
};

Result<CopyTotals> copy_directory(const Run& run, const Staging& staging)
{
    const World& world = run.world;
    const auto& [at, name] = staging.places.origin;
    const DirectoryRef from = TRY(world.reader.open_directory({at, name}, staging.cross));
    const Name& to = staging.to;
    const DirectoryRef made =
        TRY(staging.resumed ? world.reader.open_directory(to, Cross::no) : run.writer.make_directory(to, Mode{0700}));
    CopyTotals totals = TRY(copy_tree(world, run.writer, from, made, {staging.cross, {}, staging.resumed.has_value()}));
    TRY(refuse_foreign_files(run, staging.places.entry, from, totals));
    return totals;
}

Result<CopyTotals> copy_file(const Run& run, const Name& origin, const Name& to)
{
    const Attributes seen = TRY(run.world.reader.attributes(origin));
    CopyTotals totals;
    totals.copied.files = 1;
    totals.copied.bytes =
        TRY(copy_item(run.world, run.writer, {origin, seen}, to, durable_in(run.world.reader, to.at)));
    return totals;
}

Result<Digest> compare(const Run& run, const Staging& staging)
{
    const Reader& reader = run.world.reader;
    const auto& [entry, origin, destination] = staging.places;
    const Name& to = staging.to;
    const Cross cross = staging.cross;
    Comparison how = comparison_of(run, entry);
    if (staging.resumed)
        how.is_doubtful = [&resumed = *staging.resumed](const Attributes& from, const Attributes& copy) {
            return is_doubtful(resumed, from, copy);
        };
    if (entry.kind == Kind::directory) {
        TreeSum sum;
        how.matched = [&sum](const std::string& relative, const Attributes& copy) { sum.add(relative, copy); };
        TRY(compare_trees(run.world, TRY(reader.open_directory(origin, cross)),
                          TRY(reader.open_directory(to, Cross::no)), cross, how));
        return sum.result();
    }
    const Attributes now = TRY(reader.attributes(origin));
    const Attributes copy = TRY(reader.attributes(to));
    TRY(compare_items(run.world, {origin, now}, {to, copy}, how));
    return sum_of_file(copy);
}

// Compared last: a sync may take long, and what changes in the origin meanwhile must be noticed.
Result<Staged> stage(const Run& run, const Staging& staging, const DirectoryRef& synced)
{
    const auto& [places, to, cross, resumed] = staging;
    if (!resumed) TRY(write_origin_record(run, places));
    say_phase(run, "copying");
    CopyTotals totals =
        TRY(places.entry.kind == Kind::directory ? copy_directory(run, staging) : copy_file(run, places.origin, to));
    say_phase(run, "syncing");
    TRY(run.writer.sync_filesystem(synced));
    say_phase(run, "comparing");
    const Digest sum = TRY(compare(run, staging));
    return Staged{to, std::move(totals), sum};
}

}  // namespace

Result<Staged> stage_origin(const Run& run, const EntryPlaces& places, const Name& item, const DirectoryRef& synced,
                            Cross cross)
{
    std::optional<Resumed> resumed = TRY(take_up(run, places, item.at));
    Name to{item.at, resumed ? resumed->name : item.name};
    Result<Staged> staged = stage(run, {places, to, cross, resumed}, synced);
    if (!staged && resumed && staged.error().number == EBUSY) {
        TRY(remove_staged(run, places.entry,
                          {item.at, to.name}));  // no fault of the volume's: once more, from the beginning
        run.workspace.kept_copies.erase(places.entry.name);
        to.name = item.name;
        staged = stage(run, {places, to, cross, {}}, synced);
    }
    if (staged) return staged;
    const bool is_interrupted = staged.error().number == ECANCELED && run.world.stop.requested();
    if (is_interrupted && is_resumable(run, places.entry, item.at)) return staged;  // the next run goes on with it
    (void)remove_staged(run, places.entry, {item.at, to.name});                     // else the next run does
    return fail(blame_volume(run, places, staged.error()));
}

Result<> remove_staged(const Run& run, const Entry& entry, const Name& item)
{
    TRY(remove_own(run.world, run.writer, item));
    return remove_origin_record(run, entry);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/claims.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/displace.hpp"
#include "engine/entry_places.hpp"
#include "engine/origin_record.hpp"
#include "engine/remove_held.hpp"
#include "engine/remove_tree.hpp"
#include "engine/stage.hpp"
#include "engine/staging_name.hpp"

namespace mailstate {

namespace {

constexpr const char* claimed_ending = "-claimed";      // a file's copy, in a directory
constexpr const char* displaced_ending = "-displaced";  // what was being set aside

bool is_displaced(const StagingName& name)
{
    return name.what.ends_with(displaced_ending);
}

// Copies first. What a killed run was setting aside, perhaps out of one of them, is then known for the beginning that
// it is. Records last: until then they say where the copies come from.
int turn_of(const std::string& name)
{
    if (name.starts_with('.')) return 2;
    const std::optional<StagingName> parsed = parse_staging_name(name);
    return parsed && is_displaced(*parsed) ? 1 : 0;
}

// In the order in which they are cleared.
Result<std::vector<std::string>> names_in(const Reader& reader, const DirectoryRef& directory)
{
    std::vector<std::string> names = TRY(all_names(reader, directory));
    std::ranges::stable_sort(names, {}, turn_of);
    return names;
}

// One run's claims.
class Claimer {
public:
    Claimer(const World& world, Writer& writer, Workspace& workspace, const std::optional<Seal>& seal,
            std::set<std::string> resumable = {})
        : world_(world),
          reader_(world.reader),
          writer_(writer),
          workspace_(workspace),
          seal_(seal),
          resumable_(std::move(resumable))
    {
    }

    // Nothing of this name is left, or it is set aside.
    Result<> clear(const std::string& name)
    {
        const StagingName parsed = parse_staging_name(name).value_or(StagingName{});
        if (TRY(is_record_of_another_place(parsed)) || TRY(is_record_of_kept(name, parsed))) return {};
        if (holds_no_content(name)) return remove_own(world_, writer_, {workspace_.staging(), name});
        const Entry* const entry = entry_of_staging(world_.layout, parsed.what);
        if (entry == nullptr) {
            result.foreign.push_back(name);
            return {};
        }
        if (is_displaced(parsed) && resumable_.contains(entry->name) && TRY(has_copies(*entry))) return {};
        const std::optional<Name> claimed = TRY(claim(name, parsed, *entry));
        // A copy alone is of the origin that its record names: what was taken from a destination may be anybody's.
        const bool is_copy = parsed.what == entry->name || parsed.what == entry->name + claimed_ending;
        if (!claimed || (parsed.what == entry->name && TRY(keeps(*claimed, *entry, parsed.run)))) return {};
        return settle(*claimed, *entry, is_copy ? parsed.run : std::string());
    }

    // What was claimed is of no other origin than the present one, or is set aside where nothing else has it. run: who
    // copied it; empty where that says nothing.
    Result<> settle(const Name& claimed, const Entry& entry, const std::string& run)
    {
        if (!TRY(is_of_present(entry, run))) TRY(set_aside_unique(claimed, entry));
        return remove_own(world_, writer_, claimed);
    }

    Claimed result;

private:
    [[nodiscard]] Result<bool> is_of_present(const Entry& entry, const std::string& run) const
    {
        const Result<Name> origin = find_origin(world_, entry);
        const Result<std::string> present =
            origin ? identity_of_origin(world_, entry, *origin) : Result<std::string>(fail(origin.error()));
        if (!present && is_absent(present.error())) return false;
        return TRY(recorded_origin(reader_, workspace_.staging(), entry.name, run)) == TRY(present);
    }

    // One copy of an entry is gone on with; it is the first that is found.
    Result<bool> keeps(const Name& claimed, const Entry& entry, const std::string& run)
    {
        if (entry.kind != Kind::directory || !resumable_.contains(entry.name)) return false;
        if (!TRY(is_of_present(entry, run))) return false;
        return workspace_.kept_copies.try_emplace(entry.name, KeptCopy{claimed.name, run}).second;
    }

    // The copy was claimed and is gone on with, or it could not be claimed: without the record it would be anybody's.
    Result<bool> is_record_of_kept(const std::string& name, const StagingName& parsed) const
    {
        if (!parsed.what.starts_with(origin_record_prefix)) return false;
        const bool is_of_kept = std::ranges::any_of(workspace_.kept_copies, [&](const auto& kept) {
            return name == origin_record_name(kept.first, kept.second.run);
        });
        if (is_of_kept) return true;
        const std::string copy = name.substr(std::string_view(origin_record_prefix).size());
        const std::vector<std::string> names = TRY(all_names(reader_, workspace_.staging()));
        return std::ranges::any_of(
            names, [&](const std::string& other) { return other == copy || other.starts_with(copy + "."); });
    }

    // Of a copy inside a destination that is filled in place: needed until that one is claimed.
    [[nodiscard]] Result<bool> is_record_of_another_place(const StagingName& parsed) const
    {
        if (!parsed.what.starts_with(origin_record_prefix)) return false;
        const std::string name = parsed.what.substr(std::string_view(origin_record_prefix).size());
        const Entry* const entry = entry_of_staging(world_.layout, name);
        const DirectoryRef destination = entry != nullptr ? TRY(destination_of(*entry)) : nullptr;
        if (!destination) return false;
        return TRY(find(reader_, {destination, mount_staging_prefix + parsed.run})).has_value();
    }

    // Inside its destination, which is filled in place. They are claimed when the entry's turn comes, and first.
    [[nodiscard]] Result<bool> has_copies(const Entry& entry) const
    {
        const DirectoryRef destination = TRY(destination_of(entry));
        if (!destination) return false;
        return std::ranges::any_of(TRY(all_names(reader_, destination)), [](const std::string& name) {
            return name.starts_with(mount_staging_prefix) && is_staging_name(name);
        });
    }

    // Nothing: another run was faster, or has published it. A file's copy is claimed into a directory, where it has the
    // name that it would be set aside under.
    Result<std::optional<Name>> claim(const std::string& name, const StagingName& parsed, const Entry& entry)
    {
        const DirectoryRef& staging = workspace_.staging();
        const std::optional<Attributes> seen = TRY(find(reader_, {staging, name}));
        if (!seen) return std::optional<Name>();
        const std::string suffix = "." + parsed.run + "." + workspace_.run();
        Name to{staging, parsed.what + suffix};
        DirectoryRef into = staging;
        std::string as = to.name;
        if (seen->kind != Kind::directory) {
            to.name = (parsed.what == entry.name ? entry.name + claimed_ending : parsed.what) + suffix;
            into = TRY(writer_.make_directory({staging, to.name}, Mode{0700}));
            as = split_path(entry.origin).name;
        }
        const Result<> renamed = writer_.rename({staging, name}, {into, as}, Replace::no);
        if (renamed) return std::optional(to);
        if (seen->kind != Kind::directory) (void)remove_own(world_, writer_, {staging, to.name});
        if (renamed.error().number == ENOENT) return std::optional<Name>();
        return fail(renamed.error());
    }

    Result<> set_aside_unique(const Name& claimed, const Entry& entry)
    {
        const DirectoryRef from = TRY(reader_.open_directory(claimed, Cross::no));
        SetAside set_aside = TRY(SetAside::find(reader_, workspace_.displaced(), entry.name));
        const Judge judge = TRY(Judge::make(world_, entry, seal_, set_aside));
        if (entry.kind == Kind::regular) return set_aside_files(from, entry, judge, set_aside);
        for (const DirectoryRef& tree : set_aside.trees()) TRY(remove_held(world_, writer_, from, tree));
        if (const DirectoryRef destination = TRY(destination_of(entry)))
            TRY(remove_held(world_, writer_, from, destination));
        const DirectoryRef origin = TRY(opened(find_origin(world_, entry)));
        if (origin) TRY(remove_held(world_, writer_, from, origin));
        return note(entry, TRY(displace_tree(world_, writer_, workspace_, entry, from, origin, judge, set_aside)));
    }

    Result<> set_aside_files(const DirectoryRef& from, const Entry& entry, const Judge& judge, SetAside& set_aside)
    {
        const std::vector<std::string> names = TRY(all_names(reader_, from));
        for (const std::string& name : names) {
            const Attributes seen = TRY(reader_.attributes({from, name}));
            const Place place{{from, name}, seen};
            if (seen.size == 0 || TRY(is_elsewhere(place, entry, set_aside))) continue;
            TRY(note(entry, TRY(displace_file(world_, writer_, workspace_, entry, place, {DirectoryRef(), ""}, judge,
                                              set_aside))));
        }
        return {};
    }

    // Has the origin or the destination of a file's entry the same content, or what was set aside of it?
    Result<bool> is_elsewhere(const Place& place, const Entry& entry, const SetAside& set_aside)
    {
        for (const DirectoryRef& tree : set_aside.trees()) {
            const std::optional<Attributes> there = TRY(find(reader_, {tree, place.name}));
            if (there && TRY(held_by(reader_, place, {{tree, place.name}, *there}))) return true;
        }
        for (const Result<Name>& spot : {find_origin(world_, entry), find_destination(world_, entry)}) {
            if (!spot && is_absent(spot.error())) continue;
            if (!spot) return fail(spot.error());
            const std::optional<Attributes> there = TRY(find(reader_, *spot));
            if (there && TRY(held_by(reader_, place, {*spot, *there}))) return true;
        }
        return false;
    }

    [[nodiscard]] Result<DirectoryRef> destination_of(const Entry& entry) const
    {
        return opened(find_destination(world_, entry));
    }

    // Null where it is a link, or nothing. What cannot be opened is an error: taken for nothing, all of a copy would
    // count as unique.
    [[nodiscard]] Result<DirectoryRef> opened(const Result<Name>& spot) const
    {
        if (!spot && is_absent(spot.error())) return DirectoryRef();
        return survivor_below(reader_, TRY(spot));
    }

    Result<> note(const Entry& entry, Displaced displaced)
    {
        if (!displaced.name.empty()) result.set_aside.push_back({entry.name, std::move(displaced)});
        return {};
    }

    const World& world_;
    const Reader& reader_;
    Writer& writer_;
    Workspace& workspace_;
    const std::optional<Seal>& seal_;
    std::set<std::string> resumable_;
};

}  // namespace

Result<Claimed> clear_kept_copies(const World& world, Writer& writer, Workspace& workspace,
                                  const std::optional<Seal>& seal)
{
    Claimer claimer(world, writer, workspace, seal);
    for (const auto& [name, kept] : workspace.kept_copies) {
        if (!TRY(find(world.reader, {workspace.staging(), kept.name}))) continue;
        const Entry* const entry = entry_of_staging(world.layout, name);
        if (entry != nullptr) TRY(claimer.settle({workspace.staging(), kept.name}, *entry, kept.run));
        TRY(remove_own(world, writer, {workspace.staging(), origin_record_name(name, kept.run)}));
    }
    workspace.kept_copies.clear();
    return std::move(claimer.result);
}

Result<Claimed> claim_staging(const World& world, Writer& writer, Workspace& workspace, const std::optional<Seal>& seal,
                              const std::set<std::string>& resumable)
{
    Claimer claimer(world, writer, workspace, seal, resumable);
    // One that cannot go yet (on NFS, a file of it is still open somewhere) does not keep the others.
    std::optional<Error> refused;
    for (const std::string& name : TRY(names_in(world.reader, workspace.staging()))) {
        if (TRY(is_running_rehearsal(world.reader, {workspace.staging(), name}))) continue;
        if (!is_staging_name(name)) {
            claimer.result.foreign.push_back(name);
            continue;
        }
        if (name.ends_with(workspace.run())) continue;
        const Result<> cleared = claimer.clear(name);
        if (!cleared && !refused) refused = cleared.error();
    }
    if (refused) return fail(*refused);
    return std::move(claimer.result);
}

Result<> remove_scratch_staging(const World& world, Writer& writer, const Workspace& workspace)
{
    for (const std::string& name : TRY(names_in(world.reader, workspace.staging()))) {
        if (!is_scratch(name) || TRY(is_running_rehearsal(world.reader, {workspace.staging(), name}))) continue;
        TRY(remove_own(world, writer, {workspace.staging(), name}));
    }
    return {};
}

namespace {

// Each name goes to a directory of ours: of two who rename it, only one finds it.
Result<> claim_names(const Run& run, const Name& item, const DirectoryRef& to)
{
    const Result<DirectoryRef> from = run.world.reader.open_directory(item, Cross::no);
    if (!from && from.error().number == ENOENT) return {};
    for (const std::string& inner : TRY(names_in(run.world.reader, TRY(from)))) {
        Result<> renamed = run.writer.rename({*from, inner}, {to, inner}, Replace::no);
        if (!renamed && renamed.error().number != ENOENT) return renamed;
    }
    const Result<> removed = run.writer.remove_directory(item, Removal::empty_directory());
    return !removed && removed.error().number != ENOENT ? removed : Result<>{};
}

// What was being set aside of an entry, and waited for the copies inside its destination.
Result<> clear_displaced(const Run& run, const Entry& entry, Claimer& claimer)
{
    for (const std::string& name : TRY(all_names(run.world.reader, run.workspace.staging()))) {
        const StagingName parsed = parse_staging_name(name).value_or(StagingName{});
        const bool is_own = name.ends_with(run.workspace.run());
        if (is_displaced(parsed) && !is_own && entry_of_staging(run.world.layout, parsed.what) == &entry)
            TRY(claimer.clear(name));
    }
    return {};
}

}  // namespace

Result<std::vector<SetAsideCopy>> claim_staging_in(const Run& run, const Entry& entry, const DirectoryRef& destination)
{
    Claimer claimer(run.world, run.writer, run.workspace, run.seal);
    for (const std::string& name : TRY(names_in(run.world.reader, destination))) {
        if (!name.starts_with(mount_staging_prefix) || !is_staging_name(name)) continue;
        const StagingName parsed = parse_staging_name(name).value_or(StagingName{});
        if (parsed.what.ends_with(".probe") || parsed.what.ends_with(".clock")) {
            TRY(remove_own(run.world, run.writer, {destination, name}));
            continue;
        }
        const std::string claimed =
            mount_staging_prefix + std::string("claimed.") + parsed.run + "." + run.workspace.run();
        const DirectoryRef to = TRY(run.writer.make_directory({destination, claimed}, Mode{0700}));
        TRY(claim_names(run, {destination, name}, to));
        TRY(claimer.settle({destination, claimed}, entry, parsed.run));
        const std::string record = origin_record_name(entry.name, parsed.run);
        TRY(remove_own(run.world, run.writer, {run.workspace.staging(), record}));
    }
    TRY(clear_displaced(run, entry, claimer));
    return std::move(claimer.result.set_aside);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Adopting: the data of a mounted origin is copied to the destination, and the mount is left as it is. As long as it is
// the same mount, and nobody else has changed the copy, a later run copies it again. What that takes away is set aside
// first, so a mount that has lost its content takes nothing with it.
#include <algorithm>
#include <cerrno>
#include <set>

#include "engine/copy_fingerprint.hpp"
#include "engine/displaced_list.hpp"
#include "engine/displaced_name.hpp"
#include "engine/entry_move.hpp"
#include "engine/measure.hpp"
#include "engine/origin.hpp"
#include "engine/origin_record.hpp"
#include "engine/publish.hpp"
#include "engine/remove_tree.hpp"
#include "engine/retire.hpp"
#include "engine/same_content.hpp"
#include "model/adoption.hpp"

namespace mailstate {

namespace {

Result<Displaced> set_aside_what_goes(const Run& run, const Entry& entry, const Staged& staged, const Name& to)
{
    const Reader& reader = run.world.reader;
    SetAside none;  // each generation is whole by itself: an older one may be removed
    const Judge judge = TRY(Judge::make(run.world, entry, run.seal, none));
    if (entry.kind == Kind::directory)
        return displace_tree(run.world, run.writer, run.workspace, entry, TRY(reader.open_directory(to, Cross::no)),
                             TRY(reader.open_directory(staged, Cross::no)), judge, none);
    const Attributes seen = TRY(reader.attributes(to));
    return displace_file(run.world, run.writer, run.workspace, entry, {to, seen}, staged, judge, none);
}

Result<Generation> generation_of(const Run& run, const std::string& name)
{
    const DirectoryRef tree = TRY(run.world.reader.open_directory({run.workspace.displaced(), name}, Cross::no));
    const TreeSize size = TRY(measure_tree(run.world, tree));
    return Generation{name, size.bytes};
}

// What the destination may be like: the copies that the ledger knows. An older version knew none, and then it is what
// was compared with its record.
Result<std::vector<std::string>> known_copies(const Run& run, const Entry& entry, const Name& to)
{
    const LedgerEntry& record = run.workspace.ledger.entries.at(entry.name);
    if (record.adoption) return record.adoption->copies;
    return std::vector{TRY(copy_fingerprint(run.world, to))};
}

// Before the copies are exchanged: a run that is cut off between the two leaves either of them, and either is ours.
Result<> record_both_copies(const Run& run, const Entry& entry, const Adoption& fresh,
                            const std::vector<std::string>& known)
{
    LedgerEntry& record = run.workspace.ledger.entries.at(entry.name);
    Adoption both = fresh;
    both.amount = record.adoption ? record.adoption->amount : record.amount;
    both.copies.insert(both.copies.end(), known.begin(), known.end());
    record.adoption = std::move(both);
    return run.workspace.save_ledger();
}

// What the older copy had of its own is set aside by now; unless somebody has written into it since.
Result<> drop_older_copy(const Run& run, const Entry& entry, const Name& old, Done& done)
{
    const Result<Proof> proof = Removal::superseded_copy(run.world, run.workspace.ledger, entry.name, old);
    const bool is_aside = old.at == run.workspace.displaced();
    if (proof && is_aside) return remove_displaced(run.world, run.writer, run.workspace, old.name, *proof);
    if (proof) return remove_tree(run.world, run.writer, old, *proof);
    if (proof.error().number != EPERM) return fail(proof.error());
    std::string aside = old.name;
    if (!is_aside) aside = TRY(displace_whole(run.world, run.writer, run.workspace, entry, old));
    done.displaced.push_back({{}, std::move(aside)});
    return {};
}

// Returns where the older copy is then. Without an exchange (NFS) there is no destination between two renames: until
// the second, the older copy counts as set aside.
Result<Name> replace_older_copy(const Run& run, const Entry& entry, const Staged& staged, const Name& to)
{
    Name old{staged.at, staged.name};
    const Result<> exchanged = run.writer.rename(staged, to, Replace::exchange);
    if (!exchanged && !exchange_is_refused(exchanged.error())) return fail(exchanged.error());
    if (!exchanged) {
        old.name = TRY(displace_whole(run.world, run.writer, run.workspace, entry, to));
        old.at = run.workspace.displaced();
        const Result<> placed = run.writer.rename(staged, to, Replace::no);
        if (!placed) (void)run.writer.rename(old, to, Replace::no);  // else it stays set aside
        TRY(placed);
    }
    TRY(run.writer.sync_directory(to.at));
    return old;
}

// Names of what is set aside for an entry as a whole: without a manifest.
Result<std::vector<std::string>> names_set_aside_whole(const Run& run, const Entry& entry)
{
    std::set<std::string> names;
    TRY(each_name(run.world.reader, run.workspace.displaced(), [&](const std::string& name) -> Result<> {
        if (is_displaced_name(name)) names.insert(name);
        return {};
    }));
    std::vector<std::string> whole;
    for (const std::string& name : names) {
        const bool is_item = id_of_manifest(name).empty() && !names.contains(manifest_of(name));
        if (is_item && entry_in_displaced(name) == entry.name) whole.push_back(name);
    }
    return whole;
}

// A run that was killed at the two renames has left an older copy set aside. What that had of its own is in the
// generations, so it goes as soon as there is a newer one.
Result<> drop_copies_set_aside(const Run& run, const Entry& entry, const std::vector<Generation>& generations)
{
    for (const std::string& name : TRY(names_set_aside_whole(run, entry))) {
        const auto is_it = [&](const Generation& each) { return each.name == name; };
        if (std::ranges::any_of(generations, is_it)) continue;
        const Result<Proof> proof =
            Removal::superseded_copy(run.world, run.workspace.ledger, entry.name, {run.workspace.displaced(), name});
        if (proof) TRY(remove_displaced(run.world, run.writer, run.workspace, name, *proof));
    }
    return {};
}

Result<> refresh(const Run& run, const Entry& entry, const Staged& staged, const Name& to, Adoption& adoption,
                 Done& done)
{
    const std::vector<std::string> known = TRY(known_copies(run, entry, to));
    Displaced gone = TRY(set_aside_what_goes(run, entry, staged, to));
    if (!gone.name.empty()) {
        adoption.generations.push_back(TRY(generation_of(run, gone.name)));
        done.displaced.push_back(std::move(gone));
    }
    TRY(record_both_copies(run, entry, adoption, known));
    const Name old = TRY(replace_older_copy(run, entry, staged, to));
    TRY(drop_older_copy(run, entry, old, done));
    TRY(drop_copies_set_aside(run, entry, adoption.generations));
    return retire_generations(run, entry, adoption.generations);
}

// What was copied now, from where; with what earlier refreshes took away.
Result<Adoption> adoption_of(const Run& run, const Entry& entry, const Staged& staged)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    const TreeSize size = seen.size.value_or(TreeSize{});
    Adoption adoption;
    adoption.mount = seen.mount_identity;
    adoption.amount = {size.files, size.data};
    adoption.copies = {TRY(copy_fingerprint(run.world, staged))};
    const auto known = run.workspace.ledger.entries.find(entry.name);
    if (known != run.workspace.ledger.entries.end() && known->second.adoption)
        adoption.generations = known->second.adoption->generations;
    return adoption;
}

}  // namespace

Result<Done> adopt_entry(const Run& run, const EntryPlaces& places)
{
    Done done;
    const Entry& entry = places.entry;
    const Name& to = places.destination;
    const std::optional<Attributes> there = TRY(find(run.world.reader, to));
    const bool populated = there && run.survey.entries.at(entry.name).destination == DestinationState::populated;
    const Staged staged =
        TRY(stage_origin(run, places, {run.workspace.staging(), run.workspace.staging_name(entry.name)},
                         run.workspace.volume(), Cross::yes));
    done.copied = staged.totals.copied;
    done.sockets = staged.totals.sockets;
    Adoption adoption = TRY(adoption_of(run, entry, staged));
    if (populated && is_in_phase(run, entry, Phase::adopted)) {
        TRY(remove_origin_record(run, entry));  // what the exchange leaves in staging is not of this origin
        TRY(refresh(run, entry, staged, to, adoption, done));
    } else if (populated && have_same_content(run.world, entry.kind, staged, to)) {
        // An interrupted run, or one that could not write the ledger, has published this very copy.
        TRY(run.writer.sync_directory(to.at));
        TRY(remove_staged(run, entry, staged));
    } else {
        // What the destination holds was never a copy of this mount: nothing of it may be lost.
        if (populated) {
            std::string aside = TRY(displace_whole(run.world, run.writer, run.workspace, entry, to));
            done.displaced.push_back({{}, std::move(aside)});
        }
        (void)TRY(publish_staged(run, places, staged));
        if (!populated && is_in_phase(run, entry, Phase::adopted))
            TRY(drop_copies_set_aside(run, entry, adoption.generations));
    }
    run.workspace.ledger.entries[entry.name].adoption = std::move(adoption);
    TRY(record_phase(run, entry, Phase::adopted, &done));
    return done;
}

}  // namespace mailstate

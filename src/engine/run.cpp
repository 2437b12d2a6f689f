// SPDX-License-Identifier: MIT
#include "engine/run.hpp"

#include <cerrno>

#include "engine/split_path.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

// Made in staging and renamed into place: a kill between mkdir and chmod must not leave a directory that no service can
// pass, and that the next run takes for somebody's choice.
static Result<DirectoryRef> make_parent(const Run& run, const Name& item)
{
    Result<DirectoryRef> there = run.world.reader.open_directory(item, Cross::no);
    if (there || there.error().number != ENOENT) return there;
    const std::string staged = run.workspace.staging_name("parent");
    (void)TRY(run.writer.make_directory({run.workspace.staging(), staged}, Mode{0755}));
    const Result<> renamed = run.writer.rename({run.workspace.staging(), staged}, item, Replace::no);
    if (!renamed)
        (void)run.writer.remove_directory({run.workspace.staging(), staged},
                                          Removal::empty_directory());  // else the next run
    TRY(renamed);
    return run.world.reader.open_directory(item, Cross::no);
}

Result<Name> destination_of(const Run& run, const Entry& entry)
{
    const SplitPath path = split_path(entry.destination);
    DirectoryRef at = run.workspace.volume();
    for (const std::string& name : split_list(path.parent, '/')) at = TRY(make_parent(run, {at, name}));
    return Name{at, path.name};
}

Result<EntryPlaces> open_places(const Run& run, const Entry& entry)
{
    Name origin = TRY(find_origin(run.world, entry));
    Name destination = TRY(destination_of(run, entry));
    return EntryPlaces{entry, std::move(origin), std::move(destination)};
}

// A directory that holds names of its storage cannot be renamed over either.
static Result<bool> holds_names(const Run& run, const Entry& entry)
{
    const Name spot = TRY(find_destination(run.world, entry));
    const DirectoryRef destination = TRY(open_destination(run.world.reader, spot, Cross::no, std::nullopt));
    bool holds = false;
    TRY(each_name(run.world.reader, destination, [&](const std::string& /*name*/) -> Result<> {
        holds = true;
        return {};
    }));
    return holds;
}

bool is_filled_in_place(const Run& run, const Entry& entry)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    if (seen.destination_mount || run.as_user) return true;
    if (seen.destination != DestinationState::empty || entry.kind != Kind::directory) return false;
    return holds_names(run, entry).value_or(false);
}

Result<DirectoryRef> opened_destination(const Run& run, const Entry& entry, const Name& spot)
{
    const Cross cross = run.survey.entries.at(entry.name).destination_mount ? Cross::yes : Cross::no;
    return open_destination(run.world.reader, spot, cross, run.as_user);
}

bool is_in_phase(const Run& run, const Entry& entry, Phase phase)
{
    const auto found = run.workspace.ledger.entries.find(entry.name);
    return found != run.workspace.ledger.entries.end() && found->second.phase == phase;
}

void note_change(const Run& run, const Entry& entry, std::optional<Phase> after)
{
    EntryChange& change = change_of(run.workspace.ledger, entry.name);
    change.after = after;
    const std::optional<TreeSize>& size = run.survey.entries.at(entry.name).size;
    if (change.fingerprint.empty() && size) change.fingerprint = size->fingerprint;
}

void forget_entry(const Run& run, const Entry& entry)
{
    note_change(run, entry, std::nullopt);
    run.workspace.ledger.entries.erase(entry.name);
    std::erase_if(run.workspace.ledger.unrecorded, [&](const EntryChange& change) {
        return change.entry == entry.name && change.before == change.after && change.displaced.empty();
    });
}

Result<> where_there_is_room(const Result<>& saved)
{
    return !saved && is_lack_of_space(saved.error()) ? Result<>{} : saved;
}

Result<> record_linked(const Run& run, const Entry& entry)
{
    return where_there_is_room(record_phase(run, entry, Phase::linked));
}

Result<> record_phase(const Run& run, const Entry& entry, Phase phase, const Done* done, Workspace::Others others)
{
    note_change(run, entry, phase);
    LedgerEntry& record = run.workspace.ledger.entries[entry.name];
    record.phase = phase;
    run.workspace.ledger.interrupted.erase(entry.name);
    run.workspace.ledger.not_kept.erase(entry.name);
    // Taken up again: until the link is made, or the origin is emptied, the record beside it says that it is the newer.
    if (phase != Phase::published) {
        record.rollback.reset();
        record.returned.reset();
    }
    if (phase != Phase::adopted) record.adoption.reset();
    record.since = utc_now();
    if (done != nullptr) {
        record.amount = done->copied;
        const auto& size = run.survey.entries.at(entry.name).size;
        record.fingerprint = size ? size->fingerprint : "";
    }
    return run.workspace.save_ledger(others);
}

}  // namespace mailstate

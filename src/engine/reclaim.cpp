// SPDX-License-Identifier: MIT
#include "engine/reclaim.hpp"

#include <cerrno>

#include "engine/ledger_store.hpp"
#include "engine/remove_tree.hpp"
#include "engine/split_path.hpp"
#include "engine/workspace_names.hpp"
#include "engine/workspace_state.hpp"
#include "mailstate/posix/lock_state.hpp"

namespace mailstate {

namespace {

// What a record says, without when and by which runs: two of a kind are kept once.
std::string essence(Ledger ledger)
{
    ledger.runs.clear();
    ledger.unrecorded.clear();
    for (auto& [name, entry] : ledger.entries) {
        entry.since.clear();
        entry.amount = {};
        entry.fingerprint.clear();
    }
    return to_json_text(ledger);
}

std::optional<std::string> essence_of(const Reader& reader, const DirectoryRef& workspace)
{
    const Result<StoredLedger> stored = read_newest_ledger(reader, workspace);
    if (!stored) return std::nullopt;  // not readable: kept
    if (stored->said) return essence(*stored->said);
    return stored->ledger ? essence(*stored->ledger) : std::string();
}

// Names that the new one has already stay where they are.
Result<> carry_over(const Reader& reader, Writer& writer, const DirectoryRef& from, const DirectoryRef& to,
                    const char* name)
{
    const Result<DirectoryRef> old = reader.open_directory({from, name}, Cross::no);
    if (!old && is_absent(old.error())) return {};
    TRY(old);
    const DirectoryRef kept = TRY(make_or_open(reader, writer, {to, name}, Mode{0700}));
    for (const std::string& each : TRY(all_names(reader, *old))) {
        Result<> moved = writer.rename({*old, each}, {kept, each}, Replace::no);
        if (!moved && moved.error().number != EEXIST && moved.error().number != ENOTEMPTY) return moved;
    }
    return {};
}

// Nothing but records that only mailstate makes, and empty directories of its own?
Result<bool> holds_records_only(const Reader& reader, const DirectoryRef& workspace)
{
    for (const std::string& name : TRY(all_names(reader, workspace))) {
        const Attributes seen = TRY(reader.attributes({workspace, name}));
        if (seen.kind == Kind::directory) {
            const bool own = name == staging_directory || name == displaced_name || name == aside_name;
            if (!own || !TRY(all_names(reader, TRY(reader.open_directory({workspace, name}, Cross::no)))).empty())
                return false;
        } else if (seen.kind != Kind::regular || !is_record_name(name)) {
            return false;
        }
    }
    return true;
}

Result<bool> is_kept_already(const Reader& reader, const DirectoryRef& old, const DirectoryRef& aside)
{
    const std::optional<std::string> says = essence_of(reader, old);
    if (!says || !TRY(holds_records_only(reader, old))) return false;
    for (const std::string& name : TRY(all_names(reader, aside))) {
        const Result<DirectoryRef> kept = reader.open_directory({aside, name}, Cross::no);
        if (kept && essence_of(reader, *kept) == says) return true;
    }
    return says->empty();
}

// Another run may have done it meanwhile, and have begun a new one: that is what it goes by.
Result<> move_out_of_the_way(const Reader& reader, Writer& writer, const DirectoryRef& volume, const Attributes& seen,
                             const std::string& moved)
{
    const Result<> renamed = writer.rename({volume, workspace_name}, {volume, moved}, Replace::no);
    if (!renamed && renamed.error().number == ENOENT) return {};
    TRY(renamed);
    if (same_inode(TRY(reader.attributes({volume, moved})), seen)) return {};
    Result<> back = writer.rename({volume, moved}, {volume, workspace_name}, Replace::no);
    if (!back && back.error().number == EEXIST) return {};  // a third one was faster: both are kept
    return back;
}

// Closed first, then looked at: what is found then stays so.
Result<WorkspaceState> close_or_move(const Reader& reader, Writer& writer, const DirectoryRef& volume, Uid mine,
                                     const std::string& moved)
{
    const WorkspaceState before = TRY(state_of_workspace(reader, volume, mine));
    const std::optional<Attributes> seen = TRY(find(reader, {volume, workspace_name}));
    if (before == WorkspaceState::sound || !seen) return before;
    if (seen->owner.uid == mine)
        TRY(close_directory(reader, writer, TRY(reader.open_directory({volume, workspace_name}, Cross::no))));
    const Was was{before == WorkspaceState::widened};
    const WorkspaceState now = TRY(state_of_workspace(reader, volume, mine, was));
    if (before != WorkspaceState::foreign && now != WorkspaceState::foreign) return before;
    TRY(move_out_of_the_way(reader, writer, volume, *seen, moved));
    return WorkspaceState::foreign;
}

Result<> move_aside(const Reader& reader, Writer& writer, const Name& item, const std::string& run)
{
    const DirectoryRef aside = TRY(make_or_open(reader, writer, {item.at, aside_name}, Mode{0700}));
    return writer.rename(item, {aside, item.name + "." + run}, Replace::no);
}

Result<> renew(const Reader& reader, Writer& writer, const Name& item, const std::string& run)
{
    constexpr std::size_t limit = std::size_t{64} << 20U;  // bytes
    const Result<std::string> text = reader.read_file(item, limit);
    if (!text) return move_aside(reader, writer, item, run);
    return writer.replace_file(item, *text, Mode{0600}, TRY(Removal::own(item)));
}

Result<> keep_aside(const World& world, Writer& writer, const DirectoryRef& workspace, const Name& foreign)
{
    const Reader& reader = world.reader;
    const DirectoryRef old = TRY(reader.open_directory(foreign, Cross::no));
    TRY(carry_over(reader, writer, old, workspace, displaced_name));
    TRY(carry_over(reader, writer, old, workspace, aside_name));
    const DirectoryRef aside = TRY(make_or_open(reader, writer, {workspace, aside_name}, Mode{0700}));
    const Result<Path> place = reader.outer_location(old);
    const bool is_free = place && lock_state(place->string()) == LockState::free;  // else a run may be at work in it
    if (is_free && TRY(is_kept_already(reader, old, aside))) return remove_own(world, writer, foreign);
    TRY(writer.rename(foreign, {aside, foreign.name.substr(std::string_view(foreign_prefix).size())}, Replace::no));
    return writer.sync_directory(workspace);
}

}  // namespace

Result<Reclaimed> open_closed(const Reader& reader, Writer& writer, const DirectoryRef& volume, Closes closes,
                              const std::string& run)
{
    const auto opened = [&] { return make_or_open(reader, writer, {volume, workspace_name}, Mode{0700}); };
    if (closes == Closes::no) return Reclaimed{TRY(opened()), WorkspaceState::sound};
    const Uid mine = TRY(reader.process()).uid;
    constexpr int attempts = 5;  // the volume's owner may put another one there at any time
    for (int i = 1;; ++i) {
        const WorkspaceState state =
            TRY(close_or_move(reader, writer, volume, mine, foreign_prefix + run + (i > 1 ? std::to_string(i) : "")));
        DirectoryRef workspace = TRY(opened());
        const Attributes seen = TRY(reader.attributes(workspace));
        if (seen.owner.uid == mine || mine != Uid{0}) return Reclaimed{std::move(workspace), state};
        if (i == attempts)
            return fail(Error{EWOULDBLOCK, "", workspace->path().text(), "was given to another user again and again",
                              "Stop the process that creates it there, then start again."});
    }
}

Result<> close_directory(const Reader& reader, Writer& writer, const DirectoryRef& directory)
{
    constexpr Mode closed{0700};
    const Attributes seen = TRY(reader.attributes(directory));
    if ((seen.mode.bits & 077U) == 0) return {};
    (void)TRY(writer.change_ownership(directory, seen, seen.owner, closed));
    return {};
}

Result<> renew_records(const Reader& reader, Writer& writer, const DirectoryRef& workspace, const std::string& run)
{
    for (const std::string& name : TRY(all_names(reader, workspace))) {
        if (!is_record_name(name)) continue;
        const Attributes seen = TRY(reader.attributes({workspace, name}));
        const bool is_held = name == "lock" || name == "lease";  // by its inode
        const bool is_as_made = seen.kind == Kind::regular && (is_held || seen.links == 1);
        if (!is_as_made)
            TRY(move_aside(reader, writer, {workspace, name}, run));
        else if (is_held)
            (void)TRY(writer.change_ownership({workspace, name}, seen, seen.owner, Mode{0600}));
        else
            TRY(renew(reader, writer, {workspace, name}, run));
    }
    return {};
}

Result<> keep_foreign_aside(const World& world, Writer& writer, const DirectoryRef& volume,
                            const DirectoryRef& workspace)
{
    for (const std::string& name : TRY(all_names(world.reader, volume))) {
        if (!name.starts_with(foreign_prefix)) continue;
        Result<> kept = keep_aside(world, writer, workspace, {volume, name});
        if (!kept && kept.error().number == ECANCELED) return kept;
    }
    return {};
}

}  // namespace mailstate

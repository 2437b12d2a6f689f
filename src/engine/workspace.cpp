// SPDX-License-Identifier: MIT
#include "engine/workspace.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include "engine/digits.hpp"
#include "engine/ledger_trust.hpp"
#include "engine/reclaim.hpp"
#include "engine/removal.hpp"
#include "engine/workspace_state.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"
#include "mailstate/posix/lock_state.hpp"

namespace mailstate {

Result<bool> is_running_rehearsal(const Reader& reader, const Name& item)
{
    if (!item.name.starts_with(std::string(rehearsal_name) + ".")) return false;
    return lock_state((TRY(reader.outer_location(item.at)) / item.name).string()) != LockState::free;
}

Capabilities recorded_capabilities(const Reader& reader, const std::string& state_dir)
{
    const Result<DirectoryRef> volume = reader.open(Path(state_dir));
    if (!volume) return {};
    const Result<DirectoryRef> workspace = reader.open_directory({*volume, workspace_name}, Cross::no);
    if (!workspace) return {};
    const Result<std::optional<Ledger>> ledger = read_ledger(reader, *workspace);
    return ledger && *ledger ? (*ledger)->capabilities : Capabilities{};
}

// Of one that was given away while a run works in it. That run ends first: two would have two locks and two ledgers.
static Result<> await_run_in_foreign(const World& world, const DirectoryRef& volume, std::chrono::milliseconds timeout)
{
    constexpr std::chrono::milliseconds moment{100};
    const Uid mine = TRY(world.reader.process()).uid;
    for (std::chrono::milliseconds waited{0};; waited += moment) {
        if (TRY(state_of_workspace(world.reader, volume, mine)) != WorkspaceState::foreign) return {};
        const Result<DirectoryRef> workspace = world.reader.open_directory({volume, workspace_name}, Cross::no);
        const Result<Path> place = workspace ? world.reader.outer_location(*workspace) : fail(workspace.error());
        if (!place || lock_state(place->string()) != LockState::held) return {};
        if (world.stop.requested())
            return fail(Error{ECANCELED, "", place->string(), "interrupted while waiting for the lock", {}});
        if (waited >= timeout)
            return fail(Error{EWOULDBLOCK, "", place->string(),
                              "another run is using it, and it belongs to another user",
                              "Wait for that run to end, or give --lock-timeout more time."});
        std::this_thread::sleep_for(moment);
    }
}

Result<std::unique_ptr<Workspace>> Workspace::open(const World& world, Writer& writer,
                                                   std::chrono::milliseconds lock_timeout, DirectoryRef at)
{
    std::unique_ptr<Workspace> workspace(new Workspace(world, writer));
    Workspace& self = *workspace;
    // The volume's own descriptor is opened before the first write: syncfs on it sees every write-back error since.
    self.volume_ = TRY(world.reader.open(world.layout.state_dir));
    const bool on_volume = !at;
    self.at_ = at ? std::move(at) : self.volume_;
    self.run_ = random_digits();
    self.is_new_ = !TRY(find(world.reader, {self.at_, workspace_name}));
    const Closes closes{on_volume && keeps_owners_and_modes(TRY(world.reader.filesystem(self.volume_)))};
    if (closes == Closes::yes) TRY(await_run_in_foreign(world, self.at_, lock_timeout));
    const Reclaimed reclaimed = TRY(open_closed(world.reader, writer, self.at_, closes, self.run_));
    self.root_ = reclaimed.workspace;
    const char* const phase = world.progress.phase.exchange("waiting for another run to end");
    self.lock_ = TRY(writer.lock(self.root_, {lock_timeout, [&world] { return !world.stop.requested(); }}));
    world.progress.phase = phase;
    self.staging_ = TRY(make_or_open(world.reader, writer, {self.root_, staging_directory}, Mode{0700}));
    self.displaced_ = TRY(make_or_open(world.reader, writer, {self.root_, displaced_name}, Mode{0700}));
    if (closes == Closes::yes) TRY(self.reclaim(reclaimed.state));
    self.durable_ = durable_in(world.reader, self.displaced_);
    TRY(self.load_ledger());
    return workspace;
}

// What others have changed, behind the closed directory.
Result<> Workspace::reclaim(WorkspaceState state)
{
    for (const DirectoryRef& directory : {staging_, displaced_})
        TRY(close_directory(world_.reader, writer_, directory));
    const Result<DirectoryRef> aside = world_.reader.open_directory({root_, aside_name}, Cross::no);
    if (aside) TRY(close_directory(world_.reader, writer_, *aside));
    const bool was_open = state == WorkspaceState::widened || state == WorkspaceState::readable;
    if (was_open) TRY(renew_records(world_.reader, writer_, root_, run_));
    return keep_foreign_aside(world_, writer_, volume_, root_);
}

// Of a mistake in a text: "/var/mail-state/.mailstate/ledger.7.json:1:3".
static std::string file_of(const Error& mistake)
{
    constexpr std::string_view ending = ".json";
    const std::string name = split_path(mistake.subject).name;
    const std::size_t end = name.find(ending);
    return end == std::string::npos ? name : name.substr(0, end + ending.size());
}

Result<> Workspace::load_ledger()
{
    Result<StoredLedger> found = read_newest_ledger(world_.reader, root_);
    if (!found && found.error().number != 0) return fail(found.error());  // newer, or not readable now: not ours
    const std::vector<std::uint64_t> numbers = TRY(ledger_numbers(world_.reader, root_));
    number_ = numbers.empty() ? 0 : numbers.back();
    if (!found) broken_ledger_ = file_of(found.error());
    if (found && found->ledger) ledger = std::move(*found->ledger);
    base_ = ledger;
    return {};
}

// State is never deleted: what could not be read is set aside.
Result<> Workspace::set_broken_ledger_aside()
{
    if (broken_ledger_.empty()) return {};
    const Result<> moved =
        writer_.rename({root_, broken_ledger_}, {root_, "ledger.broken-" + run_ + ".json"}, Replace::no);
    if (!moved && moved.error().number != ENOENT) return fail(moved.error());
    broken_ledger_.clear();
    return {};
}

// Another run has written since: what it wrote, as the server has it now.
Result<> Workspace::take_over_newest(Others others)
{
    const auto refused = [&] {
        return fail(Error{EWOULDBLOCK, "", root_->path().text(), "another run has written the ledger meanwhile",
                          "Start again once that run has ended."});
    };
    if (others == Others::refuse) return refused();
    (void)world_.reader.fresh_attributes(
        {root_, mailstate::ledger_name(number_ + 1)});  // the listing is fresh from here
    StoredLedger newest = TRY(read_newest_ledger(world_.reader, root_));
    if (newest.ledger) {
        std::optional<Ledger> merged = merge(base_, ledger, *newest.ledger);
        if (!merged) return refused();
        ledger = std::move(*merged);
        base_ = std::move(*newest.ledger);
    }
    const std::vector<std::uint64_t> numbers = TRY(ledger_numbers(world_.reader, root_));
    if (!numbers.empty()) number_ = std::max(number_, numbers.back());
    return {};
}

// By another run: it has taken the number (EEXIST), or has cleared away our file of it as an interrupted run's, which
// an NFS client that has it open is told by ESTALE.
static bool is_overtaken(const Error& error)
{
    return error.number == EEXIST || error.number == ENOENT || error.number == ESTALE;
}

Result<> Workspace::save_ledger(Others others)
{
    TRY(set_broken_ledger_aside());
    constexpr int attempts = 16;
    for (int i = 1;; ++i) {
        Result<> written =
            write_ledger(world_.reader, writer_, root_, {staging_, staging_name("ledger")}, number_ + 1, ledger);
        if (!written && (!is_overtaken(written.error()) || i == attempts)) return written;
        if (written) break;
        TRY(take_over_newest(others));
    }
    ++number_;
    base_ = ledger;
    return {};
}

Result<> Workspace::remove_if_new()
{
    if (!is_new_) return {};
    // While the lock is held: once it is let go, they may be another run's.
    for (const char* name : {staging_directory, displaced_name}) {
        Result<> removed = writer_.remove_directory({root_, name}, Removal::empty_directory());
        if (!removed && removed.error().number == ENOTEMPTY) return {};  // taken over from a foreign workspace
        if (!removed) return removed;
    }
    TRY(writer_.remove_file({root_, "lock"}, TRY(Removal::own({root_, "lock"}))));
    lock_.reset();
    const Result<> removed = writer_.remove_directory({at_, workspace_name}, Removal::empty_directory());
    if (!removed && removed.error().number != ENOTEMPTY) return fail(removed.error());  // another run has made its lock
    return {};
}

Result<> Workspace::remove_if_bare()
{
    if (!TRY(ledger_numbers(world_.reader, root_)).empty()) return {};
    if (TRY(find(world_.reader, {root_, history_name}))) return {};
    for (const DirectoryRef& directory : {staging_, displaced_}) {
        std::vector<std::string> names;
        const std::unique_ptr<Listing> listing = TRY(world_.reader.list(directory));
        TRY(listing->next(names));
        if (!names.empty()) return {};
    }
    is_new_ = true;
    return remove_if_new();
}

Result<> Workspace::append_history(const RunRecord& record)
{
    return writer_.append_line({root_, history_name}, to_json_line(record));
}

Result<> record_run(Workspace& workspace, RunRecord record)
{
    record.finished = utc_now();
    record.host = workspace.host();
    Ledger& ledger = workspace.ledger;
    record.entries = ledger.unrecorded;
    // First: what the history has twice (a kill between the two) does no harm, what it lacks could never be rolled
    // back.
    Result<> appended = workspace.append_history(record);
    if (appended) ledger.unrecorded.clear();
    ledger.runs.push_back(std::move(record));
    if (ledger.runs.size() > runs_kept) ledger.runs.erase(ledger.runs.begin(), ledger.runs.end() - runs_kept);
    TRY(workspace.save_ledger());
    return appended;
}

}  // namespace mailstate

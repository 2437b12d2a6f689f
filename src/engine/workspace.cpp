// SPDX-License-Identifier: MIT
#include "engine/workspace.hpp"

#include <algorithm>
#include <cerrno>
#include <random>

#include "engine/ledger_trust.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/durability.hpp"
#include "mailstate/lock_state.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

std::string random_digits()
{
    std::random_device device;
    std::string text;
    for (int i = 0; i < 16; ++i) text += "0123456789abcdef"[device() % 16];
    return text;
}

namespace {

// mkdir, or open what is there. Only a directory that is not a link and not a mount will do.
Result<DirectoryRef> make_or_open(const Reader& reader, Writer& writer, const DirectoryRef& at, std::string_view name,
                                  Mode mode)
{
    Result<DirectoryRef> made = writer.make_directory(at, name, mode);
    if (made || made.error().number != EEXIST) return made;
    return reader.open_directory(at, name, Cross::no);
}

}  // namespace

SplitPath split_path(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {"", std::string(path)};
    const std::string parent(path.substr(0, slash));
    return {parent.empty() ? "/" : parent, std::string(path.substr(slash + 1))};
}

Result<DirectoryRef> open_below(const Reader& reader, DirectoryRef at, std::string_view relative)
{
    for (const std::string& name : split_list(relative, '/')) at = TRY(reader.open_directory(at, name, Cross::no));
    return at;
}

Result<DirectoryRef> make_below(const Reader& reader, Writer& writer, DirectoryRef at, std::string_view relative)
{
    for (const std::string& name : split_list(relative, '/'))
        at = TRY(make_or_open(reader, writer, at, name, Mode{0755}));
    return at;
}

bool is_staging_name(std::string_view name)
{
    constexpr std::string_view being_written = ".new";  // Writer::replace_file's own: ".<name>.new"
    if (name.starts_with('.') && name.ends_with(being_written)) name.remove_suffix(being_written.size());
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot - 1 != 16) return false;
    return name.find_first_not_of("0123456789abcdef", dot + 1) == std::string_view::npos;
}

Result<bool> is_running_rehearsal(const Reader& reader, const DirectoryRef& staging, const std::string& name)
{
    if (!name.starts_with(std::string(rehearsal_name) + ".")) return false;
    return lock_state((TRY(reader.outer_location(staging)) / name).string()) != LockState::free;
}

Result<std::optional<Ledger>> read_ledger(const Reader& reader, const DirectoryRef& workspace)
{
    const Result<std::string> text = reader.read_file(workspace, ledger_name, ledger_limit);
    if (!text && text.error().number == ENOENT) return std::optional<Ledger>{};
    if (!text) return fail(text.error());
    Ledger ledger = TRY(parse_ledger(workspace->path().text(ledger_name), *text));
    if (!TRY(is_roots_own(reader, workspace, ledger_name))) forget_numbers(ledger);
    return std::optional<Ledger>(std::move(ledger));
}

Capabilities recorded_capabilities(const Reader& reader, const std::string& state_dir)
{
    const Result<DirectoryRef> volume = reader.open(Path(state_dir));
    if (!volume) return {};
    const Result<DirectoryRef> workspace = reader.open_directory(*volume, workspace_name, Cross::no);
    if (!workspace) return {};
    const Result<std::optional<Ledger>> ledger = read_ledger(reader, *workspace);
    return ledger && *ledger ? (*ledger)->capabilities : Capabilities{};
}

Result<std::unique_ptr<Workspace>> Workspace::open(const World& world, Writer& writer,
                                                   std::chrono::milliseconds lock_timeout, DirectoryRef at)
{
    std::unique_ptr<Workspace> workspace(new Workspace(world, writer));
    Workspace& self = *workspace;
    // The volume's own descriptor is opened before the first write: syncfs on it sees every write-back error since.
    self.volume_ = TRY(world.reader.open(world.layout.state_dir));
    self.at_ = at ? std::move(at) : self.volume_;
    self.is_new_ = !TRY(find(world.reader, self.at_, workspace_name));
    self.root_ = TRY(make_or_open(world.reader, writer, self.at_, workspace_name, Mode{0700}));
    self.lock_ = TRY(writer.lock(self.root_, {lock_timeout, [&world] { return !world.stop.requested(); }}));
    self.staging_ = TRY(make_or_open(world.reader, writer, self.root_, staging_directory, Mode{0700}));
    self.displaced_ = TRY(make_or_open(world.reader, writer, self.root_, displaced_name, Mode{0700}));
    self.run_ = random_digits();
    self.durable_ = durable_in(world.reader, self.displaced_);
    TRY(self.load_ledger());
    return workspace;
}

Result<> Workspace::load_ledger()
{
    Result<std::optional<Ledger>> found = read_ledger(world_.reader, root_);
    if (found && *found) ledger = **found;
    if (found) return {};
    if (found.error().number != 0) return fail(found.error());  // newer, or not readable now: not ours to replace
    ledger_was_broken_ = true;
    return {};
}

Result<> Workspace::save_ledger()
{
    if (ledger_was_broken_) {  // State is never deleted: what could not be read is set aside.
        const std::string aside = "ledger.broken-" + run_ + ".json";
        const Result<> moved = writer_.rename(root_, ledger_name, root_, aside, Replace::no);
        if (!moved && moved.error().number != ENOENT) return fail(moved.error());
        ledger_was_broken_ = false;
    }
    return writer_.replace_file(root_, ledger_name, to_json_text(ledger), Mode{0600},
                                TRY(Removal::own(root_, ledger_name)));
}

Result<> Workspace::remove_if_new()
{
    if (!is_new_) return {};
    // While the lock is held: once it is let go, they may be another run's.
    for (const char* name : {staging_directory, displaced_name})
        TRY(writer_.remove_directory(root_, name, Removal::empty_directory()));
    TRY(writer_.remove_file(root_, "lock", TRY(Removal::own(root_, "lock"))));
    lock_.reset();
    const Result<> removed = writer_.remove_directory(at_, workspace_name, Removal::empty_directory());
    if (!removed && removed.error().number != ENOTEMPTY) return fail(removed.error());  // another run has made its lock
    return {};
}

Result<> Workspace::remove_if_bare()
{
    for (const char* name : {ledger_name, "history.jsonl"})
        if (TRY(find(world_.reader, root_, name))) return {};
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
    return writer_.append_line(root_, history_name, to_json_line(record));
}

Result<> record_run(Workspace& workspace, RunRecord record)
{
    record.finished = utc_now();
    record.host = this_holder().host;
    Ledger& ledger = workspace.ledger;
    record.entries = ledger.unrecorded;
    // First: what the history has twice (a kill between the two) does no harm, what it lacks could never be rolled
    // back.
    Result<> appended = workspace.append_history(record);
    if (appended) ledger.unrecorded.clear();
    ledger.runs.push_back(std::move(record));
    constexpr std::size_t runs_kept = 10;
    if (ledger.runs.size() > runs_kept) ledger.runs.erase(ledger.runs.begin(), ledger.runs.end() - runs_kept);
    TRY(workspace.save_ledger());
    return appended;
}

Result<std::vector<std::string>> Workspace::sweep_staging()
{
    std::vector<std::string> foreign, ours;
    TRY(each_name(world_.reader, staging_, [&](const std::string& name) -> Result<> {
        if (TRY(is_running_rehearsal(world_.reader, staging_, name))) return {};
        (is_staging_name(name) ? ours : foreign).push_back(name);
        return {};
    }));
    // One that cannot go yet (on NFS, a file of it is still open somewhere) does not keep the others.
    std::optional<Error> refused;
    for (const std::string& name : ours) {
        const Result<> removed = remove_own(world_, writer_, staging_, name);
        if (!removed && !refused) refused = removed.error();
    }
    if (refused) return fail(*refused);
    return foreign;
}

}  // namespace mailstate

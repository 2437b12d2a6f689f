// SPDX-License-Identifier: MIT
// The workspace on the volume, <volume>/.mailstate, root's alone (mode 0700):
//
//   lock, lease          who works here now
//   ledger.json          the record; history.jsonl, one line a run that changed something
//   staging/<entry>.<run>/   copies that are not complete yet; what an earlier run left is removed
//   staging/probe.<run>/     where the volume is tested
//   staging/rehearsal.<run>/ the clone of a rehearsal, which holds a lock of its own as long as it runs
//   displaced/<utc>-<entry>/ what was set aside, and <utc>-<entry>.json, its manifest
//
// Opening it changes nothing; it is made and locked when the first change is due.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "mailstate/engine.hpp"

namespace mailstate {

inline constexpr const char* workspace_name = ".mailstate";
inline constexpr const char* ledger_name = "ledger.json";
inline constexpr const char* staging_directory = "staging";
inline constexpr const char* displaced_name = "displaced";
inline constexpr const char* history_name = "history.jsonl";
inline constexpr std::size_t ledger_limit = 16U << 20U;  // bytes; a ledger has a few kilobytes

class Workspace {
public:
    // Makes what is missing, takes the lock, reads the ledger. EWOULDBLOCK: somebody else holds the lock.
    // at: the directory that it lies in; null: the state directory. A destination that is worked in as its user holds a
    // workspace of its own, since that user may not write elsewhere.
    static Result<std::unique_ptr<Workspace>> open(const World& world, Writer& writer,
                                                   std::chrono::milliseconds lock_timeout, DirectoryRef at = nullptr);

    [[nodiscard]] const DirectoryRef& volume() const { return volume_; }
    [[nodiscard]] const DirectoryRef& staging() const { return staging_; }
    [[nodiscard]] const DirectoryRef& displaced() const { return displaced_; }
    [[nodiscard]] const std::string& run() const { return run_; }  // 16 hexadecimal digits
    // A network filesystem reports write errors at fsync and close of the file, not at syncfs.
    [[nodiscard]] Durable durable() const { return durable_; }
    [[nodiscard]] std::string staging_name(const std::string& entry) const { return entry + "." + run_; }

    Ledger ledger;
    Result<> save_ledger();
    Result<> append_history(const RunRecord& record);

    // Takes back what open() made of a workspace that was not there before: nothing stays but what others put in.
    Result<> remove_if_new();
    [[nodiscard]] bool is_new() const { return is_new_; }
    // The same of one that an earlier open() of this program made, where nothing was put in since.
    Result<> remove_if_bare();

    // Removes staging of earlier runs: names of the form <entry>.<16 hexadecimal digits>. Others are not ours:
    // returned. A rehearsal that runs is passed over.
    Result<std::vector<std::string>> sweep_staging();

private:
    Workspace(const World& world, Writer& writer) : world_(world), writer_(writer) {}
    Result<> load_ledger();

    const World& world_;
    Writer& writer_;
    DirectoryRef volume_, at_, root_, staging_, displaced_;
    std::unique_ptr<Lock> lock_;
    std::string run_;
    Durable durable_ = Durable::no;
    bool ledger_was_broken_ = false;
    bool is_new_ = false;
};

// The run in the ledger, which keeps the last ten, and in the history. finished and host are filled in.
Result<> record_run(Workspace& workspace, RunRecord record);

// Reads the ledger without a lock, for probe. Nothing where there is none.
Result<std::optional<Ledger>> read_ledger(const Reader& reader, const DirectoryRef& workspace);

// What the volume can do, as the ledger on it has it; empty where it was never tested, or where that cannot be read.
Capabilities recorded_capabilities(const Reader& reader, const std::string& state_dir);

// Is this the name of something of ours in staging?
bool is_staging_name(std::string_view name);

// The clone of a rehearsal is "rehearsal.<run>". Is this one, of a rehearsal that runs now?
inline constexpr const char* rehearsal_name = "rehearsal";
Result<bool> is_running_rehearsal(const Reader& reader, const DirectoryRef& staging, const std::string& name);

// Opens a path of names below a directory, one by one. ENOENT, ELOOP, EXDEV as Reader::open_directory.
Result<DirectoryRef> open_below(const Reader& reader, DirectoryRef at, std::string_view relative);
// The same, making what is missing, mode 0755, owner root.
Result<DirectoryRef> make_below(const Reader& reader, Writer& writer, DirectoryRef at, std::string_view relative);

struct SplitPath {
    std::string parent, name;  // "/var/lib", "redis"; "etc", "postsrsd.secret"; "", "lib-redis"
};
SplitPath split_path(std::string_view path);

std::string random_digits();  // 16 hexadecimal digits, for names that nobody else makes

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The workspace on the volume, <volume>/.mailstate, root's alone (mode 0700):
//
//   lock                 who works here now
//   ledger.<n>.json      the record (ledger_store.hpp); history.jsonl, one line a run that changed something
//   staging/<entry>.<run>/   copies that are not complete yet, and .origin.<entry>.<run>, where they come from; what an
//                            earlier run left is claimed (claims.hpp)
//   staging/probe.<run>/     where the volume is tested
//   staging/rehearsal.<run>/ the clone of a rehearsal, which holds a lock of its own as long as it runs
//   displaced/<utc>-<entry>/ what was set aside, and <utc>-<entry>.json, its manifest
//   aside/<run>/             a workspace that belonged to another user (reclaim.hpp)
//
// Opening it changes nothing; it is made and locked when the first change is due.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "engine/ledger_store.hpp"
#include "engine/split_path.hpp"
#include "engine/staging_name.hpp"
#include "engine/workspace_names.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// A copy that an interrupted run has left, claimed by this one.
struct KeptCopy {
    std::string name, run;  // in staging; the 16 digits of who made it
};

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

    [[nodiscard]] std::string host() const { return world_.reader.holder().host; }

    std::map<std::string, KeptCopy> kept_copies;  // by entry: taken up again when that is copied

    Ledger ledger;
    // Under the next number. Where another run has written meanwhile, our changes go on top of its ledger, which is
    // ours from then on; EWOULDBLOCK where they cannot, and with Others::refuse.
    enum class Others { merge, refuse };
    Result<> save_ledger(Others others = Others::merge);
    // As it is on the volume now.
    [[nodiscard]] Result<std::optional<Ledger>> newest_ledger() const { return read_ledger(world_.reader, root_); }
    Result<> append_history(const RunRecord& record);

    // Takes back what open() made of a workspace that was not there before: nothing stays but what others put in.
    Result<> remove_if_new();
    [[nodiscard]] bool is_new() const { return is_new_; }
    // The same of one that an earlier open() of this program made, where nothing was put in since.
    Result<> remove_if_bare();

private:
    Workspace(const World& world, Writer& writer) : world_(world), writer_(writer) {}
    Result<> reclaim(WorkspaceState state);
    Result<> load_ledger();
    Result<> set_broken_ledger_aside();
    Result<> take_over_newest(Others others);

    const World& world_;
    Writer& writer_;
    DirectoryRef volume_, at_, root_, staging_, displaced_;
    std::unique_ptr<Lock> lock_;
    std::string run_;
    Durable durable_ = Durable::no;
    Ledger base_;                // as it was read or written last
    std::uint64_t number_ = 0;   // its number
    std::string broken_ledger_;  // the name of a file that could not be read
    bool is_new_ = false;
};

// The run in the ledger, which keeps the last ten, and in the history. finished and host are filled in.
Result<> record_run(Workspace& workspace, RunRecord record);

// What the volume can do, as the ledger on it has it; empty where it was never tested, or where that cannot be read.
Capabilities recorded_capabilities(const Reader& reader, const std::string& state_dir);

// The clone of a rehearsal is "rehearsal.<run>". Is this one, of a rehearsal that runs now?
Result<bool> is_running_rehearsal(const Reader& reader, const Name& item);

}  // namespace mailstate

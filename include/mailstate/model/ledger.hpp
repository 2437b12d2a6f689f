// SPDX-License-Identifier: MIT
// Ledger: the durable record on the volume, <volume>/.mailstate/ledger.<n>.json.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mailstate/base/amount.hpp"
#include "mailstate/base/result.hpp"
#include "mailstate/base/types.hpp"
#include "mailstate/model/capability.hpp"
#include "mailstate/posix/identity.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

inline constexpr int ledger_schema = 1;
inline constexpr std::size_t runs_kept = 10;

enum class Phase {
    publishing,  // a destination that is a mount point is being filled from `staging`, name by name
    published,   // the destination is whole; the origin may not be a link yet
    linked,
    adopted,      // the destination is a copy of a mounted origin, which is still what the service uses
    rolled_back,  // the origin is a directory or file again, and newer than the destination from then on
};
std::string_view name_of(Phase phase);

// What one refresh of an adopted entry took away from the copy, set aside.
struct Generation {
    std::string name;  // below .mailstate/displaced
    std::uint64_t bytes = 0;
    bool operator==(const Generation&) const = default;
};

// An adopted mount and its copy. As long as the same mount is there and nobody else has changed the copy, the mount is
// the newer of the two.
struct Adoption {
    std::string mount;  // which one: adoption.hpp
    Amount amount;      // of it, when it was copied last
    // The destination's, by copy_fingerprint(): of the copy that is there, and of one that was about to take its place.
    std::vector<std::string> copies;
    std::vector<Generation> generations;  // the oldest first
    bool operator==(const Adoption&) const = default;
};

struct LedgerEntry {
    Phase phase = Phase::published;
    Amount amount;
    std::string fingerprint;  // of the tree when it was published or adopted
    std::string staging;      // publishing: the name of the staging directory inside the destination
    std::string since;        // UTC
    std::optional<std::string>
        rollback;  // rolled_back, or published since: the record beside the origin that was rolled back says the same
    // rolled_back to what had been set aside: the origin's fingerprint. As long as it is that, the destination is
    // newer.
    std::optional<std::string> returned{};
    std::optional<Adoption> adoption{};  // adopted; nothing: by a version that did not record it
    bool operator==(const LedgerEntry&) const = default;
};

// Owners are being renumbered. Written before the first inode is changed, removed after the last.
struct Translation {
    Identities from, to;
    std::map<std::string, Timestamp> begun;  // by entry: its filesystem's clock; a later ctime means done
    bool operator==(const Translation&) const = default;
};

// What became of an entry in a run. A phase that is not there: the service used its origin, and the ledger knew nothing
// of it.
struct EntryChange {
    std::string entry;
    std::optional<Phase> before, after;
    std::string fingerprint;             // of the origin as it was before; empty where it was not measured
    std::vector<std::string> displaced;  // what was set aside on the way: names below .mailstate/displaced
    bool operator==(const EntryChange&) const = default;
};

struct RunRecord {
    std::string started, finished, host, version, command;
    int exit_code = 0;
    std::vector<std::string> changes;
    std::optional<std::vector<EntryChange>> entries{};  // nothing: of a version that did not keep them
    bool operator==(const RunRecord&) const = default;
};

// What a volume could not keep of an entry, which stays at its origin until one of the two is another.
struct NotKept {
    std::string volume;       // volume_identity() of the destination's filesystem
    std::string fingerprint;  // of the origin
    std::string what;         // the message
    bool is_sure = true;      // compared, or refused twice in a row; else the next start tries once more
    bool operator==(const NotKept&) const = default;
};

struct Ledger {
    std::string tool_version;
    std::string layout_name;
    int layout_version = 0;
    std::optional<Identities> identities;  // names and numbers of everything on the volume
    std::optional<Translation> translation;
    std::map<std::string, LedgerEntry> entries;
    // Entries whose destination the first run here found to be an interrupted copy of the origin, until that is moved.
    std::set<std::string> interrupted{};
    std::map<std::string, NotKept> not_kept{};   // by entry
    Capabilities capabilities;                   // as last tested
    std::string volume;                          // volume_identity() when they were tested
    std::map<std::string, TestedVolume> mounts;  // by entry: of destinations that are mounts of their own
    std::vector<RunRecord> runs;                 // the last ten that changed something
    // Changes that no line of the history has: of the run that is under way, or of one that was interrupted.
    std::vector<EntryChange> unrecorded{};
    bool operator==(const Ledger&) const = default;
};

// The entry's change among the unrecorded, made where it is missing, from the phase that the ledger has now. To be
// called before that is changed: several steps between two lines of the history are one change.
EntryChange& change_of(Ledger& ledger, const std::string& entry);

// What two runs have made of the same ledger, ours on top of theirs. Nothing where both have changed whose numbers are
// whose.
std::optional<Ledger> merge(const Ledger& base, const Ledger& ours, Ledger theirs);

// Error: not JSON or of the wrong shape: subject "file:line:column". ENOTSUP where the schema is newer than this
// program.
Result<Ledger> parse_ledger(std::string_view file_name, std::string_view text);
std::string to_json_text(const Ledger& ledger);
std::string to_json_line(const RunRecord& run);  // for history.jsonl, without the newline
Result<RunRecord> parse_run(std::string_view file_name, std::string_view line);

}  // namespace mailstate

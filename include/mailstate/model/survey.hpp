// SPDX-License-Identifier: MIT
// Survey: what probe saw. Plain data, so that planning is a pure function of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/layout.hpp"
#include "mailstate/model/ledger.hpp"
#include "mailstate/model/settings.hpp"
#include "mailstate/posix/identity.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

enum class OriginState {
    absent,
    directory,
    file,
    link_home,            // a link to the destination
    link_elsewhere,       // a link to another place, dangling or not
    mount_point,          // something is mounted on it
    mounts_below,         // a directory with mounts somewhere inside
    same_as_destination,  // a bind mount of the destination itself
    holds_volume,         // the state directory, or its own destination, is inside; `problem` says which
    in_volume,            // inside the state directory, and not its own destination
    other,                // FIFO, socket, device, or a directory where a file belongs and the reverse
    parent_missing,       // the directory that should hold it does not exist
    unreadable,           // the kernel refused to look; `problem` says why. The last: decide.cpp counts up to it
};

enum class DestinationState { absent, empty, populated, link, other, unreadable };

struct TreeSize {
    std::uint64_t files = 0;        // everything that is not a directory
    std::uint64_t directories = 0;  // the root counts
    std::uint64_t bytes = 0;        // allocated, of files and directories; a file of several names once
    std::string fingerprint;        // names, kinds, sizes, modes, owners, mtimes; independent of order
    std::uint64_t data = 0;         // bytes of content: no holes, no rest of a last block
    bool linked_outside = false;    // a file has more names than the tree has of it
    std::string held{};             // a file that was removed and that a process still has open, such as ".nfs0000a1"
    std::uint64_t leaving = 0;      // relative links that lead elsewhere from the destination, where that was asked
    std::string leaves{};           // the first of them: "sub/x → ../../shared/x"
    std::string unchangeable{};  // a directory that we may remove nothing from, where that was asked; "." is the root
    bool operator==(const TreeSize&) const = default;
};

struct MountSeen {  // what a person needs to find it in a compose file
    std::string mount_point, fs_type, source, subtree;
    bool read_only = false;
    bool operator==(const MountSeen&) const = default;
};

// A destination that was there before mailstate ever was, beside an origin: what is it to the origin?
enum class Likeness {
    different,    // it has something of its own: a service used it
    smaller,      // the same, and yet it holds less than half of what the origin does
    equal,        // it is all of the origin
    partial,      // all of it is the origin's, which has more; nothing shows why
    interrupted,  // the same, and `evidence` shows that a copy of the origin was interrupted
};

struct ForeignCopy {
    Likeness likeness = Likeness::different;
    std::string evidence;       // "/var/mail-state/lib-redis/dump.rdb ends after 300 KiB of 4.0 MiB"
    std::uint64_t lacking = 0;  // names that only the origin has
    TreeSize destination;       // without what its storage put there; not of a file that differs
    bool operator==(const ForeignCopy&) const = default;
};

struct EntrySurvey {
    OriginState origin = OriginState::absent;
    std::string link_text;          // where the origin is a link
    std::string other_kind;         // where it is `other`
    std::vector<MountSeen> mounts;  // at or below the origin
    std::optional<TreeSize> size;   // measured where the origin may be moved
    std::string mount_identity;     // of what is mounted, where it is adopted or may be: adoption.hpp
    bool origin_read_only = false;  // the filesystem that holds the origin's name
    bool origin_in_use = false;     // some process holds it open; `in_use_by` says who
    std::string in_use_by;
    // A directory that could become the destination by one rename: both are on one mount of a local filesystem, nothing
    // of the origin has names outside of it, and the destination is absent or an empty directory.
    bool exchangeable = false;
    bool unfinished_exchange = false;    // at the destination: the link of an interrupted exchange
    bool nested_link_in_origin = false;  // upstream's `ln -s` into a directory that was in the way
    bool nested_link_in_destination = false;
    bool leftover = false;  // something under our temporary name beside the origin: an earlier run was interrupted
    // Beside a link whose destination is gone: what the origin was before an exchange, with nothing removed from it.
    bool leftover_whole = false;
    std::string stuck_leftover;      // beside a link to the destination: its path, where nothing of it can be removed
    bool rollback_leftover = false;  // a roll back's directory beside the origin, see rollback.hpp
    bool rollback_staged = false;    // with more in it than its record
    std::string rollback_record;     // what that says; empty where there is none
    // Of an origin that was rolled back from a destination that is a mount of its own: both are alike, by names, kinds,
    // sizes, modes, owners and times.
    bool as_rolled_back = false;
    std::uint64_t owners_differ = 0;  // files that an ownership pass would change; 0 where it was not looked for
    std::uint64_t stale = 0;          // names in the destination that the layout declares stale; as above

    // Looked for where both are populated and no workspace was ever on the volume, or where an earlier run has found
    // it and was killed before it was done.
    std::optional<ForeignCopy> foreign_copy;

    // At a destination that no ledger knows: a link that will lead to itself once the origin is a link; relative.
    std::string link_loop;

    DestinationState destination = DestinationState::absent;
    std::string copy_fingerprint;    // of the copy of an adopted mount, as the ledger has it: adoption.hpp
    bool destination_mount = false;  // a mount point of its own; then with the filesystem and what it can do
    std::string shared_with;         // other entries whose destination is the same directory, or inside, or around it
    FilesystemFacts destination_filesystem;
    Capabilities capabilities;
    // The destination belongs to the one user that the entry's rules name, and that user is not the one who runs this:
    // where root has no access (root squash), it can be accessed as that user, with a separate workspace.
    std::optional<Owner> as_user;
    bool only_as_user = false;              // root may not even read it
    std::optional<LedgerEntry> own_record;  // in the ledger of that workspace
    bool publishing = false;                // the staging that a ledger says it is filled from is in the destination
    std::string destination_kind;           // where it is `other`
    std::string destination_link;           // where it is `link`: the component of its path that is one
    std::string problem;                    // where either is unreadable
    int problem_number = 0;                 // its errno
};

enum class VolumeState { absent, present, not_a_directory };

// What has become of the workspace since mailstate created it.
enum class WorkspaceState {
    sound,     // root's alone, or absent; or the filesystem does not keep owners and modes by itself
    readable,  // root's, but others may look into it
    widened,   // root's, but others may write in it
    foreign,   // it, or a record in it, belongs to another user or has several names
};

struct VolumeSurvey {
    VolumeState state = VolumeState::absent;
    bool mounted = false;  // is on another mount than the root
    FilesystemFacts filesystem;
    // Bytes that a move leaves free: 1.5 × message_size_limit, below which Postfix refuses mail (postconf(5),
    // queue_minfree). From main.cf; else for Postfix's default of 10,240,000.
    std::uint64_t headroom = 15'360'000;
    Capabilities capabilities;  // as tested, or as the ledger of this very volume has them
    bool tested_now = false;    // by this run
    // What the workspace .mailstate is: absent or usable, else the sentence that says why not.
    bool workspace_present = false;
    WorkspaceState workspace = WorkspaceState::sound;  // apply corrects any other
    std::string workspace_problem;
    std::vector<std::string> staging_leftovers;
    bool untouched = false;  // no workspace was ever on it
};

// "the destination has 3 files (12 KiB) of the origin's 40 (4.0 MiB), and nothing of its own"; of a partial or
// interrupted copy, or of a smaller one, which has.
std::string describe_foreign_copy(const EntrySurvey& seen);

// The one user and group that all of an entry's rules give everything to; nothing where there are several, or none.
std::optional<Owner> single_owner(const Entry& entry, const Identities& identities);

struct Survey {
    ProcessFacts process;
    VolumeSurvey volume;
    Identities identities;
    std::optional<Ledger> ledger;
    std::optional<Error> ledger_problem;  // unreadable, broken or from a newer version
    bool ledger_newer = false;
    std::map<std::string, GateResult> gates;     // by entry name; every entry of the layout
    std::map<std::string, EntrySurvey> entries;  // by entry name; only those that are enabled
    std::string start_script;                    // of the image, that moves state itself: start_script.hpp; else empty
    std::vector<Finding> findings;               // what was seen that belongs to no decision
};

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// May the copy of an adopted mount be refreshed? Only from the mount that it was made of, only as long as nobody else
// has changed the copy, and, unless that is confirmed, only where the mount has not lost most of what it had.
#pragma once

#include "mailstate/model/finding.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

// Which filesystem, and which directory of it: type, f_fsid and inode; where the filesystem has no f_fsid (NFS, FUSE):
// type, source and root. An overlay's inodes last no longer than its mount: there it is the upper layer that counts.
std::string mount_identity(const FilesystemFacts& facts, const Attributes& root);
std::string mount_identity(const MountSeen& mount);  // of what only the table tells of: type, source and root

enum class AdoptedMount {
    current,  // the copy is what the mount has
    newer,    // the mount has changed since
    empty,    // it is empty now
    shrunk,   // it has lost more than half of its files or bytes
    another,  // it is not the mount that was adopted
    changed,  // the mount aside, the copy is not as it was made
};
AdoptedMount look_at_adopted(const LedgerEntry& record, const EntrySurvey& seen);

// Why the copy is left as it is, and what to do. why: none of current and newer.
Finding refused_refresh(AdoptedMount why, const LedgerEntry& record, const EntrySurvey& seen, const std::string& entry,
                        const std::string& destination);

// What is worth knowing where the copy is current, and where this run makes it: the mount is what the services use
// until its line is gone, so a copy that is made while they start is never the last.
Finding current_copy(const EntrySurvey& seen, const std::string& entry);
Finding fresh_copy(const EntrySurvey& seen, const std::string& entry, bool command_follows);

// The copies of one mount that refreshes took away, newest last: those that may go, since only the newest and the
// largest are kept.
std::vector<Generation> superseded(const std::vector<Generation>& generations);

}  // namespace mailstate

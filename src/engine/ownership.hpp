// SPDX-License-Identifier: MIT
// Ownership: one parallel pass over an entry that finds what differs from the rules and hands it to an action. verify
// and the dry run count; apply changes.
#pragma once

#include <functional>

#include "engine/ownership_rules.hpp"
#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// How owners are to be translated in this pass. An inode whose ctime is later than the beginning was translated
// already, or chmod -R, fsGroup or a restored backup has touched it meanwhile: then only the numbers that nobody has
// any more tell.
struct Renumbered {
    Renumbering numbers;
    Renumbering vacated;  // those of them
    Timestamp begun;
};

struct Difference : Name {  // without a name: the directory itself
    Attributes seen;
    Wanted wanted;
    FilesystemClass filesystem;  // of the tree; network where it could not be told
    bool settled = false;        // nobody but root can put something else in the name's place
};

struct OwnershipPassOptions {
    const OwnershipRules* rules = nullptr;            // null: only renumbering
    const Renumbered* renumbered = nullptr;           // null: none
    const std::vector<std::string>* stale = nullptr;  // globs; null: not looked for
    const std::vector<std::string>* spare = nullptr;  // globs: not looked at; null: none
    bool root_only = false;                           // the entry and its direct children (--ownership=quick), and
                                                      // what lies in those of them that differ
    bool itself_only = false;                         // the entry, and nothing in it
    int jobs = 1;
};

struct OwnershipTotals {
    std::uint64_t looked_at = 0, different = 0;
    std::vector<std::string> foreign_links;  // hard links with names outside: not touched; the first few
    std::uint64_t foreign = 0;
    // With a number that is both old and new, in a translation: not changed since it began, and changed since.
    std::uint64_t decided = 0, undecided = 0;
    std::string example_of_undecided;  // the path of one
    std::vector<std::string> stale;    // relative paths of pid files and sockets that are dead
    std::vector<std::string> alive;    // of those that are not
    std::vector<std::string> unread;   // what kept others from being told: described errors
};

// Do the rules name the entry itself and nothing inside? A mail store of millions of files is not walked for that.
bool concerns_itself_only(const Entry& entry);

// act is called for each difference, from several threads; its error ends the pass. root is the entry's directory.
// A directory is handed over after what stands in it, the root last of all: while it still is root's, nobody else can
// put another name into it, and a root that is right says that the pass before came to its end.
Result<OwnershipTotals> ownership_pass(const World& world, const DirectoryRef& root,
                                       const OwnershipPassOptions& options,
                                       const std::function<Result<>(const Difference&)>& act);

// The same of a single file's entry.
Result<OwnershipTotals> ownership_of_file(const World& world, const Name& item, const OwnershipPassOptions& options,
                                          const std::function<Result<>(const Difference&)>& act);

}  // namespace mailstate

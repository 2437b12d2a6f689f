// SPDX-License-Identifier: MIT
// OriginCopy: how a run knows that a name of an origin is what it has copied, without a record of each file.
//
// Before the first byte is read, the origin's filesystem tells its time. A directory whose ctime is not later has had
// the same names since, and with it the same inodes behind them; an inode whose ctime is not later has had the same
// content since. So a file below directories that are all unchanged, itself unchanged, is the one that was copied: no
// rename, no link and no write escapes, whatever they do to times of content. Source: inode(7), "ctime"; a directory's
// content changes by create, unlink and rename only, which all set it.
#pragma once

#include <optional>

#include "engine/tree_walk.hpp"
#include "mailstate/fs/writer.hpp"

namespace mailstate {

// Are the names in a directory those that were copied?
enum class Names : bool { changed, as_copied };

class OriginCopy {
public:
    // Before the copy begins; at: the directory that holds the origin's name. Nothing where the filesystem does not
    // tell its time: then content is compared.
    static std::optional<OriginCopy> begin(const Reader& reader, Writer& writer, const Name& item);

    // The copy is synced and published: from here on, and not before, it proves anything.
    void publish() { published_ = true; }

    [[nodiscard]] Names names_in(const Attributes& directory) const;
    // Is this inode, below directories with the names as copied, unchanged? `copy` is what was published of it.
    [[nodiscard]] bool covers(const Attributes& item, const Attributes& copy) const;
    // The same of an origin that is one file.
    [[nodiscard]] bool covers_root(const Attributes& item, const Attributes& copy) const;

private:
    OriginCopy(Timestamp begun, const Attributes& root) : begun_(begun), root_(root) {}
    Timestamp begun_;
    Attributes root_;
    bool published_ = false;
};

}  // namespace mailstate

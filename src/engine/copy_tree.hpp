// SPDX-License-Identifier: MIT
// A faithful copy of a tree: types, modes with special bits, numeric owners, times, extended attributes and ACLs, hard
// links inside the tree, holes, links verbatim, FIFOs and device nodes. Sockets are not copied: they are dead without
// their listener.
#pragma once

#include <vector>

#include "engine/hard_links.hpp"
#include "engine/tree_walk.hpp"
#include "mailstate/base/amount.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/fs/writer.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

struct CopyTotals {
    Amount copied;
    std::vector<std::string> sockets;  // paths of those passed over, the first hundred
    std::vector<OutsideLink> outside;  // files that have other names outside the tree
};

struct CopyOptions {
    Cross cross = Cross::no;                       // yes: what is mounted below is copied too
    std::function<bool(const Place&)> takes = {};  // which names, and what is in them; empty: all. From any thread
    bool resumes = false;  // the copy that an interrupted run began: see resume.hpp. What is too much in it goes
    StorageNames storage = StorageNames::content;  // of a mount they always stay
};

// to: a new, empty directory, or one to be resumed, which gets the attributes of from at the end. On failure what was
// copied stays for the caller to remove. EBUSY: something changed while it was read.
Result<CopyTotals> copy_tree(const World& world, Writer& writer, const DirectoryRef& from, const DirectoryRef& to,
                             const CopyOptions& options);

// One name that is no directory and no socket, under a new name.
Result<std::uint64_t> copy_item(const World& world, Writer& writer, const Place& place, const Name& to,
                                Durable durable);

// EBUSY with the first difference between a tree and its copy: names, kinds, sizes, modes, owners, times, hard links;
// the content too with Content::yes, and extended attributes with and_attributes.
enum class Content { no, yes, and_attributes };
enum class Times : bool { exact, coarse };  // coarse: the copy's filesystem does not keep nanoseconds
struct Comparison {
    Comparison(Content how_much, Times how_fine = Times::exact) : content(how_much), times(how_fine) {}
    Content content;
    Times times;
    StorageNames storage = StorageNames::content;  // of a mount they always stay
    // For a tree that was meant to change: names that are not looked for in the copy, and what an item is to be like by
    // now, given what the copy is like. Empty: all, and as it was. From any thread.
    std::function<bool(const Place& place)> is_left_out = {};
    std::function<Attributes(const std::string& relative, const Attributes& was, const Attributes& is)> wanted = {};
    // Of an item that is alike in all else: are content and extended attributes compared, too, whatever `content` says?
    std::function<bool(const Attributes& from, const Attributes& copy)> is_doubtful = {};
    // Told of each item below the root that is as it should be.
    std::function<void(const std::string& relative, const Attributes& copy)> matched = {};
};
Result<> compare_trees(const World& world, const DirectoryRef& from, const DirectoryRef& to, Cross cross,
                       const Comparison& how);
Result<> compare_items(const World& world, const Place& from, const Place& to, const Comparison& how);

}  // namespace mailstate

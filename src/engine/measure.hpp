// SPDX-License-Identifier: MIT
// How large a tree is, and a fingerprint of its names and attributes. Reads no content.
#pragma once

#include <functional>

#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/survey.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

// Which names that are no directories count; empty: all. From any thread.
using Counts = std::function<bool(const Place&)>;

// Is it asked of each directory whether this process may empty it?
enum class AskRights : bool { no, yes };

struct MeasureOptions {
    Cross cross = Cross::no;  // yes counts what is mounted below too
    Counts counts = {};
    AskRights rights = AskRights::no;
    StorageNames storage = StorageNames::content;  // stay: those do not count; of a mount they never do
    std::string origin = {}, destination = {};  // where the tree is and will be, absolute: its relative links are read
};

// EXDEV where a mount is met with Cross::no.
Result<TreeSize> measure_tree(const World& world, const DirectoryRef& root, const MeasureOptions& options = {});

// The same of a single file.
TreeSize measure_file(const Attributes& attributes);

}  // namespace mailstate

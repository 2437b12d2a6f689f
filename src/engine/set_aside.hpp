// SPDX-License-Identifier: MIT
// SetAside: what earlier runs set aside of an entry, by the set-aside files themselves. A tree in displaced is its own
// index: what was at a path of the origin is at the same path of the tree, and is looked up and compared there. So a
// manifest proves nothing, and nothing is kept in memory for each name.
#pragma once

#include <string>
#include <vector>

#include "engine/origin_copy.hpp"

namespace mailstate {

class SetAside {
public:
    SetAside() = default;  // nothing was

    // Of <volume>/.mailstate/displaced: the newest trees with a manifest of this entry. A whole destination that was
    // set aside is none of them: it has no manifest, and a newer one may replace it.
    static Result<SetAside> find(const Reader& reader, const DirectoryRef& displaced, const std::string& entry);

    void add(DirectoryRef tree) { trees_.push_back(std::move(tree)); }
    [[nodiscard]] const std::vector<DirectoryRef>& trees() const { return trees_; }

private:
    std::vector<DirectoryRef> trees_;
};

// Where the content of one directory of an origin may live on.
struct Survivors {
    DirectoryRef kept;                // the destination's directory; null where it lacks that
    std::vector<DirectoryRef> aside;  // the same directory of each tree that was set aside and has it
    Names names = Names::changed;     // in the origin's directory
};

// A directory one level down; null where there is none. What is there and cannot be opened is an error: taken for none,
// everything below would count as lacking.
Result<DirectoryRef> counterpart(const Reader& reader, const Name& item);

// The survivors one level down.
Result<Survivors> survivors_below(const Reader& reader, const Survivors& above, const std::string& name);

}  // namespace mailstate

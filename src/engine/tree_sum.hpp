// SPDX-License-Identifier: MIT
// What a tree is made of, inode by inode, as one number: equal as long as nobody has touched anything in it. The root
// itself does not count: a rename touches it.
#pragma once

#include <atomic>

#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

class TreeSum {  // independent of the order; from any thread
public:
    void add(std::string_view relative, const Attributes& item);
    [[nodiscard]] Digest result() const { return {high_, low_}; }

private:
    std::atomic<std::uint64_t> high_{0}, low_{0};
};

Result<Digest> sum_of_tree(const World& world, const DirectoryRef& root);
Digest sum_of_file(const Attributes& attributes);

}  // namespace mailstate

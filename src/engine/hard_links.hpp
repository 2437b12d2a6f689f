// SPDX-License-Identifier: MIT
// Hard links inside a tree that is copied by several threads: the first name of an inode is copied, the others become
// links to that copy. Holds only inodes that have names still to come.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mailstate/base/types.hpp"

namespace mailstate {

struct OutsideLink {  // a file with names that were not seen
    std::string relative;
    Attributes seen;
};

class HardLinks {
public:
    // Empty for the thread that has to make the first copy, and then must call made() or failed(); else the path of
    // that copy, relative to the root of the copy, waiting for it if another thread is at it. Empty again after
    // failed().
    std::optional<std::string> first_copy(const Attributes& seen);
    void made(const Attributes& seen, std::string relative);
    void failed(const Attributes& seen);
    // After the walk: copies whose other names did not come.
    std::vector<OutsideLink> with_names_outside();

private:
    using Inode = std::pair<std::uint64_t, std::uint64_t>;  // device, inode
    struct Copy {
        std::optional<std::string> relative;  // nothing while it is being made
        std::uint32_t names_to_come = 0;
        Attributes seen;
    };
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<Inode, Copy> copies_;
};

}  // namespace mailstate

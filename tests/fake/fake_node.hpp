// SPDX-License-Identifier: MIT
// A file, a directory or whatever else has an inode in the fake filesystem.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "mailstate/base/types.hpp"

namespace mailstate {

struct FakeNode {
    Attributes attributes;  // links: 0 once it has lost its last name
    std::string content;    // of a file, or the text of a link
    std::map<std::string, std::string> extended;
    std::map<std::string, std::shared_ptr<FakeNode>, std::less<>> children;
    FakeNode* parent = nullptr;  // of a directory; null for the root of a filesystem
    std::string name;            // of a directory, in its parent
    bool listening = false;      // somebody, on a socket
};
using FakeNodeRef = std::shared_ptr<FakeNode>;

}  // namespace mailstate

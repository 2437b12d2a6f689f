// SPDX-License-Identifier: MIT
// Whose clock an inode's ctime is compared with, when owners are translated.
#pragma once

#include <map>
#include <string>

#include "engine/workspace.hpp"

namespace mailstate {

// The clock of the filesystem of each destination that exists, by entry name; "" is the volume's own.
Result<std::map<std::string, Timestamp>> clocks(const World& world, Writer& writer, const Workspace& workspace);
Timestamp begun_of(const Translation& translation, const std::string& entry);

}  // namespace mailstate

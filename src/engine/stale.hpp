// SPDX-License-Identifier: MIT
// Stale content: pid files, sockets and chroot remains that a layout declares dead at a start.
#pragma once

#include <optional>
#include <string>

#include "mailstate/finding.hpp"
#include "mailstate/reader.hpp"

namespace mailstate {

// A finding where the name is a pid file of a process that lives, and is no ancestor of this one: then it stays.
std::optional<Finding> alive(const Reader& reader, const DirectoryRef& at, const std::string& name,
                             const std::string& entry);

}  // namespace mailstate

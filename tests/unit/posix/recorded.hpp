// SPDX-License-Identifier: MIT
// Texts recorded from /proc of real systems, shortened.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace mailstate {

inline std::string recorded(const std::string& name)
{
    const auto path = std::string(MAILSTATE_SOURCE_DIR) + "/tests/unit/posix/recorded/" + name;
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Absolute, normalised paths compared by components: "/var/lib" is not below "/var/li".
#pragma once

#include <string_view>

namespace mailstate {

inline bool is_at_or_below(std::string_view directory, std::string_view path)
{
    if (directory == "/") return !path.empty() && path.front() == '/';
    return path.substr(0, directory.size()) == directory &&
           (path.size() == directory.size() || path[directory.size()] == '/');
}

// "/redis" of "/var/lib/redis" below "/var/lib"; "" for the directory itself, and of "/" below "/".
inline std::string_view rest_below(std::string_view directory, std::string_view path)
{
    if (directory == "/") return path == "/" ? std::string_view() : path;
    return path.substr(directory.size());
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Absolute, normalised paths compared by components: "/var/lib" is not below "/var/li".
#pragma once

#include <string>
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

// The inverse: "/var/lib/redis" of "/var/lib" and "/redis".
inline std::string path_of(std::string_view directory, std::string_view rest)
{
    std::string path(directory == "/" ? "" : directory);
    path += rest;
    return path.empty() ? "/" : path;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Paths of names, split and opened one by one.
#pragma once

#include <string>
#include <string_view>

#include "mailstate/fs/writer.hpp"

namespace mailstate {

struct SplitPath {
    std::string parent, name;  // "/var/lib", "redis"; "etc", "postsrsd.secret"; "", "lib-redis"
};
SplitPath split_path(std::string_view path);

// "/var/lib/../x//y/" without what a lookup would pass over: "/var/x/y". Links are not resolved.
std::string normalised(const std::string& text, const std::string& base);

// Opens a path of names below a directory. ENOENT, ELOOP, EXDEV as Reader::open_directory.
Result<DirectoryRef> open_below(const Reader& reader, DirectoryRef at, std::string_view relative);
// The same, making what is missing, mode 0755, owner root.
Result<DirectoryRef> make_below(const Reader& reader, Writer& writer, DirectoryRef at, std::string_view relative);

// One name: mkdir, or open what is there. Only a directory that is not a link and not a mount will do.
Result<DirectoryRef> make_or_open(const Reader& reader, Writer& writer, const Name& item, Mode mode);

}  // namespace mailstate

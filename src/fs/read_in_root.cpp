// SPDX-License-Identifier: MIT
#include "fs/read_in_root.hpp"

#include <cerrno>

namespace mailstate {

Result<std::string> read_in_root(const Reader& reader, std::string path, std::size_t limit)
{
    constexpr int link_limit = 40;  // as in the kernel: MAXSYMLINKS
    for (int links = 0; links <= link_limit; ++links) {
        const std::size_t slash = path.rfind('/');
        const std::string parent = path.substr(0, slash), name = path.substr(slash + 1);
        const DirectoryRef at = TRY(reader.open(parent.empty() ? "/" : parent));
        if (TRY(reader.attributes({at, name})).kind != Kind::symlink) return reader.read_file({at, name}, limit);
        const std::string text = TRY(reader.read_link({at, name}));
        // The directory may be a link itself: ".." in the text begins where that leads, as the kernel goes.
        path = text.starts_with('/') ? text : parent + "/" + text;
    }
    return fail({ELOOP, "open", path, {}, {}});
}

}  // namespace mailstate

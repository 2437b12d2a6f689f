// SPDX-License-Identifier: MIT
// A file of the image by its absolute path, as the programs in it would read it: links are followed, and never lead out
// of the reader's root.
#pragma once

#include <string>

#include "mailstate/fs/reader.hpp"

namespace mailstate {

// ELOOP after 40 links. EFBIG above limit bytes, EINVAL where the path is not a regular file in the end.
Result<std::string> read_in_root(const Reader& reader, std::string path, std::size_t limit);

}  // namespace mailstate

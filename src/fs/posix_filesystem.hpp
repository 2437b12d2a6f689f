// SPDX-License-Identifier: MIT
// Makes the POSIX implementations of the seam. `root` is the directory that everything is below: "/" or --root.
#pragma once

#include <memory>

#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/renumbering.hpp"
#include "mailstate/fs/writer.hpp"
#include "mailstate/fs/writer_limits.hpp"

namespace mailstate {

// Error: the root cannot be opened, or is no directory.
Result<std::unique_ptr<Reader>> make_posix_reader(const Path& root);
// The same of a directory that one of these readers has open: it stays that one, whoever renames it or puts another in
// its place.
Result<std::unique_ptr<Reader>> make_posix_reader_of(const DirectoryRef& root);
// All that is at or below `volume` (absolute, as seen below the root) is of `root`, all else of `other`, which is only
// read; `owners`: the numbers that its users have here. See JoinedReader.
Result<std::unique_ptr<Reader>> make_joined_reader(const Path& root, const Path& other, const std::string& volume,
                                                   Renumbering owners);
std::unique_ptr<Writer> make_posix_writer(WriterLimits limits = {});

}  // namespace mailstate

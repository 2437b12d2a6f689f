// SPDX-License-Identifier: MIT
// Two roots as one: the volume is this root's, all else is that of another one, such as the unpacked files of a
// container that was stopped. There nothing is ever changed (PosixWriter: EROFS), and owners are shown by the numbers
// that the same names have here.
#pragma once

#include "fs/posix_reader.hpp"

namespace mailstate {

class JoinedReader final : public PosixReader {
public:
    JoinedReader(Fd root, Fd other, std::string volume, Renumbering owners);

    Result<DirectoryRef> open(const Path& absolute) const override;
    Result<FilesystemFacts> filesystem(const DirectoryRef& directory) const override;  // of the other root: read-only
    Result<MountTable> mounts() const override;
    Result<Path> location(const DirectoryRef& directory) const override;

private:
    PosixReader other_;
    std::string volume_;  // absolute, as seen below the root
};

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The Listing of the POSIX implementation: getdents64(2) on a descriptor of its own.
#pragma once

#include <cstddef>
#include <memory>

#include "mailstate/fs/reader.hpp"
#include "posix/fd.hpp"

namespace mailstate {

class PosixListing final : public Listing {
public:
    // The descriptor's offset is the listing's: no other listing may share it.
    PosixListing(TreePath path, Fd fd);
    Result<> next(std::vector<std::string>& names) override;

private:
    TreePath path_;
    Fd fd_;
    std::unique_ptr<std::byte[]> buffer_;
};

}  // namespace mailstate

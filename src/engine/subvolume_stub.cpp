// SPDX-License-Identifier: MIT
#include "engine/subvolume_stub.hpp"

namespace mailstate {

bool is_subvolume_stub(const Reader& reader, const DirectoryRef& at, const Attributes& seen)
{
    constexpr std::uint64_t number = 2;
    if (seen.kind != Kind::directory || seen.inode != number) return false;
    const Result<FilesystemFacts> facts = reader.filesystem(at);  // elsewhere any directory may have that number
    return facts && facts->type == "btrfs";
}

}  // namespace mailstate

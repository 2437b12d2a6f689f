// SPDX-License-Identifier: MIT
// CAUTION: needs root. The conformance suite on real filesystems, a ctest for each.
#include "filesystem/posix_ground.hpp"

namespace mailstate {

namespace {

template <DiskType type>
std::unique_ptr<Ground> make(std::string& reason)
{
    Disk* const disk = shared_disk(type, reason);
    return disk == nullptr ? nullptr : std::make_unique<PosixGround>(*disk);
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Real, Filesystem,
                         testing::Values(GroundKind{"tmpfs", make<DiskType::tmpfs>},
                                         GroundKind{"ext4", make<DiskType::ext4>},
                                         GroundKind{"xfs", make<DiskType::xfs>},
                                         GroundKind{"btrfs", make<DiskType::btrfs>},
                                         GroundKind{"overlay", make<DiskType::overlay>}),
                         name_of_ground);

}  // namespace mailstate

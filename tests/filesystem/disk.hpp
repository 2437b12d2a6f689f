// SPDX-License-Identifier: MIT
// CAUTION: needs root. A filesystem for tests, mounted in a mount namespace of the process's own; images lie in memory,
// loop devices free themselves, and nothing outside a scratch directory is touched.
#pragma once

#include <memory>
#include <string>

#include "mailstate/base/noncopyable.hpp"
#include "support/scratch.hpp"

namespace mailstate {

enum class DiskType { tmpfs, ext4, xfs, btrfs, overlay };

class Disk : NonCopyable {
public:
    // Null, with the reason, where it cannot be made here.
    static std::unique_ptr<Disk> make(DiskType type, std::string& reason);
    ~Disk();

    // The filesystem is mounted on root()/disk.
    [[nodiscard]] std::string root() const { return scratch_.path("root"); }
    // A new directory on it, "/disk/area-1": as seen below root(). On an overlay it is one of the lower layer.
    [[nodiscard]] std::string new_area();

private:
    Disk() = default;
    [[nodiscard]] std::string mount(DiskType type) const;  // the reason why not, or ""
    [[nodiscard]] std::string mount_image(const std::string& type) const;
    [[nodiscard]] std::string mount_overlay() const;

    Scratch scratch_;
    int areas_ = 0;
};

}  // namespace mailstate

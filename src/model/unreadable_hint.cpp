// SPDX-License-Identifier: MIT
#include "model/unreadable_hint.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace mailstate {

namespace {

struct HintRow {
    int number;
    const char* hint;
};

constexpr const char* permissions =
    "Check the permissions of the directory and the capabilities of the container (DAC_OVERRIDE).";
constexpr const char* descriptors =
    "Allow this process more open files: ulimits: nofile in the compose file, or 'ulimit -n'.";

constexpr std::array hints{
    HintRow{0, permissions},
    HintRow{EACCES, permissions},
    HintRow{EPERM, permissions},
    HintRow{EMFILE, descriptors},
    HintRow{ENFILE, descriptors},
    HintRow{ENAMETOOLONG, "Shorten the name: with mailstate's prefix it is longer than the filesystem allows."},
    HintRow{E2BIG, "Move the deepest directories out of the entry."},
    HintRow{ENOTCONN, "The program behind this mount (FUSE) has ended: mount it again."},
    HintRow{ESTALE, "The server has lost this directory: mount it again."},
    HintRow{EIO, "The disk or its network has an error: see dmesg."},
    HintRow{EXDEV, "Something is mounted inside it: unmount it, or remove its line from the container's definition."},
};

}  // namespace

std::string unreadable_hint(int number)
{
    const auto* const row = std::ranges::find(hints, number, &HintRow::number);
    return row != hints.end() ? row->hint : "Correct the problem that the message names.";
}

}  // namespace mailstate

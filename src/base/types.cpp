// SPDX-License-Identifier: MIT
#include "mailstate/base/types.hpp"

namespace mailstate {

std::string_view name_of(Kind kind)
{
    switch (kind) {
        case Kind::regular:
            return "file";
        case Kind::directory:
            return "directory";
        case Kind::symlink:
            return "link";
        case Kind::fifo:
            return "fifo";
        case Kind::socket:
            return "socket";
        case Kind::char_device:
            return "character device";
        case Kind::block_device:
            return "block device";
    }
    return "unknown";
}

}  // namespace mailstate

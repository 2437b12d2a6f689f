// SPDX-License-Identifier: MIT
// The bytes of ACLs and file capabilities, as the kernel takes them: linux/posix_acl_xattr.h, linux/capability.h.
#pragma once

#include <cstdint>
#include <string>

namespace mailstate {

inline void append_little(std::string& bytes, std::uint32_t value, int size)
{
    for (int i = 0; i < size; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xffU);
}

// u::rw-, u:UID:PERM, g::r--, m::PERM|r, o::---
inline std::string acl_with_user(std::uint32_t uid, std::uint32_t permissions)
{
    constexpr std::uint32_t no_id = 0xffffffffU;
    std::string bytes;
    const auto entry = [&](std::uint32_t tag, std::uint32_t bits, std::uint32_t id) {
        append_little(bytes, tag, 2);
        append_little(bytes, bits, 2);
        append_little(bytes, id, 4);
    };
    append_little(bytes, 2, 4);  // the version
    entry(0x01, 6, no_id);       // the owner
    entry(0x02, permissions, uid);
    entry(0x04, 4, no_id);                // the group
    entry(0x10, permissions | 4, no_id);  // the mask
    entry(0x20, 0, no_id);                // others
    return bytes;
}

// VFS_CAP_REVISION_2, effective, CAP_NET_BIND_SERVICE permitted.
inline std::string net_bind_capability()
{
    std::string bytes;
    append_little(bytes, 0x02000001U, 4);
    append_little(bytes, 1U << 10U, 4);
    for (int i = 0; i < 3; ++i) append_little(bytes, 0, 4);
    return bytes;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What a test can have go wrong in the fake filesystem.
#pragma once

#include <functional>
#include <string_view>

namespace mailstate {

// Asked before each call with the kernel's name of it ("mkdirat", "renameat2", "statx", …) and the path that it is
// about; a number other than 0 is the errno it fails with. May be called from any thread.
using FakeHook = std::function<int(std::string_view call, std::string_view path)>;

// Success that is none, as some filesystems give it.
struct FakeQuirks {
    bool ignore_chown = false;     // bindfs --chown-ignore
    bool drop_sgid = false;        // NFS with root_squash
    bool forget_owners = false;    // CIFS with modefromsid: true for as long as the client remembers, see Reader::wait
    bool no_rename_flags = false;  // NFS: RENAME_EXCHANGE is EINVAL, RENAME_NOREPLACE too where the name is free
};

}  // namespace mailstate

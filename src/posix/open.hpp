// SPDX-License-Identifier: MIT
// openat2(2), and what stands in for it where a kernel before 5.6 or a seccomp profile refuses it.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailstate/base/result.hpp"
#include "posix/fd.hpp"

namespace mailstate {

struct At;  // posix/calls.hpp

bool has_openat2();

// openat2(2) with O_CLOEXEC; -1 and errno. EAGAIN (a rename elsewhere disturbed the walk) is tried again.
int open_resolved(int at, const char* path, int flags, std::uint64_t resolve);

// O_NOATIME is for the owner and CAP_FOWNER only: where it is EPERM, the open is done without. Call: int(int flags).
template <class Open>
int open_without_atime(int flags, Open open)
{
    const int number = open(flags | O_NOATIME);
    return number == -1 && errno == EPERM ? open(flags) : number;
}

// An absolute path below a root that is open, opened O_RDONLY | O_DIRECTORY. Links and mounts are followed; links and
// ".." never lead out of the root.
Result<Fd> open_in_root(int root, const std::string& path);

// EXDEV where the name, opened just now as this descriptor, is a mount point: what RESOLVE_NO_XDEV does, by asking
// which mount was reached.
Result<> refuse_other_mount(const At& at, std::string_view name, int opened);

// The same as open_in_root, a component at a time, without openat2.
Result<Fd> open_in_root_by_hand(int root, const std::string& path);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Makes this process believe in a kernel of before 5.3: openat2(2), fchmodat2(2) and copy_file_range(2) are ENOSYS, as
// they are on Linux 5.4, on Debian 12's 6.1 (fchmodat2) and under old seccomp profiles. Linked into a program of its
// own, because a filter is for good.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace mailstate {

namespace {

constexpr unsigned fchmodat2_number = 452;

bool forget_new_calls()
{
    constexpr unsigned refuse = SECCOMP_RET_ERRNO | ENOSYS;
    std::array<sock_filter, 6> program{{
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 3, 0, SYS_openat2},
        {BPF_JMP | BPF_JEQ | BPF_K, 2, 0, fchmodat2_number},
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SYS_copy_file_range},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        {BPF_RET | BPF_K, 0, 0, refuse},
    }};
    const sock_fprog filter{program.size(), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) return false;
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// Before main, so that no answer of the kernel has been kept yet.
const bool forgotten = [] {
    if (forget_new_calls()) return true;
    std::puts("left out: the kernel takes no seccomp filter");
    std::exit(0);  // NOLINT(concurrency-mt-unsafe): there is one thread
}();

}  // namespace

bool is_old_kernel()
{
    return forgotten;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Makes this process believe that files are one hole: SEEK_DATA finds nothing (ENXIO), as it has on ZFS for files whose
// data was not written out yet (openzfs #15526, #11900); or fails with the number in SEEK_DATA_ERRNO. Linked into a
// program of its own, because a filter is for good.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace mailstate {

namespace {

unsigned wanted_errno()
{
    const char* const number = std::getenv("SEEK_DATA_ERRNO");  // NOLINT(concurrency-mt-unsafe): there is one thread
    return number == nullptr ? ENXIO : static_cast<unsigned>(std::strtoul(number, nullptr, 10));
}

bool lie_about_data()
{
    constexpr unsigned third_argument = offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t);
    std::array<sock_filter, 6> program{{
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 2, SYS_lseek},
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, third_argument},
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SEEK_DATA},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | wanted_errno()},
    }};
    const sock_fprog filter{program.size(), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) return false;
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// Before main, so that no file has been copied yet.
const bool lies = [] {
    if (lie_about_data()) return true;
    std::puts("left out: the kernel takes no seccomp filter");
    std::exit(0);  // NOLINT(concurrency-mt-unsafe): there is one thread
}();

}  // namespace

bool has_lying_holes()
{
    return lies;
}

}  // namespace mailstate

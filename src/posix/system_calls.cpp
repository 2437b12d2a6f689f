// SPDX-License-Identifier: MIT
#include "posix/system_calls.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>

namespace mailstate {
namespace {

constexpr int nowhere = -1;  // no descriptor: EBADF, or ENOENT where the empty name is looked at first

// By its number: where the kernel lacks it, the C library answers in its place, and knows but some of the flags.
long ask_statx()
{
    struct statx found {};
    return ::syscall(SYS_statx, nowhere, "", 0, STATX_BASIC_STATS, &found);
}

long ask_openat2()
{
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    return ::syscall(SYS_openat2, nowhere, "", &how, sizeof how);
}

// With a flag: without one, the C library calls renameat(2).
long ask_renameat2()
{
    return ::syscall(SYS_renameat2, nowhere, "", nowhere, "", RENAME_NOREPLACE);
}

long ask_syncfs()
{
    return ::syncfs(nowhere);
}

long ask_mknodat()
{
    return ::mknodat(nowhere, "", S_IFREG | 0600, 0);
}

// Number 452 on every architecture but alpha; the headers of the day lack it.
long ask_fchmodat2()
{
    return ::syscall(452, nowhere, "", 0600, 0);
}

long ask_copy_file_range()
{
    return ::copy_file_range(nowhere, nullptr, nowhere, nullptr, 1, 0);
}

struct Row {
    std::string_view name;
    long (*ask)();
};

// In the order of SystemCall.
constexpr std::array rows{
    Row{"statx", ask_statx},
    Row{"openat2", ask_openat2},
    Row{"renameat2", ask_renameat2},
    Row{"syncfs", ask_syncfs},
    Row{"mknodat", ask_mknodat},
    Row{"fchmodat2", ask_fchmodat2},
    Row{"copy_file_range", ask_copy_file_range},
};

// The errno of the answer, asked once.
int answer_of(std::size_t index)
{
    static std::array<std::atomic<int>, rows.size()> answers{};  // 0: not asked yet
    std::atomic<int>& known = answers.at(index);
    int answer = known.load(std::memory_order_relaxed);
    if (answer != 0) return answer;
    do answer = rows.at(index).ask() == -1 ? errno : EBADF;
    while (answer == EINTR);
    known.store(answer, std::memory_order_relaxed);
    return answer;
}

bool is_refusal(int answer)
{
    return answer == EPERM || answer == EACCES;
}

}  // namespace

bool is_absent(SystemCall call)
{
    const int answer = answer_of(static_cast<std::size_t>(call));
    return answer == ENOSYS || is_refusal(answer);
}

std::vector<std::string> refused_system_calls()
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (is_refusal(answer_of(i))) names.emplace_back(rows.at(i).name);
    return names;
}

}  // namespace mailstate

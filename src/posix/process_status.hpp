// SPDX-License-Identifier: MIT
// What /proc says of one process: proc_pid_status(5), proc_pid_stat(5).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

namespace mailstate {

struct ProcessStatus {
    int parent = 0;  // 0 for a process whose parent is outside of the pid namespace
    int leader = 0;  // the thread group; another number than the one asked for is a thread
    bool zombie = false;
};

// Nothing where it is no text of /proc/<pid>/status.
std::optional<ProcessStatus> parse_process_status(std::string_view text);

// Field 22 of /proc/<pid>/stat: clock ticks after the boot. The command before it may hold blanks and parentheses.
std::optional<std::uint64_t> parse_start_ticks(std::string_view stat);

// Nothing where there is no such process, or no /proc.
std::optional<ProcessStatus> process_status(int pid);

// This process and those it descends from.
std::set<int> own_line();

}  // namespace mailstate

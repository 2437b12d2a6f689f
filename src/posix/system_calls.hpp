// SPDX-License-Identifier: MIT
// System calls that an old kernel lacks or a seccomp profile refuses. Old engines answer calls that they do not know
// with EPERM (moby#36417, openjdk#20484), which reads like a refusal of the file in question. So each call is asked
// for once a process with arguments for which the kernel itself has another answer: EPERM or ENOSYS there means that
// the call is absent, and whoever uses it does without.
#pragma once

#include <string>
#include <vector>

namespace mailstate {

enum class SystemCall { statx, openat2, renameat2, syncfs, mknodat, fchmodat2, copy_file_range };

bool is_absent(SystemCall call);

// The names of those that are refused with EPERM or EACCES: seccomp's work, since a kernel without them says ENOSYS.
std::vector<std::string> refused_system_calls();

}  // namespace mailstate

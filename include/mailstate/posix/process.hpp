// SPDX-License-Identifier: MIT
// What this process is and may do: proc_pid_status(5), capabilities(7), user_namespaces(7).
#pragma once

#include <string>
#include <vector>

#include "mailstate/base/result.hpp"
#include "mailstate/base/types.hpp"

namespace mailstate {

struct IdRange {  // one line of uid_map
    std::uint32_t inside = 0, outside = 0, count = 0;
};

struct ProcessFacts {
    Uid uid{0};
    std::uint64_t effective_capabilities = 0;  // bits as in linux/capability.h
    bool no_new_privs = false;
    std::vector<IdRange> uid_map, gid_map;
    std::vector<std::string> refused_calls;  // system calls that a seccomp profile refuses: "statx"; done without
    std::string container;  // "docker", "podman", "kubernetes", "lxc", "systemd-nspawn"; empty: none recognised
};

bool has_capability(const ProcessFacts& process, int capability);

Result<ProcessFacts> process_facts();

// Who we are, for the lock and the history. Fields that cannot be read are empty.
struct Holder {
    std::string host, container_id, boot_id, started;  // started: UTC
    int pid = 0;
    bool operator==(const Holder&) const = default;
};

Holder this_holder();

// Processes other than this one and its ancestors that hold something at or below the path open (descriptor, working
// directory or memory map); best effort: without CAP_SYS_PTRACE other users' processes cannot be seen.
struct OpenFile {
    int pid = 0;
    std::string command, path;
};
std::vector<OpenFile> open_below(const std::string& absolute_path);

// Is there a process with this id that is neither this one nor one of its ancestors?
bool is_foreign_process(int pid);

}  // namespace mailstate

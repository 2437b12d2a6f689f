// SPDX-License-Identifier: MIT
// Who holds something open: the links below /proc/<pid>/fd, cwd, and maps. Source: proc_pid_fd(5).
#include <dirent.h>
#include <signal.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "mailstate/process.hpp"
#include "mailstate/text.hpp"
#include "posix/below.hpp"
#include "posix/calls.hpp"
#include "posix/process_status.hpp"

namespace mailstate {
namespace {

constexpr std::size_t paths_a_process = 16;  // enough to tell a person what to stop

struct CloseDirectory {
    void operator()(DIR* directory) const { (void)::closedir(directory); }  // nothing was written
};

// Names in a directory of /proc; none where it may not be read or the process is gone.
std::vector<std::string> names_in(const std::string& path)
{
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
    if (directory == nullptr) return names;
    while (const auto* entry = ::readdir(directory.get())) names.emplace_back(entry->d_name);
    return names;
}

void note(std::vector<std::string>& held, const std::string& link, std::string_view below)
{
    const auto path = read_system_link(link);
    if (!path || !is_at_or_below(below, *path)) return;
    if (std::find(held.begin(), held.end(), *path) == held.end()) held.push_back(*path);
}

// "7f12-7f13 r--p 00000000 08:01 131 /var/lib/redis/dump.rdb"; a newline in a name is written as \\012.
// Source: proc_pid_maps(5).
std::optional<std::string> mapped_by(const std::string& process, std::string_view below)
{
    const Result<std::string> maps = read_system_file(process + "/maps");
    if (!maps) return std::nullopt;
    for (std::string_view rest = *maps; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t slash = line.find('/');
        if (slash != std::string_view::npos && is_at_or_below(below, line.substr(slash)))
            return std::string(line.substr(slash));
    }
    return std::nullopt;
}

std::vector<std::string> held_by(const std::string& process, std::string_view below, Mapped mapped)
{
    std::vector<std::string> held;
    note(held, process + "/cwd", below);
    for (const auto& name : names_in(process + "/fd")) {
        if (held.size() >= paths_a_process) break;
        note(held, process + "/fd/" + name, below);
    }
    if (held.empty() && mapped == Mapped::yes)
        if (auto path = mapped_by(process, below)) held.push_back(std::move(*path));
    return held;
}

std::optional<int> pid_of(const std::string& name)
{
    const auto number = parse_decimal(name);
    return number && *number <= 0x7fffffff ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

}  // namespace

std::vector<OpenFile> open_below(const std::string& absolute_path, Mapped mapped)
{
    std::vector<OpenFile> found;
    const auto own = own_line();
    for (const auto& name : names_in("/proc")) {
        const auto pid = pid_of(name);
        if (!pid || own.contains(*pid)) continue;
        const auto process = "/proc/" + name;
        const auto held = held_by(process, absolute_path, mapped);
        if (held.empty()) continue;
        const auto command = read_system_file(process + "/comm").value_or(std::string());
        for (const auto& path : held) found.push_back({*pid, std::string(trim(command)), path});
    }
    return found;
}

bool is_foreign_process(int pid)
{
    if (pid <= 0) return false;
    const auto status = process_status(pid);
    // Without /proc, or with hidepid=2, kill(2) still tells.
    if (!status) return !own_line().contains(pid) && (::kill(pid, 0) == 0 || errno == EPERM);
    // A thread is no process, and a zombie can hold nothing any more.
    return status->leader == pid && !status->zombie && !own_line().contains(pid);
}

}  // namespace mailstate

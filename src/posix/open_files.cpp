// SPDX-License-Identifier: MIT
// Who holds something open: the links below /proc/<pid>/fd, cwd, and maps. Source: proc_pid_fd(5).
//
// What a link says is a path in that process's mount namespace: it is translated by that process's mountinfo. A process
// that works in another container on the very same path is none of ours, and one that comes by another path is.
#include <dirent.h>
#include <signal.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "mailstate/base/text.hpp"
#include "mailstate/posix/process.hpp"
#include "posix/below.hpp"
#include "posix/calls.hpp"
#include "posix/held_place.hpp"
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

Result<MountTable> mounts_of(const std::string& process)
{
    return parse_mountinfo(TRY(read_system_file(process + "/mountinfo")));
}

// What is asked for, in the eyes of each process.
class Sought {
public:
    explicit Sought(std::string path)
        : path_(std::move(path)), own_namespace_(read_system_link("/proc/self/ns/mnt").value_or(""))
    {
        const auto mounts = mounts_of("/proc/self");
        if (!mounts) return;
        place_ = inner_place(*mounts, path_);
        if (place_) views_.emplace(own_namespace_ + " /", PlaceInView({"/", *mounts}, *place_));
    }

    // Made once for each namespace and root. Null: nothing is known but the text.
    const PlaceInView* seen_by(const std::string& process)
    {
        const auto name_space = read_system_link(process + "/ns/mnt");
        is_own_ = !name_space || *name_space == own_namespace_;
        if (!place_ || !name_space) return nullptr;
        // Our own table starts at our own root, and so do the texts of links in our own namespace.
        const std::string root = is_own_ ? "/" : read_system_link(process + "/root").value_or("/");
        const std::string key = *name_space + " " + root;
        if (const auto known = views_.find(key); known != views_.end()) return &known->second;
        const auto mounts = mounts_of(process);
        if (!mounts) return nullptr;
        return &views_.emplace(key, PlaceInView({root, *mounts}, *place_)).first->second;
    }

    // In our own namespace the text counts, too: what is mounted in the place and held there keeps it busy.
    [[nodiscard]] bool is_held(const PlaceInView* view, std::string_view text) const
    {
        const bool by_text = is_own_ || view == nullptr;
        return (by_text && is_at_or_below(path_, text)) || (view != nullptr && view->holds(text));
    }

private:
    std::string path_, own_namespace_;
    std::optional<InnerPlace> place_;
    std::map<std::string, PlaceInView> views_;
    bool is_own_ = true;  // the namespace of the process that was asked for last
};

using IsHeld = std::function<bool(std::string_view text)>;

void note(std::vector<std::string>& held, const std::string& link, const IsHeld& is_held)
{
    const auto path = read_system_link(link);
    if (!path || !is_held(*path)) return;
    if (std::find(held.begin(), held.end(), *path) == held.end()) held.push_back(*path);
}

// "7f12-7f13 r--p 00000000 08:01 131 /var/lib/redis/dump.rdb"; a newline in a name is written as \\012.
// Source: proc_pid_maps(5).
std::optional<std::string> mapped_by(const std::string& process, const IsHeld& is_held)
{
    const Result<std::string> maps = read_system_file(process + "/maps");
    if (!maps) return std::nullopt;
    for (std::string_view rest = *maps; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t slash = line.find('/');
        if (slash != std::string_view::npos && is_held(line.substr(slash))) return std::string(line.substr(slash));
    }
    return std::nullopt;
}

std::vector<std::string> held_by(const std::string& process, const IsHeld& is_held)
{
    std::vector<std::string> held;
    note(held, process + "/cwd", is_held);
    for (const auto& name : names_in(process + "/fd")) {
        if (held.size() >= paths_a_process) break;
        note(held, process + "/fd/" + name, is_held);
    }
    if (held.empty())
        if (auto path = mapped_by(process, is_held)) held.push_back(std::move(*path));
    return held;
}

std::optional<int> pid_of(const std::string& name)
{
    const auto number = parse_decimal(name);
    return number && *number <= 0x7fffffff ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

}  // namespace

std::vector<OpenFile> open_below(const std::string& absolute_path)
{
    std::vector<OpenFile> found;
    Sought sought(absolute_path);
    const auto own = own_line();
    for (const auto& name : names_in("/proc")) {
        const auto pid = pid_of(name);
        if (!pid || own.contains(*pid)) continue;
        const auto process = "/proc/" + name;
        const PlaceInView* const view = sought.seen_by(process);
        const auto is_held = [&](std::string_view text) { return sought.is_held(view, text); };
        const auto held = held_by(process, is_held);
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

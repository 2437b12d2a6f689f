// SPDX-License-Identifier: MIT
// Where something is, whatever path leads there. The same text is another place in another mount namespace, and one
// place has several texts: bind mounts, a root of one's own. (Filesystem, path inside it) is the same for everybody,
// and the lines of a process's /proc/<pid>/mountinfo tell how its paths translate.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/posix/mount_table.hpp"

namespace mailstate {

struct InnerPlace {
    std::uint64_t device = 0;  // as mountinfo has it: of the filesystem, not of a btrfs subvolume
    std::string path;          // inside the filesystem
    bool operator==(const InnerPlace&) const = default;
};

// Of an absolute path as the table's process sees it; nothing where no mount of the table covers it.
std::optional<InnerPlace> inner_place(const MountTable& table, std::string_view path);

// The paths of the table's process under which the place, or a part of it, may be seen. What is mounted over them is
// not looked at: ask inner_place() of what is found below one.
std::vector<std::string> ways_to(const MountTable& table, const InnerPlace& place);

// How a process sees its files.
struct View {
    // Links below /proc/<pid> are spelled from the top of the mount namespace (fs/d_path.c, prepend_path), mountinfo
    // from the process's own root (fs/proc_namespace.c, show_mountinfo).
    std::string root = "/";
    MountTable mounts;
};

// Does the text of a link below /proc/<pid> lead to the place, or to something in it?
class PlaceInView {
public:
    PlaceInView(View view, InnerPlace place);
    [[nodiscard]] bool holds(std::string_view link_text) const;

private:
    View view_;
    InnerPlace place_;
    std::vector<std::string> ways_;
};

}  // namespace mailstate

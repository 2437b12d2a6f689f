// SPDX-License-Identifier: MIT
#include "model/mount_hint.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// A named volume of Docker or podman is at …/volumes/NAME/_data on the host: its compose line says just NAME.
std::string volume_name(const std::string& subtree)
{
    static const std::string volumes = "/volumes/", data = "/_data";
    const std::size_t begin = subtree.rfind(volumes);
    if (begin == std::string::npos || !subtree.ends_with(data)) return "";
    const std::size_t from = begin + volumes.size();
    return subtree.substr(from, subtree.size() - data.size() - from);
}

bool has(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

// An anonymous volume has 64 hexadecimal digits for a name, and its line none.
bool is_anonymous(const std::string& name)
{
    constexpr std::size_t digits = 64;
    return name.size() == digits && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// What made the mount, as the operator wrote it: the kernel does not know the host's path of the filesystem.
std::string line_of(const MountSeen& mount)
{
    const std::string at = printable(mount.mount_point);
    const bool is_whole = mount.subtree.empty() || mount.subtree == "/";  // or a directory of another mount, bound here
    if (has(mount.subtree, "/kubelet/pods/") || has(mount.subtree, "/volume-subpaths/") ||
        has(mount.subtree, "kubernetes.io~"))
        return "the volumeMounts entry with mountPath " + at;
    if (is_whole && (mount.fs_type == "tmpfs" || mount.fs_type == "ramfs"))
        return "the tmpfs entry for " + at + " (tmpfs: in the compose file, --tmpfs of docker run)";
    const std::string name = volume_name(mount.subtree);
    if (is_anonymous(name)) return "the line '- " + at + "' of an anonymous volume, or VOLUME " + at + " in the image";
    if (!name.empty()) return "the line like '- " + printable(name) + ":" + at + "' from the compose file";
    if (!is_whole) return "the line like '- …" + printable(mount.subtree) + ":" + at + "' from the compose file";
    return "the volume's line that ends in ':" + at + "' from the compose file";
}

}  // namespace

std::string describe_mounts(const EntrySurvey& seen)
{
    if (seen.mounts.empty()) return "something is mounted there";
    const MountSeen& first = seen.mounts.front();
    std::string text = first.fs_type + " " + printable(first.source);
    if (first.subtree != "/" && !first.subtree.empty()) text += " (subtree " + printable(first.subtree) + ")";
    text += " is mounted at " + printable(first.mount_point);
    if (seen.mounts.size() > 1)
        text += ", and " + human_count(seen.mounts.size() - 1, "more mount", "more mounts") + " below";
    return text;
}

std::string mount_lines(const EntrySurvey& seen)
{
    std::string lines;
    for (const MountSeen& mount : seen.mounts) lines += (lines.empty() ? "" : " and ") + line_of(mount);
    return lines.empty() ? "the line of the mount from the compose file" : lines;
}

std::string mount_hint(const EntrySurvey& seen)
{
    return "To use the volume instead: stop the services, run 'mailstate apply --adopt-mounts' alone in a one-off "
           "container with the same mounts, remove " +
           mount_lines(seen) + ", then start the services.";
}

}  // namespace mailstate

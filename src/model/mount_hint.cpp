// SPDX-License-Identifier: MIT
#include "model/mount_hint.hpp"

#include "mailstate/text.hpp"

namespace mailstate {

namespace {

// A named volume of Docker or podman lies at …/volumes/NAME/_data on the host: its compose line says just NAME.
std::string volume_name(const std::string& subtree)
{
    static const std::string volumes = "/volumes/", data = "/_data";
    const std::size_t begin = subtree.rfind(volumes);
    if (begin == std::string::npos || !subtree.ends_with(data)) return "";
    const std::size_t from = begin + volumes.size();
    return subtree.substr(from, subtree.size() - data.size() - from);
}

// The left side of the compose line, as well as the kernel knows it: it does not know the host's path of the
// filesystem.
std::string compose_source(const MountSeen& mount)
{
    std::string name = volume_name(mount.subtree);
    if (!name.empty()) return name;
    if (mount.subtree != "/" && !mount.subtree.empty()) return "…" + mount.subtree;
    return mount.source.empty() ? "…" : mount.source;
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
    for (const MountSeen& mount : seen.mounts) {
        if (!lines.empty()) lines += " and ";
        lines += "'- " + printable(compose_source(mount)) + ":" + printable(mount.mount_point) + "'";
    }
    return "the line like " + lines + " from the compose file";
}

std::string mount_hint(const EntrySurvey& seen)
{
    return "To use the volume instead: stop the services, run 'mailstate apply --adopt-mounts' alone in a one-off "
           "container with the same mounts, remove " +
           mount_lines(seen) + ", then start.";
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What of docker-mailserver's configuration folder is here to be read. A mount of it that leads to a volume, or to a
// path that another machine has, shows nothing; then nothing that the folder may hold is known to be absent.
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/gathering.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

// Folders in it that no rule reads.
constexpr std::array<std::string_view, 2> without_rules{"/tmp/docker-mailserver/ssl",
                                                        "/tmp/docker-mailserver/opendkim"};

bool is_of_the_folder(const MountFact& mount)
{
    return is_at_or_below(dms_config, mount.target) &&
           std::ranges::none_of(without_rules, [&](std::string_view top) { return is_at_or_below(top, mount.target); });
}

std::string not_here(const Evidence& evidence, const MountFact& mount)
{
    const std::string unset = evidence.compose ? variable_without_value(*evidence.compose, mount.where) : "";
    return (mount.target == dms_config ? "the configuration folder was not seen: "
                                       : "part of the configuration folder was not seen: ") +
           said(mount) + " is not on this machine" + (unset.empty() ? "" : ": " + printable(unset) + " has no value");
}

// The tables and scripts in the folder, as far as this user may not read them.
std::string kept_from_us(const Evidence& evidence)
{
    for (const std::string& name : evidence.files->names(evidence.config_dir))
        if ((name.ends_with(".cf") || name.ends_with(".sh")) &&
            !evidence.files->is_readable(evidence.config_dir + "/" + name))
            return "part of the configuration folder was not seen: " + printable(name) + " cannot be read";
    return "";
}

}  // namespace

void see_config_folder(Evidence& evidence, const Sources& sources)
{
    const auto is_here = [&](const std::string& path) { return evidence.files->is_readable(path); };
    evidence.config_known = is_here(evidence.config_dir);
    evidence.config_missing = kept_from_us(evidence);
    if (!sources.config_dir.empty()) return;  // it stands for all that is mounted there
    for (const MountFact& mount : evidence.mounts) {
        if (!is_of_the_folder(mount)) continue;
        const bool seen = is_here(mount.target);
        evidence.config_known = evidence.config_known || seen;
        if (!seen && (evidence.config_missing.empty() || mount.target == dms_config))
            evidence.config_missing = not_here(evidence, mount);
    }
}

}  // namespace mailstate

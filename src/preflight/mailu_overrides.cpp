// SPDX-License-Identifier: MIT
// Overrides of Dovecot and Postfix that are where the set-up page had them up to 1.7: in one folder, mounted in both.
// From 1.8 on it mounts a folder for each (docs/releases.rst, "Override location changes").
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/mailu_rules.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailu {

namespace {

// What core/dovecot/conf/dovecot.conf and core/postfix/start.py read from /overrides.
bool is_override_of(Role role, const std::string& name)
{
    if (role == Role::imap) return name == "dovecot.conf";
    return name == "postfix.cf" || name == "postfix.master" || name.ends_with(".map");
}

const MountFact* shared_overrides(const Evidence& evidence, const ComposeService& service)
{
    const auto is_old = [&](const MountFact& mount) {
        return mount.service == service.name && mount.target == "/overrides" &&
               base_name(mount.host_path) == "overrides";
    };
    const auto found = std::ranges::find_if(evidence.mounts, is_old);
    return found == evidence.mounts.end() ? nullptr : &*found;
}

std::string source_of(const MountFact& mount)
{
    return without_end_slashes(printable(mount.source));
}

std::vector<std::string> overrides_in(const Evidence& evidence, const MountFact& mount, Role role)
{
    std::vector<std::string> found;
    for (const std::string& name : evidence.files->names(mount.host_path))
        if (is_override_of(role, name)) found.push_back(source_of(mount) + "/" + printable(name));
    return found;
}

Seen moved(const ComposeService& service, const MountFact& mount, const std::vector<std::string>& files,
           const std::string& folder)
{
    return see(mount.where,
               {datum("service", service.name), " reads ", datum("files", join(files)),
                ": a regenerated compose file mounts ", datum("folder", folder), " instead, which lacks that file"},
               "When you regenerate the compose file, run mkdir -p " + folder + " && mv " + join(files, " ") + " " +
                   folder + "/ before the start.");
}

Seen unseen(const ComposeService& service, const MountFact& mount)
{
    const std::string source = source_of(mount);
    return unless_known(
        see(mount.where,
            {datum("service", service.name), " reads ", datum("folder", source),
             ": a regenerated compose file mounts one folder below it for Dovecot and one for Postfix instead"},
            "When you regenerate the compose file, move dovecot.conf to " + source + "/dovecot, and postfix.cf, " +
                "postfix.master and *.map to " + source + "/postfix, before the start."),
        "the content of " + source + " was not seen", "Run ls " + source + ".");
}

void look_at_overrides(const Evidence& evidence, const ComposeService& service, Role role, Sightings& seen)
{
    const MountFact* const mount = shared_overrides(evidence, service);
    if (mount == nullptr || !evidence.files) return;
    const std::vector<std::string> files = overrides_in(evidence, *mount, role);
    if (!files.empty())
        seen.push_back(
            moved(service, *mount, files, source_of(*mount) + (role == Role::imap ? "/dovecot" : "/postfix")));
    else if (!evidence.files->facts(mount->host_path) && seen.empty())
        seen.push_back(unseen(service, *mount));
    if (!seen.empty() && at_least(evidence.from, "1.8") == Certainty::yes)
        seen.back().severity = Severity::note;  // it runs on by the old file
}

}  // namespace

Sightings overrides_moved(const Evidence& evidence)
{
    Sightings seen;
    for (const Role role : {Role::imap, Role::smtp})
        for (const ComposeService* const service : services(evidence, role))
            look_at_overrides(evidence, *service, role, seen);
    return seen;
}

}  // namespace mailstate::mailu

// SPDX-License-Identifier: MIT
// Local submission needs the SGID of postdrop and postqueue: who takes it away, and who cannot give it.
#include <linux/capability.h>

#include <algorithm>

#include "mailstate/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

constexpr std::uint32_t set_group_id = 02000;

bool names_one(const std::vector<std::string>& capabilities, std::string_view wanted)
{
    return std::ranges::any_of(capabilities, [&](const std::string& name) {
        const std::string lower = lower_case(name);
        return lower == wanted || lower == "cap_" + std::string(wanted) || lower == "all";
    });
}

void look_at_binaries(const Evidence& evidence, Sightings& seen)
{
    if (!evidence.live || !evidence.files) return;
    const auto group = evidence.identities ? find_group(*evidence.identities, "postdrop") : std::nullopt;
    for (const char* path : {"/usr/sbin/postdrop", "/usr/sbin/postqueue"}) {
        const auto facts = evidence.files->facts(path);
        if (!facts || facts->kind != Kind::regular) continue;
        if ((facts->mode.bits & set_group_id) == 0)
            seen.push_back(see(path, "its mode " + octal_mode(facts->mode.bits) + " has no SGID bit",
                               std::string("Run chgrp postdrop ") + path + " && chmod 2755 " + path + "."));
        else if (group && facts->owner.gid != *group)
            seen.push_back(see(path,
                               "its group is " + group_name(*evidence.identities, facts->owner.gid) + ", not postdrop",
                               std::string("Run chgrp postdrop ") + path + " && chmod 2755 " + path + "."));
    }
}

void look_at_process(const Evidence& evidence, Sightings& seen)
{
    if (evidence.live && !evidence.process)
        seen.push_back(
            unless_known(see("CAP_FSETID", "no_new_privs, or capabilities without FSETID, may take SGID away"),
                         "what the container may do was not seen",
                         "Run mailstate check in the container, or name its compose file with --compose."));
    if (!evidence.process) return;
    if (evidence.process->no_new_privs)
        seen.push_back(
            see("no_new_privs", "it is set: SGID programs run without their group",
                "Kubernetes: allowPrivilegeEscalation: true; Docker: no no-new-privileges in security_opt."));
    if (!has_capability(*evidence.process, CAP_FSETID))
        seen.push_back(see("CAP_FSETID", "it is missing: chmod drops the SGID bit in silence",
                           "Add FSETID to the container's capabilities."));
}

void look_at_compose(const Evidence& evidence, Sightings& seen)
{
    if (!evidence.compose) return;
    for (const ComposeService& service : evidence.compose->services) {
        if (!evidence.mail_services.empty() && !evidence.mail_services.contains(service.name)) continue;
        for (const std::string& option : service.security_opt)
            if (option.starts_with("no-new-privileges") && !option.ends_with("false"))
                seen.push_back(see(service.where,
                                   "security_opt of " + service.name + " has " + printable(option) +
                                       ": SGID programs run without their group",
                                   "Remove the line '- " + printable(option) + "'."));
        if (names_one(service.cap_drop, "fsetid") && !names_one(service.cap_add, "fsetid") && !service.privileged)
            seen.push_back(
                see(service.where,
                    "cap_drop of " + service.name + " takes FSETID away: chmod drops the SGID bit in silence",
                    "Add FSETID to cap_add."));
    }
}

}  // namespace

Sightings sgid_lost(const Evidence& evidence)
{
    Sightings seen;
    look_at_binaries(evidence, seen);
    look_at_process(evidence, seen);
    look_at_compose(evidence, seen);
    for (const MountFact& mount : evidence.mounts) {
        const bool covers =
            mount.target == "/usr" || mount.target == "/usr/sbin" || mount.target == "/sbin" || mount.target == "/";
        const std::string options = "," + mount.options + ",";
        if (evidence.live && covers && options.find(",nosuid,") != std::string::npos)
            seen.push_back(see(mount.target, "it is mounted nosuid: SGID programs run without their group",
                               "Mount it without nosuid."));
    }
    return seen;
}

}  // namespace mailstate::dms

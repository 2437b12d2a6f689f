// SPDX-License-Identifier: MIT
// Local submission needs the SGID of postdrop and postqueue: who takes it away, and who cannot give it.
#include <linux/capability.h>

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

constexpr std::uint32_t set_group_id = 02000;

const ComposeItem* named(const std::vector<ComposeItem>& capabilities, std::string_view wanted)
{
    const auto found = std::ranges::find_if(capabilities, [&](const ComposeItem& item) {
        const std::string lower = lower_case(item.text);
        return lower == wanted || lower == "cap_" + std::string(wanted) || lower == "all";
    });
    return found == capabilities.end() ? nullptr : &*found;
}

// "no-new-privileges", "no-new-privileges:true" or "=true" of compose; allowPrivilegeEscalation of Kubernetes.
bool takes_privileges(const std::string& option)
{
    if (option == "allowPrivilegeEscalation: false") return true;
    return option.starts_with("no-new-privileges") && !option.ends_with("false");
}

void look_at_binaries(const Evidence& evidence, Sightings& seen)
{
    if (!evidence.live || !evidence.files) return;
    const auto group = evidence.identities ? find_group(*evidence.identities, "postdrop") : std::nullopt;
    for (const char* path : {"/usr/sbin/postdrop", "/usr/sbin/postqueue"}) {
        const auto facts = evidence.files->facts(path);
        if (!facts || facts->kind != Kind::regular) continue;
        if ((facts->mode.bits & set_group_id) == 0)
            seen.push_back(see(path, {"its mode ", datum("mode", octal_mode(facts->mode.bits)), " has no SGID bit"},
                               std::string("Run chgrp postdrop ") + path + " && chmod 2755 " + path + "."));
        else if (group && facts->owner.gid != *group)
            seen.push_back(see(
                path,
                {"its group is ", datum("group", group_name(*evidence.identities, facts->owner.gid)), ", not postdrop"},
                std::string("Run chgrp postdrop ") + path + " && chmod 2755 " + path + "."));
    }
}

void look_at_process(const Evidence& evidence, Sightings& seen)
{
    if (evidence.live && !evidence.process)
        seen.push_back(unless_known(see("CAP_FSETID", "no_new_privs, or capabilities without FSETID, may remove SGID"),
                                    "the container's privileges were not seen",
                                    "Run mailstate check in the container, or name its compose file with --compose."));
    if (!evidence.process) return;
    if (evidence.process->no_new_privs)
        seen.push_back(
            see("no_new_privs", "it is set: SGID programs run without their group",
                "Kubernetes: set allowPrivilegeEscalation: true; Docker: remove no-new-privileges from security_opt."));
    if (!has_capability(*evidence.process, CAP_FSETID))
        seen.push_back(see("CAP_FSETID", "it is missing: chmod silently drops the SGID bit",
                           "Add FSETID to the container's capabilities."));
}

void look_at_compose(const Evidence& evidence, Sightings& seen)
{
    if (!evidence.compose) return;
    for (const ComposeService& service : evidence.compose->services) {
        if (!evidence.mail_services.empty() && !evidence.mail_services.contains(service.name)) continue;
        if (!evidence.service.empty() && service.name != evidence.service) continue;
        for (const ComposeItem& option : service.security_opt)
            if (takes_privileges(option.text))
                seen.push_back(see(option.where,
                                   {datum("service", service.name), " has ", datum("option", option.text),
                                    ": SGID programs run without their group"},
                                   evidence.compose->is_manifest
                                       ? "Set allowPrivilegeEscalation: true."
                                       : "Remove it from security_opt (" + printable(option.where) + ")."));
        const ComposeItem* const dropped = named(service.cap_drop, "fsetid");
        if (dropped != nullptr && named(service.cap_add, "fsetid") == nullptr && !service.privileged)
            seen.push_back(
                see(dropped->where,
                    {"the capabilities that ", datum("service", service.name),
                     " drops include FSETID: chmod silently drops the SGID bit"},
                    evidence.compose->is_manifest ? "Add FSETID to capabilities.add." : "Add FSETID to cap_add."));
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

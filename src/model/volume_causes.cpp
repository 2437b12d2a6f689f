// SPDX-License-Identifier: MIT
#include "model/volume_causes.hpp"

#include <linux/capability.h>

#include <algorithm>
#include <cerrno>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr Uid nobody{65534};

bool is_nfs(const FilesystemFacts& facts)
{
    return facts.type.starts_with("nfs");
}

Tested tested(const VolumeEvidence& evidence, Ability ability)
{
    return tested(evidence.capabilities, ability);
}

std::string result_of(const VolumeEvidence& evidence, Ability ability)
{
    return text_of(tested(evidence, ability));
}

std::string filesystem_name(const FilesystemFacts& facts)
{
    return printable(facts.type) + " " + printable(facts.source);
}

template <class... Data>
Finding cause(CodeFor<Data...> code, std::string message, const Data&... data)
{
    return make_finding(Severity::error, code, "", std::move(message), data...);
}

Finding missing_capability(const char* name, const char* why)
{
    return cause("process.capability", std::string("CAP_") + name + " is missing: " + why, std::string_view(name));
}

// Where everything that root creates belongs to another user, no matter who creates it.
std::optional<Finding> mapped_owner(const VolumeEvidence& evidence)
{
    const FilesystemFacts& facts = evidence.filesystem;
    const std::optional<Owner>& root = evidence.capabilities.made_by_root;
    const std::optional<Owner>& user = evidence.capabilities.made_by_user;
    if (!root || root->uid == evidence.process.uid) return std::nullopt;
    const std::string who = owner_numbers(*root);
    if (!is_nfs(facts))
        return cause("volume.fixed-owner", filesystem_name(facts) + " gives everything to " + who +
                                               ": owners and modes are those of the mount");
    if (user && *user == *root)
        return cause("volume.all-squash",
                     "the server gives everything to " + who + ", no matter who creates it: the export has all_squash");
    const std::string id = std::to_string(static_cast<std::uint32_t>(root->uid));
    const std::string how = root->uid == nobody ? "root_squash" : "root_squash and anonuid=" + id;
    return cause("volume.root-squash", "files that root creates there belong to " + who + ": the export has " + how,
                 "");
}

std::optional<Finding> mapped_ids(const VolumeEvidence& evidence)
{
    const Tested chown = tested(evidence, Ability::chown);
    const std::optional<Owner>& gives = evidence.capabilities.chown_gives;
    const bool to_nobody = gives && gives->uid == nobody;
    if (has_option(evidence.filesystem, "idmapped") && (chown == refused(EINVAL) || chown == refused(EOVERFLOW)))
        return cause("volume.idmapped", "the volume is an idmapped mount, whose map lacks the services' ids");
    if (is_nfs(evidence.filesystem) && (to_nobody || chown == refused(EINVAL)))
        return cause("volume.id-mapping", "the NFS server does not know the services' ids: an owner becomes nobody");
    return std::nullopt;
}

Finding chown_cause(const VolumeEvidence& evidence)
{
    if (!has_capability(evidence.process, CAP_CHOWN)) return missing_capability("CHOWN", "owners cannot be set");
    if (auto found = mapped_owner(evidence)) return *found;
    if (auto found = mapped_ids(evidence)) return *found;
    const std::string name = filesystem_name(evidence.filesystem);
    if (tested(evidence, Ability::chown).verdict == Verdict::without_effect)
        return cause("volume.ignores-chown", name + " ignores chown: the call succeeds, but the owner does not change");
    return cause("volume.refuses-chown", name + " refuses chown: " + result_of(evidence, Ability::chown));
}

Finding create_cause(const VolumeEvidence& evidence)
{
    const Tested create = tested(evidence, Ability::create);
    const std::string value = text_of(create);
    if (create.verdict == Verdict::foreign_workspace)
        if (auto found = mapped_owner(evidence)) return *found;
    if (create.verdict == Verdict::open_workspace)
        return cause("volume.fixed-mode",
                     filesystem_name(evidence.filesystem) +
                         " does not keep modes: the workspace was created for root alone, and others can write to it");
    const bool denied = create == refused(EACCES) || create == refused(EPERM);
    if (denied && evidence.process.uid != Uid{0})
        return cause("process.not-root", "mailstate does not run as root, and may not write to the state directory");
    if (denied && is_nfs(evidence.filesystem) && has_capability(evidence.process, CAP_DAC_OVERRIDE))
        return cause("volume.root-squash", "root may not write there: " + value + "; the export has root_squash", "");
    if (denied && !has_capability(evidence.process, CAP_DAC_OVERRIDE))
        return missing_capability("DAC_OVERRIDE", "the state directory cannot be written");
    // Root with CAP_DAC_OVERRIDE is refused by a security module only; "seclabel" is how SELinux shows in mountinfo.
    if (denied && has_option(evidence.filesystem, "seclabel"))
        return cause("volume.selinux",
                     "nothing can be created in the state directory: " + value + "; its SELinux label may forbid it");
    return cause("volume.not-writable", "nothing can be created in the state directory: " + value);
}

Finding sgid_cause(const VolumeEvidence& evidence)
{
    if (!has_capability(evidence.process, CAP_FSETID))
        return missing_capability("FSETID", "chmod silently drops SGID bits");
    if (auto found = mapped_owner(evidence)) return *found;
    return cause("volume.lacks-sgid", filesystem_name(evidence.filesystem) + " does not keep SGID bits: sgid is " +
                                          result_of(evidence, Ability::sgid));
}

constexpr bool has_row_for_each_ability()
{
    return std::ranges::all_of(abilities, [](const AbilityRow& row) { return findings::find_ability(row.name); });
}
static_assert(has_row_for_each_ability());

Finding other_cause(Ability lacking, const VolumeEvidence& evidence)
{
    const AbilityRow& row = row_of(lacking);
    const std::string name(row.name);
    return findings::from_row(*findings::find_ability(name), Severity::error, "",
                              filesystem_name(evidence.filesystem) + " " + std::string(row.lacking) + ": " + name +
                                  " is " + result_of(evidence, lacking),
                              {});
}

}  // namespace

Finding cause_of(Ability lacking, const VolumeEvidence& evidence)
{
    if (lacking == Ability::create) return create_cause(evidence);
    if (lacking == Ability::chown) return chown_cause(evidence);
    if (lacking == Ability::sgid) return sgid_cause(evidence);
    return other_cause(lacking, evidence);
}

std::vector<Finding> peculiarities(const VolumeEvidence& evidence, const std::string& subject)
{
    std::vector<Finding> findings;
    const auto say = [&](CodeFor<> code, std::string message) {
        findings.push_back(make_finding(code, subject, std::move(message)));
    };
    if (lacks(evidence.capabilities, Ability::case_sensitive))
        say("volume.folds-case", "the volume does not distinguish upper and lower case in names");
    if (lacks(evidence.capabilities, Ability::mtime_ns))
        say("volume.coarse-times",
            "the volume keeps timestamps in whole seconds only: mtime-ns is " + result_of(evidence, Ability::mtime_ns));
    const std::optional<Mode>& mode = evidence.capabilities.made_mode;
    if (mode && *mode != Mode{0711})
        say("volume.fixed-mode", "a directory created with mode 0711 has mode " + octal_mode(mode->bits) + " there");
    const Tested lock = tested(evidence, Ability::lock);
    if (lock.verdict == Verdict::on_this_machine)
        say("volume.local-locks",
            "locks on the volume are local to this machine (" + filesystem_name(evidence.filesystem) + ")");
    else if (is_lacking(lock))
        say("volume.no-locks", "the volume does not support locks: lock is " + text_of(lock));
    if (has_option(evidence.filesystem, "noexec"))
        say("volume.noexec", "programs on the volume cannot be run (noexec)");
    if (evidence.filesystem.nosuid)
        say("volume.nosuid", "SUID and SGID of programs on the volume have no effect (nosuid)");
    if (has_option(evidence.filesystem, "idmapped"))
        say("volume.idmapped", "the volume is an idmapped mount: the numbers of owners on disk differ");
    return findings;
}

}  // namespace mailstate

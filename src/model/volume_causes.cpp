// SPDX-License-Identifier: MIT
#include "model/volume_causes.hpp"

#include <linux/capability.h>

#include <algorithm>
#include <array>

#include "mailstate/finding_table.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr Uid nobody{65534};

bool is_nfs(const FilesystemFacts& facts)
{
    return facts.type.starts_with("nfs");
}

bool has_option(const FilesystemFacts& facts, std::string_view wanted)
{
    const std::vector<std::string> options = split_list(facts.options, ',');
    return std::find(options.begin(), options.end(), wanted) != options.end();
}

std::optional<Owner> owner_fact(const VolumeEvidence& evidence, const char* name)
{
    return owner_from(value_of(evidence.capabilities, name));
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

// Where everything that root makes belongs to somebody else, whoever else makes it.
std::optional<Finding> mapped_owner(const VolumeEvidence& evidence)
{
    const FilesystemFacts& facts = evidence.filesystem;
    const auto root = owner_fact(evidence, made_by_root);
    const auto user = owner_fact(evidence, made_by_user);
    if (!root || root->uid == evidence.process.uid) return std::nullopt;
    const std::string who = owner_numbers(*root);
    if (!is_nfs(facts))
        return cause("volume.fixed-owner", filesystem_name(facts) + " gives everything to " + who +
                                               ": owners and modes are those of the mount");
    if (user && *user == *root)
        return cause("volume.all-squash",
                     "the server gives everything to " + who + ", whoever makes it: the export has all_squash");
    const std::string id = std::to_string(static_cast<std::uint32_t>(root->uid));
    const std::string how = root->uid == nobody ? "root_squash" : "root_squash and anonuid=" + id;
    return cause("volume.root-squash", "what root makes belongs to " + who + " there: the export has " + how, "");
}

std::optional<Finding> mapped_ids(const VolumeEvidence& evidence)
{
    const std::string chown = value_of(evidence.capabilities, "chown");
    const auto gives = owner_fact(evidence, chown_gives);
    const bool to_nobody = gives && gives->uid == nobody;
    if (has_option(evidence.filesystem, "idmapped") && (chown == "no (EINVAL)" || chown == "no (EOVERFLOW)"))
        return cause("volume.idmapped", "the volume is an idmapped mount, whose map lacks the services' ids");
    if (is_nfs(evidence.filesystem) && (to_nobody || chown == "no (EINVAL)"))
        return cause("volume.id-mapping", "the NFS server does not know the services' ids: an owner becomes nobody");
    return std::nullopt;
}

Finding chown_cause(const VolumeEvidence& evidence)
{
    if (!has_capability(evidence.process, CAP_CHOWN)) return missing_capability("CHOWN", "owners cannot be set");
    if (auto found = mapped_owner(evidence)) return *found;
    if (auto found = mapped_ids(evidence)) return *found;
    const std::string name = filesystem_name(evidence.filesystem);
    if (value_of(evidence.capabilities, "chown") == "lies")
        return cause("volume.ignores-chown", name + " lies: chown succeeds there, and the owner stays as it was");
    return cause("volume.refuses-chown", name + " refuses chown: " + value_of(evidence.capabilities, "chown"));
}

Finding create_cause(const VolumeEvidence& evidence)
{
    const std::string value = value_of(evidence.capabilities, "create");
    if (value == foreign_workspace)
        if (auto found = mapped_owner(evidence)) return *found;
    const bool denied = value == "no (EACCES)" || value == "no (EPERM)";
    if (denied && is_nfs(evidence.filesystem) && has_capability(evidence.process, CAP_DAC_OVERRIDE))
        return cause("volume.root-squash", "root may not write there: " + value + "; the export has root_squash", "");
    if (denied && !has_capability(evidence.process, CAP_DAC_OVERRIDE))
        return missing_capability("DAC_OVERRIDE", "the state directory cannot be written");
    // Root with CAP_DAC_OVERRIDE is refused by a security module only; "seclabel" is how SELinux shows in mountinfo.
    if (denied && has_option(evidence.filesystem, "seclabel"))
        return cause("volume.selinux",
                     "nothing can be made in the state directory: " + value + "; its SELinux label may forbid it");
    return cause("volume.not-writable", "nothing can be made in the state directory: " + value);
}

Finding sgid_cause(const VolumeEvidence& evidence)
{
    if (!has_capability(evidence.process, CAP_FSETID))
        return missing_capability("FSETID", "chmod drops SGID bits in silence");
    if (auto found = mapped_owner(evidence)) return *found;
    return cause("volume.lacks-sgid", filesystem_name(evidence.filesystem) + " does not keep SGID bits: sgid is " +
                                          value_of(evidence.capabilities, "sgid"));
}

struct Row {
    std::string_view name, what;
};

constexpr std::array rows{
    Row{"hardlink", "has no hard links"},
    Row{"fifo", "makes no FIFOs"},
    Row{"socket", "makes no unix sockets"},
    Row{"symlink", "makes no symbolic links"},
    Row{"rename", "does not rename"},
    Row{"fsync", "does not sync"},
    Row{"lock", "has no locks"},
    Row{"xattr", "keeps no extended attributes"},
    Row{"acl", "keeps no access lists"},
    Row{"mtime-ns", "keeps coarse times only"},
    Row{"case-sensitive", "does not tell upper from lower case"},
};

Finding other_cause(const std::string& lacking, const VolumeEvidence& evidence)
{
    const auto* const row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == lacking; });
    const std::string what = row == rows.end() ? "lacks " + lacking : std::string(row->what);
    return findings::from_row(*findings::find("volume.lacks-" + lacking), Severity::error, "",
                              filesystem_name(evidence.filesystem) + " " + what + ": " + lacking + " is " +
                                  value_of(evidence.capabilities, lacking),
                              {});
}

}  // namespace

Finding cause_of(const std::string& lacking, const VolumeEvidence& evidence)
{
    if (lacking == "create") return create_cause(evidence);
    if (lacking == "chown") return chown_cause(evidence);
    if (lacking == "sgid") return sgid_cause(evidence);
    return other_cause(lacking, evidence);
}

std::vector<Finding> peculiarities(const VolumeEvidence& evidence, const std::string& subject)
{
    std::vector<Finding> findings;
    const auto say = [&](CodeFor<> code, std::string message) {
        findings.push_back(make_finding(code, subject, std::move(message)));
    };
    if (lacks(evidence.capabilities, "case-sensitive"))
        say("volume.folds-case", "names that differ in case are one name there");
    if (lacks(evidence.capabilities, "mtime-ns"))
        say("volume.coarse-times",
            "time stamps lose what is below a second: mtime-ns is " + value_of(evidence.capabilities, "mtime-ns"));
    const std::string mode = value_of(evidence.capabilities, made_mode);
    if (!mode.empty() && mode != "0711")
        say("volume.fixed-mode", "a directory made with mode 0711 has mode " + mode + " there");
    const std::string lock = value_of(evidence.capabilities, "lock");
    if (lock == lock_on_this_machine)
        say("volume.local-locks",
            "locks on the volume reach this machine only (" + filesystem_name(evidence.filesystem) + ")");
    else if (lacks(evidence.capabilities, "lock"))
        say("volume.no-locks", "the volume has no locks: lock is " + lock);
    if (has_option(evidence.filesystem, "noexec"))
        say("volume.noexec", "programs on the volume cannot be run (noexec)");
    if (evidence.filesystem.nosuid) say("volume.nosuid", "SUID and SGID of programs on the volume are void (nosuid)");
    if (has_option(evidence.filesystem, "idmapped"))
        say("volume.idmapped", "the volume is an idmapped mount: owners on disk are other numbers");
    return findings;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "model/volume_causes.hpp"

#include <linux/capability.h>

#include <algorithm>
#include <array>

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

Finding cause(std::string code, std::string message, std::string hint)
{
    return {Severity::error, std::move(code), "", std::move(message), std::move(hint)};
}

Finding missing_capability(const char* name, const char* why)
{
    return cause(
        "process.capability", std::string("CAP_") + name + " is missing: " + why,
        std::string("Add ") + name + " to the container's capabilities (cap_add; securityContext in " + "Kubernetes).");
}

constexpr const char* squash_hint =
    "Export it with no_root_squash, or use a local volume. Or let each service with one owner work there as itself: "
    "make its directory on the server, and give it to that user.";

// Where everything that root makes belongs to somebody else, whoever else makes it.
std::optional<Finding> mapped_owner(const VolumeEvidence& evidence)
{
    const FilesystemFacts& facts = evidence.filesystem;
    const auto root = owner_fact(evidence, made_by_root);
    const auto user = owner_fact(evidence, made_by_user);
    if (!root || root->uid == evidence.process.uid) return std::nullopt;
    const std::string who = owner_numbers(*root);
    if (!is_nfs(facts))
        return cause(
            "volume.fixed-owner",
            filesystem_name(facts) + " gives everything to " + who + ": owners and modes are those of the mount",
            "Mount it with POSIX semantics (CIFS: posix or unix extensions; virtiofs and 9p: passthrough), or "
            "use a local volume.");
    if (user && *user == *root)
        return cause("volume.all-squash",
                     "the server gives everything to " + who + ", whoever makes it: the export has all_squash",
                     "Export it with no_all_squash and no_root_squash, or use a local volume.");
    const std::string id = std::to_string(static_cast<std::uint32_t>(root->uid));
    const std::string how = root->uid == nobody ? "root_squash" : "root_squash and anonuid=" + id;
    return cause("volume.root-squash", "what root makes belongs to " + who + " there: the export has " + how,
                 squash_hint);
}

std::optional<Finding> mapped_ids(const VolumeEvidence& evidence)
{
    const std::string chown = value_of(evidence.capabilities, "chown");
    const auto gives = owner_fact(evidence, chown_gives);
    const bool to_nobody = gives && gives->uid == nobody;
    if (has_option(evidence.filesystem, "idmapped") && (chown == "no (EINVAL)" || chown == "no (EOVERFLOW)"))
        return cause("volume.idmapped", "the volume is an idmapped mount, whose map lacks the services' ids",
                     "Map all ids of the image, or mount the volume without a map.");
    if (is_nfs(evidence.filesystem) && (to_nobody || chown == "no (EINVAL)"))
        return cause("volume.id-mapping", "the NFS server does not know the services' ids: an owner becomes nobody",
                     "Let client and server use numbers (sec=sys; nfs4_disable_idmapping=Y on both sides), or make "
                     "their idmapd.conf agree.");
    return std::nullopt;
}

Finding chown_cause(const VolumeEvidence& evidence)
{
    if (!has_capability(evidence.process, CAP_CHOWN)) return missing_capability("CHOWN", "owners cannot be set");
    if (auto found = mapped_owner(evidence)) return *found;
    if (auto found = mapped_ids(evidence)) return *found;
    const std::string name = filesystem_name(evidence.filesystem);
    if (value_of(evidence.capabilities, "chown") == "lies")
        return cause("volume.ignores-chown", name + " lies: chown succeeds there, and the owner stays as it was",
                     "Use a volume that keeps owners (a local one), or mount this one so that it does.");
    return cause("volume.refuses-chown", name + " refuses chown: " + value_of(evidence.capabilities, "chown"),
                 "Use a volume that keeps owners (a local one), or mount this one so that it does.");
}

Finding create_cause(const VolumeEvidence& evidence)
{
    const std::string value = value_of(evidence.capabilities, "create");
    if (value == foreign_workspace)
        if (auto found = mapped_owner(evidence)) return *found;
    const bool denied = value == "no (EACCES)" || value == "no (EPERM)";
    if (denied && is_nfs(evidence.filesystem) && has_capability(evidence.process, CAP_DAC_OVERRIDE))
        return cause("volume.root-squash", "root may not write there: " + value + "; the export has root_squash",
                     squash_hint);
    if (denied && !has_capability(evidence.process, CAP_DAC_OVERRIDE))
        return missing_capability("DAC_OVERRIDE", "the state directory cannot be written");
    // Root with CAP_DAC_OVERRIDE is refused by a security module only; "seclabel" is how SELinux shows in mountinfo.
    if (denied && has_option(evidence.filesystem, "seclabel"))
        return cause(
            "volume.selinux",
            "nothing can be made in the state directory: " + value + "; its SELinux label may forbid it",
            "Give the volume a label for containers (docker and podman: the mount options :z or :Z; Kubernetes: "
            "seLinuxOptions), and look for what was denied with ausearch -m avc.");
    return cause("volume.not-writable", "nothing can be made in the state directory: " + value,
                 "Make the state directory writable for the user who runs this.");
}

Finding sgid_cause(const VolumeEvidence& evidence)
{
    if (!has_capability(evidence.process, CAP_FSETID))
        return missing_capability("FSETID", "chmod drops SGID bits in silence");
    if (auto found = mapped_owner(evidence)) return *found;
    return cause("volume.lacks-sgid",
                 filesystem_name(evidence.filesystem) + " does not keep SGID bits: sgid is " +
                     value_of(evidence.capabilities, "sgid"),
                 "Use a volume that keeps them: Postfix hands mail over through group postdrop.");
}

struct Row {
    std::string_view name, what, hint;
};

constexpr std::array rows{
    Row{"hardlink", "has no hard links", "Use a volume that has them."},
    Row{"fifo", "makes no FIFOs", "Postfix cannot run from there: use a local volume for it."},
    Row{"socket", "makes no unix sockets", "Postfix cannot run from there: use a local volume for it."},
    Row{"symlink", "makes no symbolic links", "Use a volume that has them."},
    Row{"rename", "does not rename", "Use another volume."},
    Row{"fsync", "does not sync", "What is written there may be lost: use another volume."},
    Row{"lock", "has no locks", "Mount it with locks (NFS: without nolock)."},
    Row{"xattr", "keeps no extended attributes", "Use a volume that keeps them."},
    Row{"acl", "keeps no access lists", "Use a volume that keeps them (ext4: acl)."},
    Row{"mtime-ns", "keeps coarse times only", "Use a volume with nanosecond time stamps (ext4: inodes of 256 bytes)."},
    Row{"case-sensitive", "does not tell upper from lower case", "Use a volume with case-sensitive names."},
};

Finding other_cause(const std::string& lacking, const VolumeEvidence& evidence)
{
    const auto* const row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == lacking; });
    const std::string what = row == rows.end() ? "lacks " + lacking : std::string(row->what);
    const std::string hint = row == rows.end() ? "Use another volume." : std::string(row->hint);
    return cause("volume.lacks-" + lacking,
                 filesystem_name(evidence.filesystem) + " " + what + ": " + lacking + " is " +
                     value_of(evidence.capabilities, lacking),
                 hint);
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
    const auto say = [&](Severity severity, const char* code, std::string message, std::string hint) {
        findings.push_back({severity, code, subject, std::move(message), std::move(hint)});
    };
    if (lacks(evidence.capabilities, "case-sensitive"))
        say(Severity::warning, "volume.folds-case", "names that differ in case are one name there",
            "An entry with two such names cannot be moved; use a volume with case-sensitive names.");
    if (lacks(evidence.capabilities, "mtime-ns"))
        say(Severity::note, "volume.coarse-times",
            "time stamps lose what is below a second: mtime-ns is " + value_of(evidence.capabilities, "mtime-ns"),
            "Nothing has to be done: copies are compared with that in mind.");
    const std::string mode = value_of(evidence.capabilities, made_mode);
    if (!mode.empty() && mode != "0711")
        say(Severity::warning, "volume.fixed-mode", "a directory made with mode 0711 has mode " + mode + " there",
            "Mount it so that it keeps modes; until then private directories may stand open.");
    const std::string lock = value_of(evidence.capabilities, "lock");
    if (lock == lock_on_this_machine)
        say(Severity::note, "volume.local-locks",
            "locks on the volume reach this machine only (" + filesystem_name(evidence.filesystem) + ")",
            "No content is lost where two machines start at once, but one of them may have to start again. NFS has "
            "locks "
            "that reach all machines unless it is mounted with nolock or local_lock.");
    else if (lacks(evidence.capabilities, "lock"))
        say(Severity::note, "volume.no-locks", "the volume has no locks: lock is " + lock,
            "No content is lost where two runs start at once, but one of them may have to start again. Services that "
            "lock their files may fail.");
    if (has_option(evidence.filesystem, "noexec"))
        say(Severity::note, "volume.noexec", "programs on the volume cannot be run (noexec)",
            "Nothing has to be done: state holds no programs.");
    if (evidence.filesystem.nosuid)
        say(Severity::note, "volume.nosuid", "SUID and SGID of programs on the volume are void (nosuid)",
            "Nothing has to be done: the bits of directories count all the same.");
    if (has_option(evidence.filesystem, "idmapped"))
        say(Severity::note, "volume.idmapped", "the volume is an idmapped mount: owners on disk are other numbers",
            "Nothing has to be done as long as its map holds all ids of the image.");
    return findings;
}

}  // namespace mailstate

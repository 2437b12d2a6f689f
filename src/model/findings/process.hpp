// SPDX-License-Identifier: MIT
// Findings on this process, on the users and programs of the image.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array process{
    FindingRow{"process.not-root", Severity::error, "mailstate is not running as root.",
               "The option --user or runAsUser, or a missing sudo.",
               "Run it as root: with sudo or docker exec --user root, or without --user and runAsUser.",
               "Permission denied"},
    FindingRow{"process.capability", Severity::warning, "The process lacks a capability that it needs.",
               "cap_drop: ALL, or a securityContext that does not name it.",
               "Add {} to the container's capabilities (cap_add; securityContext in Kubernetes).",
               "Operation not permitted", "capabilities(7)"},
    FindingRow{
        "process.no-new-privs", Severity::error,
        "no_new_privs is set: the SGID bits of postdrop and postqueue have no effect, so local submission fails.",
        "allowPrivilegeEscalation: false (Kubernetes) or no-new-privileges (Docker).",
        "Set allowPrivilegeEscalation: true (Kubernetes), or drop no-new-privileges (Docker).",
        "mail_queue_enter: create file maildrop/…: Permission denied",
        "PR_SET_NO_NEW_PRIVS(2const), docker-mailserver #3619"},
    FindingRow{
        "process.id-map", Severity::error,
        "An owner cannot be expressed in this user namespace: its id map lacks the number.",
        "A rootless engine, or a user namespace with few ids.",
        "Give the container more ids (65,536 are usual: /etc/subuid and /etc/subgid, --uidmap); until then these "
        "services run from their origins.",
        "Invalid argument", "user_namespaces(7)"},
    FindingRow{"process.user-namespace", Severity::note,
               "The process runs in a user namespace that has only some of the ids.",
               "A rootless engine or userns-remap.",
               "No action is needed: an entry with files of other owners stays where it is.", "", "user_namespaces(7)"},
    FindingRow{"ids.unreadable", Severity::warning, "/etc/passwd or /etc/group could not be read.", "",
               "Make both files readable: until then, entries whose users are unknown keep their owners.", ""},
    FindingRow{"ids.reused", Severity::note, "A user or group no longer exists, and its number now belongs to another.",
               "An upgrade of the image renumbered its users.", "Check whether the old user's files are still needed.",
               "", "docker-mailserver #4211, #4337"},
    FindingRow{
        "ids.undecided", Severity::warning,
        "Files changed between an interrupted translation of owners and this run, and their owners' numbers belong to "
        "one user in the old image and to another in the new one: mailstate cannot tell which user owns them.",
        "The container was killed while mailstate translated owners, and the image had swapped users' numbers.",
        "After a kill alone, no action is needed. If chmod -R, fsGroup or a restored backup came in between, check the "
        "owners with 'ls -lnR' and correct them with chown(1).",
        ""},
    FindingRow{"ids.not-believed", Severity::warning,
               "The ledger says that users had different numbers, but users other than root can write to it, so no "
               "owner is translated.",
               "The volume gives every file to one owner, or lets everyone write.",
               "If this image has renumbered its users, give them their files with chown(1).", ""},
    FindingRow{
        "binary.sgid", Severity::error, "A program of the image lacks the owner or the special bits that it needs.",
        "The container lacks CAP_FSETID, or the image was copied without special bits.",
        "Run 'mailstate apply' as root with CAP_FSETID, or set them in the image: local mail submission needs them.",
        "mail_queue_enter: create file maildrop/…: Permission denied", "docker-mailserver #3619, #3625"},
    FindingRow{"binary.other-names", Severity::warning,
               "A program of the image has other names, so its owner and mode stay unchanged.",
               "The file is a symbolic link or has hard links.", "{}", ""},
    FindingRow{"ownership.failed", Severity::error, "The owners of an entry could not be read or set.", "",
               "Check the container's capabilities (CHOWN, FOWNER, FSETID) and, on NFS, no_root_squash.", ""},
    FindingRow{"ownership.refused", Severity::error, "The owner or mode of some files could not be set.", "",
               "Check the container's capabilities (CHOWN, FOWNER, FSETID) and, on NFS, no_root_squash.",
               "Operation not permitted"},
    FindingRow{"ownership.unknown-name", Severity::warning,
               "The image does not have a user or group that the layout names; the entry's owners stay unchanged.",
               "The service is enabled, but not installed.",
               "Install the service, disable it, or remove the rule from the layout; until then the owners of this "
               "entry stay unchanged.",
               "invalid user"},
    FindingRow{"ownership.foreign-link", Severity::warning,
               "A file has hard links outside the entry, so its owner stays unchanged.",
               "A service could have planted the hard link.",
               "Find the other names with 'find VOLUME -samefile PATH' and remove those that do not belong there.", "",
               "CVE-2017-18078"},
    FindingRow{
        "image.own-state-script", Severity::warning,
        "The image's own script moves state when the services start: it deletes the content of mounts, and mistakes "
        "half a copy for a complete one.",
        "docker-mailserver's own mail_state.sh.",
        "Replace it with mailstate's script: 'COPY --from=mailstate /mail_state.sh {}' in the Dockerfile, or mount "
        "scripts/docker-mailserver/mail_state.sh there. It calls mailstate, and the image's own entrypoint stays.",
        "mv: cannot remove …: Device or resource busy", "docker-mailserver #4082"},
};

}  // namespace mailstate::findings

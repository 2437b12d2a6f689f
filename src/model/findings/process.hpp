// SPDX-License-Identifier: MIT
// Findings on this process, on the users and programs of the image.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array process{
    FindingRow{"process.not-root", Severity::error, "Mailstate does not run as root.",
               "The options --user or runAsUser, or no sudo.",
               "Run it as root: with sudo or docker exec --user root, or without --user and runAsUser.",
               "Permission denied"},
    FindingRow{"process.capability", Severity::warning, "The process lacks a capability that the work needs.",
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
    FindingRow{"process.user-namespace", Severity::note, "The process runs in a user namespace with a part of all ids.",
               "A rootless engine or userns-remap.", "An entry that holds such files stays where it is.", "",
               "user_namespaces(7)"},
    FindingRow{"ids.unreadable", Severity::warning, "/etc/passwd or /etc/group could not be read.", "",
               "Owners are named there; entries whose users are not known keep theirs.", ""},
    FindingRow{"ids.reused", Severity::note, "A user or group is gone, and its number belongs to another one now.",
               "An upgrade of the image that numbers its users anew.",
               "Check whether the old user's files are still needed.", "", "docker-mailserver #4211, #4337"},
    FindingRow{"ids.undecided", Severity::warning,
               "Files changed between an interrupted translation of owners and this run, and their numbers belong to "
               "users of both images: which one's they are cannot be told.",
               "The container was killed while mailstate translated, and the numbers are swapped between users.",
               "Nothing needs to be done after a kill alone. If chmod -R, fsGroup or a restored backup came between, "
               "check their owners with 'ls -lnR' and correct them with chown(1).",
               ""},
    FindingRow{
        "ids.not-believed", Severity::warning,
        "The ledger says that users had other numbers, but others than root can write it: no owner is translated.",
        "The volume gives every file to one owner, or lets all write.",
        "If this image has renumbered its users, give the files to them with chown(1).", ""},
    FindingRow{"binary.sgid", Severity::error, "A program of the image lacks the owner or the bits that it needs.",
               "The container lacks CAP_FSETID, or the image was copied without special bits.",
               "Run 'mailstate apply' as root with CAP_FSETID, or set it in the image: local mail submission needs it.",
               "mail_queue_enter: create file maildrop/…: Permission denied", "docker-mailserver #3619, #3625"},
    FindingRow{"binary.other-names", Severity::warning,
               "A program of the image has other names, so its owner and mode are left as they are.",
               "The file is a symbolic link or has hard links.", "{}", ""},
    FindingRow{"ownership.failed", Severity::error, "The owners of an entry could not be looked at or set.", "",
               "Check the container's capabilities (CHOWN, FOWNER, FSETID) and, on NFS, no_root_squash.", ""},
    FindingRow{"ownership.refused", Severity::error, "Some files keep their owner or mode.", "",
               "Check the container's capabilities (CHOWN, FOWNER, FSETID) and, on NFS, no_root_squash.",
               "Operation not permitted"},
    FindingRow{"ownership.unknown-name", Severity::warning,
               "The image does not have a user or group that the layout names; the entry's owners stay as they are.",
               "The service is switched on, but not installed.",
               "Install the service, switch it off, or take the rule out of the layout; until then the owners of this "
               "entry are left as they are.",
               "invalid user"},
    FindingRow{"ownership.foreign-link", Severity::warning,
               "A file has other names outside of the entry, so its owner is left as it is.",
               "A service could have planted the hard link.",
               "Find the other names with 'find VOLUME -samefile PATH' and remove what does not belong there.", "",
               "CVE-2017-18078"},
    FindingRow{"image.own-state-script", Severity::warning,
               "A script of the image moves state by itself when the services start: it deletes what is mounted, and "
               "takes half a copy for a whole one.",
               "docker-mailserver's own mail_state.sh.",
               "Put mailstate's own script in its place: 'COPY --from=mailstate /mail_state.sh {}' in the Dockerfile, "
               "or mount scripts/docker-mailserver/mail_state.sh there. It calls mailstate, and the image's own "
               "entrypoint stays.",
               "mv: cannot remove …: Device or resource busy", "docker-mailserver #4082"},
};

}  // namespace mailstate::findings

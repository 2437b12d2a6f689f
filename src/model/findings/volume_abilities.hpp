// SPDX-License-Identifier: MIT
// Causes for which a volume does not let services run from it.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array volume_abilities{
    FindingRow{"volume.root-squash", Severity::error, "The NFS server maps root to nobody: owners cannot be set.",
               "The export has root_squash, the default.",
               "Export it with no_root_squash, or use a local volume. Or let each service that has one owner use the "
               "volume as itself: create its directory on the server, and give it to that user.{}",
               "chown: Operation not permitted | Permission denied", "exports(5)"},
    FindingRow{"volume.all-squash", Severity::error,
               "The NFS server gives every file to one user, no matter who creates it.", "The export has all_squash.",
               "Export it with no_all_squash and no_root_squash, or use a local volume.",
               "chown: Operation not permitted", "exports(5)"},
    FindingRow{"volume.fixed-owner", Severity::error,
               "The filesystem gives every file to one owner: owners and modes are those of the mount.",
               "CIFS, virtiofs or 9p without POSIX semantics, or FAT.",
               "Mount it with POSIX semantics (CIFS: posix or unix extensions; virtiofs and 9p: passthrough), or use a "
               "local volume.",
               "chown: Operation not permitted", "mount.cifs(8)"},
    FindingRow{"volume.id-mapping", Severity::error, "The NFS server does not know the services' ids.",
               "NFSv4 sends names, and the idmapd.conf files of client and server differ.",
               "Let client and server use numbers (sec=sys; nfs4_disable_idmapping=Y on both sides), or make their "
               "idmapd.conf files agree.",
               "chown: Invalid argument", "nfsidmap(8)"},
    FindingRow{"volume.ignores-chown", Severity::error,
               "The filesystem ignores chown: the call succeeds but the owner does not change.",
               "FUSE filesystems that keep no owners; CIFS without POSIX extensions.",
               "Use a volume that keeps owners (a local one), or mount this one so that it does.", ""},
    FindingRow{"volume.refuses-chown", Severity::error, "The filesystem refuses chown.",
               "FUSE filesystems and shares that keep no owners.",
               "Use a volume that keeps owners (a local one), or mount this one so that it does.",
               "chown: Operation not permitted"},
    FindingRow{
        "volume.not-writable", Severity::error, "Nothing can be created in the state directory.",
        "It belongs to another user, root has no rights there, or a security module such as AppArmor forbids it.",
        "Make the state directory writable for the user who runs mailstate; denials by AppArmor are in the kernel's "
        "log (apparmor=\"DENIED\").",
        "Permission denied"},
    FindingRow{"volume.selinux", Severity::error,
               "Nothing can be created in the state directory; its SELinux label may forbid it.", "",
               "Give the volume a label for containers (docker and podman: the mount options :z or :Z; Kubernetes: "
               "seLinuxOptions), and look for denials with 'ausearch -m avc'.",
               "Permission denied | avc: denied", "podman-run(1)"},
    FindingRow{"volume.lacks-create", Severity::error,
               "The state directory cannot be written, so the entry is left alone; another finding names the cause.",
               "", "See the finding on the state directory, such as volume.not-writable or volume.root-squash.",
               "Permission denied"},
    FindingRow{"volume.lacks-chown", Severity::error,
               "Owners cannot be set on the volume, so the entry is left alone; another finding names the cause.", "",
               "See the finding on the state directory, such as volume.refuses-chown or volume.root-squash.",
               "chown: Operation not permitted"},
    FindingRow{"volume.lacks-sgid", Severity::error, "The filesystem does not keep SGID bits.", "",
               "Use a volume that keeps them: Postfix hands mail over through group postdrop.",
               "mail_queue_enter: create file maildrop/…: Permission denied"},
    FindingRow{"volume.lacks-hardlink", Severity::error, "The filesystem does not support hard links.", "",
               "Use a volume that supports them.", "Operation not permitted"},
    FindingRow{"volume.lacks-fifo", Severity::error, "The filesystem does not support FIFOs.", "",
               "Use a local volume for Postfix: it cannot run from this one.", "Postfix integrity check failed!"},
    FindingRow{"volume.lacks-socket", Severity::error, "The filesystem does not support unix sockets.", "",
               "Use a local volume for Postfix: it cannot run from this one.", "Postfix integrity check failed!"},
    FindingRow{"volume.lacks-symlink", Severity::error, "The filesystem does not support symbolic links.", "",
               "Use a volume that supports them.", ""},
    FindingRow{"volume.lacks-rename", Severity::error, "The filesystem does not support rename.", "",
               "Use another volume.", ""},
    FindingRow{"volume.lacks-fsync", Severity::error, "The filesystem does not support fsync.", "",
               "Use another volume: data written to this one may be lost.", ""},
    FindingRow{"volume.lacks-lock", Severity::error, "The filesystem does not support locks.",
               "NFS mounted with nolock.", "Mount it with locks (NFS: without nolock).", "No locks available"},
    FindingRow{"volume.lacks-xattr", Severity::error, "The filesystem does not support extended attributes.", "",
               "Use a volume that keeps them.", "Operation not supported"},
    FindingRow{"volume.lacks-acl", Severity::error, "The filesystem does not support access control lists.", "",
               "Use a volume that keeps them (ext4: acl).", "Operation not supported"},
    FindingRow{"volume.lacks-mtime-ns", Severity::error, "The filesystem keeps only coarse timestamps.", "",
               "Use a volume with nanosecond timestamps (ext4: inodes of 256 bytes).", ""},
    FindingRow{"volume.lacks-case-sensitive", Severity::error,
               "The filesystem does not distinguish upper and lower case.", "",
               "Use a volume with case-sensitive names.", ""},
    FindingRow{"volume.lacks-noreplace", Severity::error,
               "The filesystem does not support a rename that never replaces (RENAME_NOREPLACE).", "",
               "Use another volume.", "", "rename(2)"},
    FindingRow{"volume.lacks-exchange", Severity::error, "The filesystem cannot exchange two names (RENAME_EXCHANGE).",
               "", "Use another volume.", "", "rename(2)"},
    FindingRow{"volume.lacks-syncfs", Severity::error, "The filesystem does not support syncfs.", "",
               "Use another volume.", "", "syncfs(2)"},
};

}  // namespace mailstate::findings

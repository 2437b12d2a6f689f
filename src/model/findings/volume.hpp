// SPDX-License-Identifier: MIT
// Findings on the volume: where it is, whether it lasts, who else uses it, what is peculiar there.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array volume{
    FindingRow{"volume.absent", Severity::note, "The state directory does not exist, so there is nothing to do.",
               "No volume is mounted there.", "Mount a volume at {} to keep the state of the services.", ""},
    FindingRow{"volume.missing", Severity::error,
               "Origins are links into the state directory, but their destinations do not exist.",
               "The volume was not mounted when the container started.",
               "Mount the volume with the state at {} and start again.",
               "No such file or directory | Too many levels of symbolic links"},
    FindingRow{
        "volume.not-mounted", Severity::warning,
        "The state directory exists only in the container's own layer: it is lost when the container is recreated.",
        "The volume's line is missing from the compose file, or names another path.",
        "Mount a volume at {}. If the directory itself is persistent (bare metal, LXC), use --allow-unmounted.", ""},
    FindingRow{"volume.not-a-directory", Severity::error, "The path of the state directory is not a directory.",
               "Docker mounts a file where the host has a file of that name.", "Move {} away and mount a volume there.",
               "not a directory"},
    FindingRow{"volume.workspace", Severity::error,
               "The workspace .mailstate on the volume cannot be used, so nothing is changed.",
               "Another program created it.", "Inspect it and move it away; mailstate creates a new one.", ""},
    FindingRow{"volume.workspace-widened", Severity::warning,
               "Users other than root can write to the workspace .mailstate.",
               "Kubernetes' fsGroup, chmod -R or setfacl -R changed the modes of the whole volume.",
               "'mailstate apply' restricts it to root again. Remove the setting or command that changes modes on the "
               "whole volume (Kubernetes: remove fsGroup, or set fsGroupChangePolicy: OnRootMismatch).",
               "", "kubernetes.io, Configure a Security Context for a Pod"},
    FindingRow{"volume.workspace-foreign", Severity::warning,
               "The workspace .mailstate, or the ledger in it, belongs to another user, so its content is not trusted.",
               "chown -R changed the owners of the whole volume, or that user created the workspace.",
               "'mailstate apply' creates a new workspace and keeps the old one in .mailstate/aside. Do not run chown "
               "on the whole volume: mailstate sets the owners of the services' files.",
               ""},
    FindingRow{"volume.read-only", Severity::error, "The volume is mounted read-only, so all entries are left alone.",
               "The mount has the option ro, or it is a snapshot, or the disk had an error.",
               "Mount the volume read-write.", "Read-only file system"},
    FindingRow{"volume.network", Severity::warning,
               "The volume is on a network filesystem, on FUSE or shared by a hypervisor: owners, special bits and "
               "locks may be refused there.",
               "",
               "Run 'mailstate probe --write-test' to see what the volume supports; entries that need more are left "
               "alone and reported. A local volume avoids all of this; NFS needs no_root_squash.",
               "Operation not permitted | Stale file handle", "docker-mailserver #3610, #4082, #4202, #4479"},
    FindingRow{"volume.memory", Severity::warning, "The volume is in memory: its content is lost at the next restart.",
               "A tmpfs line for the state directory, or a bind mount of /run.",
               "Mount a persistent volume at {}. If the state may be lost at each stop, use --allow-memory.", ""},
    FindingRow{"volume.volatile", Severity::warning,
               "The state directory is on an overlay that is mounted volatile: a crash of the machine may lose data "
               "written there, even data that a service has synced.",
               "The container engine mounts its overlays with the option volatile.",
               "Mount the overlay without the option volatile, or use a volume.", "",
               "overlayfs (kernel documentation), volatile mount"},
    FindingRow{
        "volume.anonymous", Severity::warning, "The volume has no name: the next container gets a new, empty one.",
        "A VOLUME line of the image, or a compose file that names the directory without a volume.",
        "Name it in the compose file: '- mail-state:{}' under the service, and 'mail-state:' under the top-level "
        "'volumes:'. Stop the container and copy the content of {} to the named volume before the first start with it.",
        ""},
    FindingRow{"volume.empty-dir", Severity::warning,
               "The volume is an emptyDir of Kubernetes: it is lost with the pod.", "",
               "Use a PersistentVolumeClaim at {}, and copy the content to it before the pod is deleted.", ""},
    FindingRow{"volume.no-space", Severity::error, "The volume has too little space, in bytes or in inodes.",
               "ClamAV's signatures alone take some 300 MiB.",
               "Make room on the volume or use a larger one, then start again.",
               "No space left on device | Disk quota exceeded | insufficient system storage",
               "docker-mailserver #4455, docker-mailserver-helm #165"},
    FindingRow{"volume.locked", Severity::error, "Another run of mailstate holds the volume's lock.",
               "A second container on the same volume, or a run that is still in progress.",
               "Wait for the other run to end, or raise --lock-timeout.", ""},
    FindingRow{"volume.shared", Severity::error,
               "The destination appeared while this run was moving the entry: another run is using the volume at the "
               "same time.",
               "Two containers use one volume, and its locks do not reach both.",
               "Let one container at a time use the volume, then run 'mailstate apply' again. The service runs from "
               "its origin, as before.",
               ""},
    FindingRow{"volume.staging", Severity::warning, "The staging directory of an interrupted run could not be removed.",
               "",
               "Nothing is lost: start again. On NFS, stop the process that still has a file in it open; if that does "
               "not help, remove it by hand.",
               ""},
    FindingRow{"volume.foreign-staging", Severity::note,
               "The staging directory holds a file that mailstate did not create.", "",
               "Inspect it and move it where it belongs; remove it only if nobody needs it.", ""},
    FindingRow{"volume.not-tested", Severity::warning, "mailstate could not test what the volume supports.",
               "A full volume, or a disk error during the test.", "No action is needed: the next start tests it again.",
               ""},
    FindingRow{"volume.local-locks", Severity::note, "Locks on the volume are local to this machine.",
               "NFS mounted with nolock or local_lock, CIFS with nobrl, most FUSE filesystems.",
               "If two machines start at once, no content is lost, but one of them may have to start again. Locks on "
               "NFS reach all machines unless it is mounted with nolock or local_lock.",
               "", "nfs(5), mount.cifs(8)"},
    FindingRow{"volume.no-locks", Severity::note, "The volume does not support locks.",
               "NFS whose lock service cannot be reached, some FUSE filesystems.",
               "If two runs start at once, no content is lost, but one of them may have to start again. Services that "
               "lock their files may fail.",
               "No locks available", "nfs(5)"},
    FindingRow{"volume.noexec", Severity::note, "Programs on the volume cannot be run (noexec).", "",
               "No action is needed: state holds no programs.", ""},
    FindingRow{"volume.nosuid", Severity::note, "SUID and SGID bits of programs on the volume have no effect (nosuid).",
               "", "No action is needed: special bits of directories still have an effect.", ""},
    FindingRow{
        "volume.folds-case", Severity::warning, "The volume does not distinguish upper and lower case in names.", "",
        "Use a volume with case-sensitive names: an entry with two names that differ only in case cannot be moved.",
        ""},
    FindingRow{"volume.coarse-times", Severity::note, "The volume keeps timestamps in whole seconds only.", "",
               "No action is needed: mailstate allows for it when it compares copies.", ""},
    FindingRow{"volume.fixed-mode", Severity::warning,
               "The filesystem does not keep modes. This is an error if users other than root can therefore write to "
               "the workspace.",
               "CIFS without POSIX extensions, ntfs-3g without permissions, FAT.",
               "Mount it so that it keeps owners and modes (CIFS: posix or unix extensions; ntfs-3g: permissions), or "
               "use a local volume; until then private directories may be open to others.",
               ""},
    FindingRow{"volume.closed", Severity::error, "Services cannot enter the state directory: it lacks the mode o+x.",
               "The volume's root was created with mode 0700 or 0750.", "Run 'mailstate apply' or 'chmod o+x {}'.",
               "Permission denied | Can't open or create append-only dir"},
    FindingRow{"volume.idmapped", Severity::note,
               "The volume is an idmapped mount: the numbers of owners on disk differ. This is an error if its map "
               "lacks the services' ids.",
               "",
               "No action is needed as long as its map holds all ids of the image; otherwise map them, or mount the "
               "volume without a map.",
               "chown: Invalid argument | Value too large for defined data type", "mount_setattr(2)"},
};

}  // namespace mailstate::findings

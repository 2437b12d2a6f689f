// SPDX-License-Identifier: MIT
// Findings on one entry: its origin, its destination, what became of it.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array entry{
    FindingRow{"origin.missing", Severity::note,
               "The image does not have the origin, or neither origin nor destination exists.",
               "The service is not part of this image, or keeps its state elsewhere.", "No action is needed: {}.", ""},
    FindingRow{"origin.parent-missing", Severity::note, "The directory that should hold the origin does not exist.",
               "The service is not installed in this image.", "", ""},
    FindingRow{"origin.link-elsewhere", Severity::warning, "The origin is a link to a place that is not the volume.",
               "The image or a script created the link.",
               "The service keeps its data in {}. To move it to the volume, stop the service, run '{}' to replace the "
               "link with the data, then run 'mailstate apply' again.",
               ""},
    FindingRow{"origin.link-loop", Severity::warning, "The origin is a link to itself.", "A mistake with ln -s.",
               "Run 'rm {}', then 'mailstate apply', which creates the link to the volume.",
               "Too many levels of symbolic links"},
    FindingRow{"origin.not-a-link", Severity::warning,
               "The origin is not a link, and a rollback would lose its content.",
               "apply has not run in this container, or left the entry alone.",
               "Run 'mailstate apply', which sets aside the content that only the origin has and links it, then "
               "'mailstate rollback'.",
               ""},
    FindingRow{"origin.kind", Severity::warning, "The origin is not of the kind that the layout declares.",
               "An image of another release, or a script that created it.", "Move {} away.", ""},
    FindingRow{"origin.in-use", Severity::warning, "A process has the origin open, so the entry is left alone.",
               "The service was started before mailstate.",
               "Stop the service, then run 'mailstate apply' again: moving or copying the state of a running service "
               "could lose writes.",
               ""},
    FindingRow{
        "origin.read-only", Severity::warning, "The origin is on a read-only filesystem and cannot become a link.",
        "The container runs with --read-only.", "Start the container without --read-only{}.", "Read-only file system"},
    FindingRow{"origin.rolled-back", Severity::warning, "The origin was rolled back, and --no-link creates no link.",
               "'mailstate rollback', then 'mailstate apply --no-link'.",
               "To move it to the volume again, run 'mailstate apply' without --no-link.", ""},
    FindingRow{"origin.not-ours", Severity::error,
               "The origin has directories from which this process cannot remove files, so the entry is left alone.",
               "A user namespace that lacks their owner, or a security module.",
               "Give the container the owner's number (--uidmap), or allow it to change the directory. The service "
               "runs from its origin, as before.",
               "Permission denied"},
    FindingRow{"origin.busy", Severity::warning,
               "The origin changed during the move, or something is mounted inside it, so the entry is left alone.",
               "A service is writing to it.",
               "Stop the service that writes there, then run 'mailstate apply' again. The service runs from its "
               "origin, as before.",
               "Device or resource busy"},
    FindingRow{"origin.leftover-in-use", Severity::error,
               "The origin is now a link, but a service still uses the old content beside the link.",
               "A run was killed while the service was started.",
               "Stop that service, then run 'mailstate apply' again: it sets aside the content that the service has "
               "written since.",
               ""},
    FindingRow{
        "origin.leftover", Severity::warning,
        "The origin is now a link, but its old content beside the link could not be removed.",
        "A file in it is immutable or append-only, a lower layer is read-only, or something is mounted inside it.",
        "The service uses the volume. Run 'chattr -R -i -a {}' if a file in it is immutable or append-only, 'btrfs "
        "subvolume delete' for each read-only snapshot, and umount for each mount; the next start removes the rest.",
        "Operation not permitted", "chattr(1)"},
    FindingRow{"origin.no-space", Severity::error,
               "The origin's filesystem has too little space, so the entry is not rolled back.",
               "The container's layer has less room than the volume.",
               "Make room on the filesystem of {}, then run 'mailstate rollback' again.", "No space left on device"},
    FindingRow{
        "destination.link", Severity::error,
        "The destination is a link. A link could redirect a program that runs as root, so the entry is left alone.",
        "Someone moved the directory to another disk, and put a link in its place.",
        "Replace {} with the directory that it points to, or remove the link.", ""},
    FindingRow{"destination.links-back", Severity::error,
               "The destination holds a link into the origin, which would point to itself after the move, so the entry "
               "is left alone.",
               "Someone created the destination with cp -rs or stow.",
               "The content is at the origin: move {} away, then run 'mailstate apply' again. The service runs from "
               "its origin, as before.",
               "Too many levels of symbolic links"},
    FindingRow{"destination.kind", Severity::error, "The destination is not of the kind that the layout declares.",
               "A script created a file of that name.", "Inspect {} and move it away.",
               "ln: failed to create symbolic link: File exists"},
    FindingRow{"destination.shared", Severity::error,
               "The destinations of two entries are the same directory, or one is inside the other, so both entries "
               "are left alone.",
               "A bind mount, or a volume that is mounted twice.",
               "Mount a separate directory at {}, or none: two services cannot share one.", ""},
    FindingRow{"destination.lost", Severity::warning, "The entry's content is gone from the volume.",
               "Another volume is mounted, or the directory was removed.",
               "Check that the right volume is mounted. If it is, restore the content from a copy.{}",
               "No such file or directory"},
    FindingRow{"destination.outdated", Severity::warning,
               "The origin was rolled back and has been used since; the older destination is a separate mount and "
               "cannot be set aside.",
               "'mailstate rollback', and services that have run since.",
               "Move the content of {} away, then run 'mailstate apply' again.", ""},
    FindingRow{"destination.memory", Severity::warning,
               "The destination is a mount in memory: its content is lost when the container stops, so nothing is "
               "moved there.",
               "The compose file has a tmpfs line for a directory on the volume.",
               "Mount a persistent volume at {}. If the state may be lost at each stop, use --allow-memory.", ""},
    FindingRow{"destination.unfinished", Severity::error,
               "A run of apply was interrupted while it filled the destination.",
               "The container was killed while it started.",
               "Run 'mailstate apply', which completes it, then 'mailstate rollback'.", ""},
    FindingRow{"destination.in-use", Severity::error, "A process has the destination open.", "The service is running.",
               "Stop the service first: anything it writes meanwhile would be in only one of the two places. To "
               "continue anyway, add --allow-in-use.",
               ""},
    FindingRow{
        "entry.unreadable", Severity::error, "The origin or the destination could not be read.",
        "The container lacks DAC_OVERRIDE, NFS has root_squash, something is mounted inside, or a disk is faulty.",
        "{}", "Permission denied"},
    FindingRow{"entry.nested-link", Severity::note, "The directory contains a link to the destination.",
               "The image's own script ran ln -s after a move that had failed.",
               "No action is needed: an earlier move that failed left it, and apply removes only this inner link.", "",
               "docker-mailserver #4082"},
    FindingRow{
        "entry.relative-links", Severity::warning,
        "Relative links lead out of the entry: on the volume they point elsewhere, usually to nothing.",
        "An administrator shares a file between services.",
        "Find them with 'find {} -lname \"../*\"' and make them absolute: a move does not change the text of a link.",
        "No such file or directory"},
    FindingRow{"entry.interrupted-copy", Severity::warning,
               "The destination is an interrupted copy of the origin: apply sets it aside whole and moves the origin.",
               "A start of the container was killed while a script of the image copied.",
               "No action is needed: the copy was interrupted before mailstate was used here, and the origin has all "
               "of its content.",
               "", "docker-mailserver #4082"},
    FindingRow{
        "entry.partial-destination", Severity::error,
        "The destination holds only a part of the origin's content, or less than half as much, and it is unclear "
        "whether a copy was interrupted.",
        "A start of the container was killed while a script of the image copied; or the service removed files since.",
        "If a copy was interrupted before mailstate was used here, and the origin is not a link yet: stop the service, "
        "move {} away and run 'mailstate apply'. If the origin is a link, apply has set aside the content that the "
        "destination lacks: restore it (see 'mailstate displaced list'). If no copy was interrupted, no action is "
        "needed: apply removes nothing that the destination lacks.",
        "", "docker-mailserver #4082"},
    FindingRow{"entry.would-displace", Severity::warning,
               "The origin has content that the destination lacks or that differs there: apply would set it aside.",
               "The image or an older container brought its own files.",
               "The destination wins. Inspect these files at the origin before you run apply. If some should replace "
               "the destination's, stop the service and copy them there by hand.",
               ""},
    FindingRow{"entry.displaced", Severity::warning, "Content that the destination lacks was set aside on the volume.",
               "The image or an older container brought its own files.",
               "See {}: restore the items that you need, and prune the rest.", ""},
    FindingRow{"entry.labels-stay", Severity::note,
               "The entry is renamed within one filesystem, and keeps its SELinux labels.",
               "The container, or the host, is not separate from the volume, and SELinux is on.",
               "If the policy has different labels for the volume, run 'restorecon -R {}'.", "", "restorecon(8)"},
    FindingRow{"entry.socket", Severity::note, "A socket was not copied: it is useless without its listener.",
               "The service was killed, so its socket was left.", "No action is needed: the service creates it again.",
               ""},
    FindingRow{"entry.failed", Severity::error, "The entry could not be moved to the volume.",
               "The finding names the call and its error, usually of a disk that is full, read-only or faulty.", "{}",
               ""},
    FindingRow{"copy.not-kept", Severity::error,
               "The volume cannot keep something that the origin has, so the entry is left alone. apply tries again "
               "once the volume or the origin has changed.",
               "The filesystem does not support hard links, owners of links, FIFOs, or this extended attribute.",
               "Use a volume that keeps it, or remove it from the origin; then start again. The service runs from its "
               "origin, as before.",
               "Operation not supported | Too many links"},
    FindingRow{"entry.alive", Severity::warning, "A pid file names a running process.",
               "The service was started before mailstate.",
               "Stop the service before you run apply; if {} is left over, the next start removes it.",
               "Pid_file already exists for running process", "docker-mailserver #4108, #4337"},
    FindingRow{"entry.stale", Severity::warning, "A stale file could not be read or removed.",
               "The directory is on a read-only or faulty disk.",
               "Start again; if that does not help, stop the service and remove the file by hand.", ""},
    FindingRow{"entry.rolled-back-elsewhere", Severity::warning,
               "The entry was rolled back in another container: the destination is as it was at that time.",
               "Two containers shared the volume, or the container was recreated after a rollback.",
               "Data written after the rollback is in the container that was rolled back. Check whether that container "
               "still exists.",
               ""},
};

}  // namespace mailstate::findings

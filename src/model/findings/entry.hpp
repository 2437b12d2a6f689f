// SPDX-License-Identifier: MIT
// Findings on one entry: its origin, its destination, what became of it.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array entry{
    FindingRow{"origin.missing", Severity::note,
               "The image does not have the origin, or neither origin nor destination exists.",
               "The service is not part of this image, or keeps its state elsewhere.", "Nothing needs to be done: {}.",
               ""},
    FindingRow{"origin.parent-missing", Severity::note, "The directory that should hold the origin does not exist.",
               "The service is not installed in this image.", "", ""},
    FindingRow{"origin.link-elsewhere", Severity::warning, "The origin is a link to a place that is not the volume.",
               "The image or a script made it.",
               "The service's data is in {} and stays there. To take it to the volume, stop the service, move the data "
               "to the place of the link ({}), and run apply again.",
               ""},
    FindingRow{"origin.link-loop", Severity::warning, "The origin is a link to itself.", "A slip with ln -s.",
               "Run 'rm {}', then apply again: it becomes a link to the volume.", "Too many levels of symbolic links"},
    FindingRow{"origin.not-a-link", Severity::warning,
               "The origin is not a link, and what it holds would be lost by a roll back.",
               "apply has not run in this container, or left the entry alone.",
               "Run 'mailstate apply', which sets aside what only the origin has and links it, then roll back.", ""},
    FindingRow{"origin.kind", Severity::warning, "The origin is of another kind than the layout says.",
               "An image of another release, or a script that created it.", "Move {} away.", ""},
    FindingRow{"origin.in-use", Severity::warning, "A process has the origin open, so the entry is left untouched.",
               "The service was started before mailstate.",
               "Stop the service, then run apply again: a move or a copy under a running service could lose writes.",
               ""},
    FindingRow{
        "origin.read-only", Severity::warning, "The origin is on a read-only filesystem and cannot become a link.",
        "The container runs with --read-only.", "Start the container without --read-only{}.", "Read-only file system"},
    FindingRow{"origin.rolled-back", Severity::warning, "The origin was rolled back, and --no-link creates no link.",
               "rollback, then apply --no-link.", "Run apply without --no-link to take it to the volume again.", ""},
    FindingRow{"origin.not-ours", Severity::error,
               "The origin has directories that this process may remove nothing from, so the entry is left untouched.",
               "A user namespace that lacks their owner, or a security module.",
               "Give the container the owner's number (--uidmap), or allow it to change the directory. The service "
               "runs from its origin, as before.",
               "Permission denied"},
    FindingRow{"origin.busy", Severity::warning,
               "The origin changed while it was moved, or something is mounted in it: the entry is left untouched.",
               "A service writes into it.",
               "Stop what writes there, then run apply again. The service runs from its origin, as before.",
               "Device or resource busy"},
    FindingRow{"origin.leftover-in-use", Severity::error,
               "The origin is a link now, but a service still works in its old content beside the link.",
               "A run was killed while the service was started.",
               "Stop that service, then run apply again: what it has written since is set aside then.", ""},
    FindingRow{"origin.leftover", Severity::warning,
               "The origin is a link now, but its old content beside the link could not be removed.",
               "A file in it is immutable or append-only, a lower layer is read-only, or something is mounted in it.",
               "The service uses the volume. Run 'chattr -R -i -a {}' where a file in it is immutable or append-only, "
               "'btrfs subvolume delete' for each read-only snapshot, umount for each mount; the next start removes "
               "the rest.",
               "Operation not permitted", "chattr(1)"},
    FindingRow{"origin.no-space", Severity::error,
               "There is too little space where the origin is, so it is not rolled back.",
               "The container's layer has less room than the volume.", "Make room where {} is, then roll back.",
               "No space left on device"},
    FindingRow{
        "destination.link", Severity::error,
        "The destination is a link. A link could redirect a program that runs as root, so the entry is left untouched.",
        "Somebody moved the directory to another disk, and put a link in its place.",
        "Replace {} by the directory it points to, or remove it.", ""},
    FindingRow{"destination.links-back", Severity::error,
               "The destination holds a link into the origin, which would lead to itself, so the entry is left "
               "untouched.",
               "Somebody made the destination with cp -rs or stow.",
               "The content is at the origin: move {} away, then run apply again. The service runs from its origin, as "
               "before.",
               "Too many levels of symbolic links"},
    FindingRow{"destination.kind", Severity::error, "The destination is of another kind than the layout says.",
               "A script created a file of that name.", "Look at what {} is, and move it away.",
               "ln: failed to create symbolic link: File exists"},
    FindingRow{"destination.shared", Severity::error,
               "The destinations of two entries are one directory, or one is inside the other, so both are left "
               "untouched.",
               "A bind mount, or a volume that is mounted twice.",
               "Mount a directory of its own at {}, or nothing: two services cannot share one.", ""},
    FindingRow{"destination.lost", Severity::warning, "What was on the volume is gone from there.",
               "Another volume is mounted, or the directory was removed.",
               "Check that the right volume is mounted; restore the content from a copy if it is.{}",
               "No such file or directory"},
    FindingRow{
        "destination.outdated", Severity::warning,
        "The origin was rolled back and used since; the older destination is a mount of its own and cannot be set "
        "aside.",
        "rollback, and services that ran since.", "Move what is in {} away, then run apply again.", ""},
    FindingRow{"destination.memory", Severity::warning,
               "The destination is a mount in memory: what it holds is lost when the container stops, so nothing is "
               "moved to it.",
               "A tmpfs line for a directory on the volume.",
               "Mount a volume that lasts at {}. Where the state may be lost at each stop, use --allow-memory.", ""},
    FindingRow{"destination.unfinished", Severity::error, "An apply into the destination was interrupted.",
               "The container was killed while it started.",
               "Run 'mailstate apply', which finishes it, then roll back.", ""},
    FindingRow{"destination.in-use", Severity::error, "A process has the destination open.", "The service runs.",
               "Stop the service first: what it writes meanwhile would be in one of the two places only. With "
               "--allow-in-use this is done anyway.",
               ""},
    FindingRow{
        "entry.unreadable", Severity::error, "The origin or the destination could not be looked at.",
        "The container lacks DAC_OVERRIDE, NFS has root_squash, something is mounted inside, or a disk is broken.",
        "{}", "Permission denied"},
    FindingRow{"entry.nested-link", Severity::note, "A link to the destination is inside of the directory.",
               "Upstream's ln -s, after a move that failed.",
               "It was left by an earlier move that failed; only this inner link is removed.", "",
               "docker-mailserver #4082"},
    FindingRow{
        "entry.relative-links", Severity::warning,
        "Relative links lead out of the entry: from the volume they lead elsewhere, mostly nowhere.",
        "An administrator shares a file between services.",
        "Make them absolute: the links keep their texts when they are moved. They are found with 'find {} -lname "
        "\"../*\"'.",
        "No such file or directory"},
    FindingRow{"entry.interrupted-copy", Severity::warning,
               "The destination is what an interrupted copy of the origin left: it is set aside whole, and the origin "
               "is moved.",
               "A start of the container was killed while a script of the image copied.",
               "A copy of the origin was interrupted before mailstate came: the origin is moved, and the destination "
               "is set aside whole.",
               "", "docker-mailserver #4082"},
    FindingRow{
        "entry.partial-destination", Severity::error,
        "The destination holds a part of the origin's content, or less than half as much, and nothing shows whether a "
        "copy was interrupted.",
        "A start of the container was killed while a script of the image copied; or the service removed files since.",
        "Was a copy interrupted, before mailstate came? As long as the origin is no link, stop the service, put {} out "
        "of "
        "the way and run apply. Once it is one, apply has set aside what the destination lacks: restore that "
        "(mailstate "
        "displaced list). Otherwise nothing has to be done: nothing is removed that the destination lacks.",
        "", "docker-mailserver #4082"},
    FindingRow{"entry.would-displace", Severity::warning,
               "The origin has content that the destination lacks or has otherwise: apply would set it aside.",
               "The image or an older container brought its own files.",
               "The destination wins. Look at these at the origin before you apply: what counts more than the "
               "destination's has to be put there by hand, while the service is stopped.",
               ""},
    FindingRow{"entry.displaced", Severity::warning, "Content that the destination lacks was set aside on the volume.",
               "The image or an older container brought its own files.",
               "See {}: restore what is needed, and prune the rest.", ""},
    FindingRow{"entry.labels-stay", Severity::note,
               "The entry is renamed within one filesystem, and keeps its SELinux labels.",
               "The container, or the host, is not separate from the volume, and SELinux is on.",
               "Where the policy has other labels for the volume: restorecon -R {}.", "", "restorecon(8)"},
    FindingRow{"entry.socket", Severity::note, "A socket was not copied: it is dead without its listener.",
               "The service was killed, so its socket was left.",
               "Nothing needs to be done: the service makes it again.", ""},
    FindingRow{"entry.failed", Severity::error, "The entry could not be brought onto the volume.",
               "The finding names the call and its error: mostly a disk that is full, read-only or broken.", "{}", ""},
    FindingRow{
        "copy.not-kept", Severity::error,
        "The volume cannot keep something of the origin, so the entry is left untouched. It is copied again once "
        "the volume or the origin has changed.",
        "The filesystem does not support hard links, owners of links, FIFOs, or this extended attribute.",
        "Use a volume that keeps it, or remove it from the origin; then start again. The service runs from its "
        "origin, as before.",
        "Operation not supported | Too many links"},
    FindingRow{"entry.alive", Severity::warning, "A pid file names a process that is running.",
               "The service was started before mailstate.",
               "Stop the service before apply; a {} that is left over goes with the next start.",
               "Pid_file already exists for running process", "docker-mailserver #4108, #4337"},
    FindingRow{"entry.stale", Severity::warning, "A stale name could not be read or removed.",
               "The directory is on a read-only or a broken disk.",
               "It stays, like any content. Start again; if that does not help, remove it by hand while the service is "
               "stopped.",
               ""},
    FindingRow{"entry.rolled-back-elsewhere", Severity::warning,
               "The entry was rolled back in another container: the destination is as it was then.",
               "Two containers shared the volume, or the container was recreated after a roll back.",
               "What was written after the roll back is in the container where it was done. Is that one still there?",
               ""},
};

}  // namespace mailstate::findings

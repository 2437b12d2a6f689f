// SPDX-License-Identifier: MIT
// Findings of rollback and rehearse.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array way_back{
    FindingRow{"rollback.failed", Severity::error,
               "The entry could not be rolled back; its state is on the volume, as before.",
               "The disk of the origin is full or read-only, or something is mounted there.", "{}", ""},
    FindingRow{"rollback.root-squash", Severity::error, "Root cannot read the destination, only its owner can.",
               "The NFS export has root_squash.",
               "Export it with no_root_squash while it is rolled back; or stop the service, and copy it to {} as that "
               "user.",
               "Permission denied", "exports(5)"},
    FindingRow{"rollback.unknown-run", Severity::error, "The history has no such run.",
               "A typo in the number, or a run on another volume.",
               "List the runs and their numbers with 'mailstate history'.", ""},
    FindingRow{"rollback.renumbered", Severity::error, "Users have different numbers in this image than on the volume.",
               "An upgrade of the image.",
               "Run 'mailstate apply', which translates the owners on the volume, then 'mailstate rollback'.", ""},
    FindingRow{"rollback.in-use", Severity::error, "Services are still using the volume, so nothing is rolled back.",
               "The services of this container, or of another container on the volume, were not stopped.",
               "Stop them, or name the other entries with --only. To roll back anyway, add --allow-in-use.", ""},
    FindingRow{"rollback.on-volume", Severity::note,
               "The entry was on the volume before that run, and is now at its origin.", "An earlier rollback.",
               "To move it to the volume, run 'mailstate apply --only {}'.", ""},
    FindingRow{"rollback.returned", Severity::note, "The entry goes back exactly as it was before that run.", "", "",
               ""},
    FindingRow{"rollback.in-parts", Severity::note,
               "The entry goes back as the volume has it; the content that the origin had before that run is no longer "
               "complete.",
               "Displaced content was pruned or restored since.",
               "See 'mailstate displaced list', and restore the items that you need.", ""},
    FindingRow{"rollback.newer", Severity::note, "The entry goes back as it is now: it has changed since that run.",
               "The service has written to it since.", "No action is needed.", ""},
    FindingRow{
        "rollback.container-layer", Severity::warning,
        "State goes back into the container's own layer, which is deleted with the container.",
        "Origins in a container are in the container's own layer, unless a volume is mounted there. 'docker compose "
        "down', '--rm' "
        "and an upgrade delete the container.",
        "Keep the volume: it has a copy of everything. Before the container is deleted, mount a volume at each of "
        "these directories and copy the state there, or run 'mailstate apply' again.",
        "", "docker-rm(1)"},
    FindingRow{"rehearsal.leftover", Severity::error, "The clone of the rehearsal could not be removed.",
               "The rehearsal was killed, or the disk has an error.",
               "No action is needed: the next rehearsal there, or the next apply, removes it.", ""},
    FindingRow{"rehearsal.renumbering", Severity::error,
               "An interrupted run has begun to renumber the owners on the volume.",
               "The container was killed while it started after an upgrade.",
               "Run 'mailstate apply' first, until it ends with 0.", ""},
    FindingRow{"rehearsal.no-scratch", Severity::error, "No scratch directory can be created for the clone.",
               "The volume is read-only, or its workspace is not root's.",
               "Name a directory with room for the clone, on a filesystem like the volume's, with --scratch DIR.", ""},
    FindingRow{"rehearsal.no-space", Severity::error, "The clone does not fit.",
               "The volume has less free space than the state takes.",
               "Rehearse with a part of the files (--sample 10000), or elsewhere (--scratch DIR).", ""},
    FindingRow{"rehearsal.owners", Severity::warning, "Owners were not rehearsed: CAP_CHOWN is missing.",
               "The command does not run as root, or in a container without CAP_CHOWN.",
               "Rehearse as root to include owners; the real run needs CAP_CHOWN.", ""},
    FindingRow{"rehearsal.differs", Severity::warning, "The rehearsal ended differently from the plan.",
               "The volume cannot keep something, which the plan could not foresee.",
               "Correct the reported problems first: the real run would end in the same way.", ""},
    FindingRow{"rehearsal.changes-again", Severity::error, "A second run changed something.",
               "The filesystem does not keep an owner or a mode that was set.",
               "Check what the second run changed: something undid a change of the first run. Use another volume, or "
               "report a bug.",
               ""},
    FindingRow{"rehearsal.no-way-back", Severity::warning, "A rollback would leave the entry on the volume.",
               "The filesystem of the origin cannot keep what the volume can.",
               "Keep a copy of the origin before the upgrade: once it is moved, a rollback leaves it on the volume.",
               ""},
    FindingRow{"rehearsal.not-restored", Severity::error,
               "After apply and rollback the entry would not be as it was before.",
               "The filesystem of the origin or of the volume does not keep something.",
               "Do not upgrade until you know the reason: the message names the difference.", ""},
};

}  // namespace mailstate::findings

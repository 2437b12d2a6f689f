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
    FindingRow{"rollback.unknown-run", Severity::error, "The history does not know the run.",
               "A slip in the number, or a run of another volume.", "See 'mailstate history' for the numbers of runs.",
               ""},
    FindingRow{"rollback.renumbered", Severity::error, "Users have other numbers in this image than on the volume.",
               "An upgrade of the image.",
               "Run 'mailstate apply', which translates the owners on the volume, then roll back.", ""},
    FindingRow{"rollback.in-use", Severity::error, "Services still run on the volume, so nothing is rolled back.",
               "The services of this container, or of another one on the volume, were not stopped.",
               "Stop them, or name the other entries with --only. With --allow-in-use they are rolled back anyway.",
               ""},
    FindingRow{"rollback.on-volume", Severity::note,
               "The entry was on the volume before that run, and is at its origin now.", "An earlier roll back.",
               "'mailstate apply --only {}' takes it to the volume.", ""},
    FindingRow{"rollback.returned", Severity::note, "The entry goes back exactly as it was before that run.", "", "",
               ""},
    FindingRow{"rollback.in-parts", Severity::note,
               "The entry goes back as the volume has it; what the origin held before that run is not whole any more.",
               "Displaced content was pruned or restored since.",
               "See 'mailstate displaced list', and put back what is needed.", ""},
    FindingRow{"rollback.newer", Severity::note, "The entry goes back as it is now: it has changed since that run.",
               "The service wrote into it since.", "Nothing has to be done.", ""},
    FindingRow{
        "rollback.container-layer", Severity::warning,
        "State goes back into the container's own layer, which is deleted with the container.",
        "Origins in a container are in its layer, unless a volume is mounted there. 'docker compose down', '--rm' "
        "and an upgrade delete the container.",
        "Keep the volume: it has a copy of everything. Before the container is deleted, mount a volume at each of "
        "these directories and copy the state there, or run 'mailstate apply' again.",
        "", "docker-rm(1)"},
    FindingRow{"rehearsal.leftover", Severity::error, "The clone of the rehearsal could not be removed.",
               "The rehearsal was killed, or the disk has an error.",
               "The next rehearsal there, or the next apply, removes it.", ""},
    FindingRow{
        "rehearsal.renumbering", Severity::error, "An interrupted run has begun to renumber the owners on the volume.",
        "The container was killed while it started after an upgrade.", "Run 'mailstate apply' to its end first.", ""},
    FindingRow{"rehearsal.no-scratch", Severity::error, "No scratch directory can be made for the clone.",
               "The volume is read-only, or its workspace is not root's.",
               "Name a directory with room for the clone with --scratch, one of a filesystem like the volume's.", ""},
    FindingRow{"rehearsal.no-space", Severity::error, "The clone does not fit.",
               "The volume has less free space than the state takes.",
               "Rehearse with a part of the files (--sample 10000), or elsewhere (--scratch DIR).", ""},
    FindingRow{"rehearsal.owners", Severity::warning, "Owners were not rehearsed: CAP_CHOWN is missing.",
               "The command does not run as root, or in a container without CAP_CHOWN.",
               "The real run needs it; rehearse as root to see owners, too.", ""},
    FindingRow{"rehearsal.differs", Severity::warning, "The rehearsal ended differently from the plan.",
               "The volume cannot keep something that the plan could not know of.",
               "The real run would end in the same way: correct what it reports first.", ""},
    FindingRow{
        "rehearsal.changes-again", Severity::error, "A second run changed something.",
        "The filesystem does not keep an owner or a mode that was set.",
        "Look at what the second run changed: something undoes what the first did. Use another volume, or report it.",
        ""},
    FindingRow{"rehearsal.no-way-back", Severity::warning, "Roll back would leave the entry on the volume.",
               "The filesystem of the origin cannot keep what the volume can.",
               "Keep a copy of the origin before the upgrade: once it is moved, roll back leaves it on the volume.",
               ""},
    FindingRow{"rehearsal.not-restored", Severity::error, "After apply and roll back the entry would not be as it was.",
               "The filesystem of the origin or of the volume does not keep something.",
               "Do not upgrade before that is understood: the message names what would differ.", ""},
};

}  // namespace mailstate::findings

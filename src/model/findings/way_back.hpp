// SPDX-License-Identifier: MIT
// Findings of rollback and rehearse.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array way_back{
    FindingRow{"rollback.failed", Severity::error,
               "The entry could not be rolled back; its state is on the volume, as before.", "", "{}", ""},
    FindingRow{"rollback.root-squash", Severity::error, "Root cannot read the destination, only its owner can.",
               "The NFS export has root_squash.",
               "Export it with no_root_squash while it is rolled back; or stop the service, and copy it to {} as that "
               "user.",
               "Permission denied", "exports(5)"},
    FindingRow{"rollback.unknown-run", Severity::error, "The history does not know the run.", "",
               "See 'mailstate history' for the numbers of runs.", ""},
    FindingRow{"rollback.renumbered", Severity::error, "Users have other numbers in this image than on the volume.", "",
               "Run 'mailstate apply', which translates the owners on the volume, then roll back.", ""},
    FindingRow{"rollback.in-use", Severity::error, "Services still run on the volume, so nothing is rolled back.", "",
               "Stop them, or name the other entries with --only. With --allow-in-use they are rolled back anyway.",
               ""},
    FindingRow{"rollback.on-volume", Severity::note,
               "The entry was on the volume before that run, and is at its origin now.", "",
               "'mailstate apply --only {}' takes it to the volume.", ""},
    FindingRow{"rollback.returned", Severity::note, "The entry goes back exactly as it was before that run.", "", "",
               ""},
    FindingRow{"rollback.in-parts", Severity::note,
               "The entry goes back as the volume has it; what the origin held before that run is not whole any more.",
               "", "See 'mailstate displaced list', and put back what is needed.", ""},
    FindingRow{"rollback.newer", Severity::note, "The entry goes back as it is now: it has changed since that run.", "",
               "Nothing has to be done.", ""},
    FindingRow{"rehearsal.leftover", Severity::error, "The clone of the rehearsal could not be removed.", "",
               "The next rehearsal there, or the next apply, removes it.", ""},
    FindingRow{"rehearsal.renumbering", Severity::error,
               "An interrupted run has begun to renumber the owners on the volume.", "",
               "Run 'mailstate apply' to its end first.", ""},
    FindingRow{"rehearsal.no-scratch", Severity::error, "No scratch directory can be made for the clone.", "",
               "Name a directory with room for the clone with --scratch, one of a filesystem like the volume's.", ""},
    FindingRow{"rehearsal.no-space", Severity::error, "The clone does not fit.", "",
               "Rehearse with a part of the files (--sample 10000), or elsewhere (--scratch DIR).", ""},
    FindingRow{"rehearsal.owners", Severity::warning, "Owners were not rehearsed: CAP_CHOWN is missing.", "",
               "The real run needs it; rehearse as root to see owners, too.", ""},
    FindingRow{"rehearsal.differs", Severity::warning, "The rehearsal ended differently from the plan.", "",
               "The real run would end in the same way: correct what it reports first.", ""},
    FindingRow{"rehearsal.changes-again", Severity::error, "A second run changed something.", "",
               "A second run must change nothing: something undoes what the first did.", ""},
    FindingRow{"rehearsal.no-way-back", Severity::warning, "Roll back would leave the entry on the volume.", "",
               "Once it was moved, roll back would leave it on the volume.", ""},
    FindingRow{"rehearsal.not-restored", Severity::error, "After apply and roll back the entry would not be as it was.",
               "", "After apply and roll back it would not be as it was: do not upgrade before that is understood.",
               ""},
};

}  // namespace mailstate::findings

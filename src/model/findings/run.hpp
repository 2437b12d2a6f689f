// SPDX-License-Identifier: MIT
// Findings on runs of mailstate and on its records.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array run{
    FindingRow{"run.at-work", Severity::note, "Another run is at work on the volume, so nothing was judged.",
               "Two containers on one volume start at the same time, or an operator runs a command beside a start.",
               "Look again when it has ended.", ""},
    FindingRow{"run.interrupted", Severity::warning, "A signal stopped the run: what was not finished is as before.",
               "docker stop, or a start-up probe that did not wait.", "Start again.", ""},
    FindingRow{"run.blocked", Severity::error, "The run could not begin; nothing was changed.",
               "The finding says what: mostly a volume that is missing, read-only or full.", "{}", ""},
    FindingRow{"run.stopped", Severity::error, "The run stopped midway; it is safe to run again.",
               "An error of the disk or of the network, or a volume that ran full.", "{}", ""},
    FindingRow{"run.refused", Severity::error, "The command could not begin.",
               "The volume is missing, or the layout has no entry of the name that was given.",
               "Correct what the message names, and run it again.", ""},
    FindingRow{"run.usage", Severity::error, "The command line is not understood.",
               "An option of another command or of a newer release, or a value that is missing.",
               "See 'mailstate COMMAND --help'.", ""},
    FindingRow{"run.internal", Severity::error, "Mailstate has a bug.", "", "Please report it, with the message.", ""},
    FindingRow{"plan.outdated", Severity::error, "The system has changed since the plan was saved.",
               "A container started since, or a service wrote into an origin.",
               "Make a new plan with 'mailstate plan --out FILE', look at it and apply that one.", ""},
    FindingRow{"plan.failed", Severity::error, "What apply would set aside could not be determined.",
               "A directory cannot be read, or the disk has an error.", "Run it as root, where the volume is mounted.",
               ""},
    FindingRow{"probe.failed", Severity::error, "Nothing could be looked at.",
               "/proc is not mounted, as in some chroots.",
               "Check that /proc is mounted and the state directory can be read.", ""},
    FindingRow{"probe.not-tested", Severity::error, "The volume could not be tested.",
               "Another run holds the lock, or the volume is full.",
               "Wait for the other run to end, or make room, and try again.", ""},
    FindingRow{"seal.unreadable", Severity::warning, "The seal of the image cannot be read.",
               "A layer of the image replaced it, or was built with a newer release.",
               "Without it pristine content of the image is set aside like any other; seal the image again.", ""},
    FindingRow{"seal.failed", Severity::error, "The image could not be sealed.",
               "The build does not run as root, or an origin is a mount.",
               "Seal at image build, as root, before a volume is mounted.", ""},
    FindingRow{"ledger.newer", Severity::error, "A newer mailstate wrote the ledger.", "An image was taken back.",
               "Use the newer mailstate that wrote it; this one leaves the volume untouched.", ""},
    FindingRow{
        "ledger.broken", Severity::warning, "The ledger cannot be read.", "A power cut, or a manual edit.",
        "Nothing needs to be done: it is set aside when apply writes a new one, and nothing of the state is touched.",
        ""},
    FindingRow{"history.unreadable", Severity::error, "The history cannot be read.",
               "The command does not run as root.", "Run it as root, where the volume is mounted.", ""},
    FindingRow{"history.bad-line", Severity::warning, "A line of the history cannot be read and is skipped.",
               "A power cut while the line was written.",
               "A power cut can leave half a line. What that run did is not known from here.", ""},
    FindingRow{"history.unrecorded", Severity::note, "An interrupted run, or one at work, changed the entry.",
               "The container was killed before the run ended.",
               "The next run that changes something has it in its line.", ""},
    FindingRow{"verify.failed", Severity::error, "Nothing could be verified.",
               "/proc is not mounted, as in some chroots.",
               "Check that /proc is mounted and the state directory can be read.", ""},
    FindingRow{"verify.not-in-place", Severity::error, "The entry is not as the layout promises.",
               "apply has not run in this container, or left the entry alone.",
               "Run 'mailstate apply'; 'mailstate plan' says what it would do.", ""},
    FindingRow{"verify.owners", Severity::error, "Files have another owner or mode than the layout says.",
               "A backup was restored under other users, or somebody ran chown or chmod.", "Run 'mailstate apply'.",
               "Permission denied"},
    FindingRow{"verify.renumbered", Severity::error, "Users have other numbers in this image than on the volume.",
               "An upgrade of the image.", "Run 'mailstate apply'.", "Permission denied",
               "docker-mailserver #4211, #4337"},
    FindingRow{"verify.staging", Severity::warning, "An interrupted run left its staging.",
               "The container was killed while it started.", "Nothing is lost: the next apply removes it.", ""},
    FindingRow{"verify.stale", Severity::note, "Stale names are in the destination.",
               "A service that was killed left its pid file or socket.",
               "Nothing has to be done while the services run; the next start removes them.", ""},
};

}  // namespace mailstate::findings

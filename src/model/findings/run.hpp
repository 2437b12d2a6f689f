// SPDX-License-Identifier: MIT
// Findings on runs of mailstate and on its records.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array run{
    FindingRow{"run.at-work", Severity::note, "Another run is at work on the volume, so nothing was judged.", "",
               "Look again when it has ended.", ""},
    FindingRow{"run.interrupted", Severity::warning, "A signal stopped the run: what was not finished is as before.",
               "docker stop, or a start-up probe that did not wait.", "Start again.", ""},
    FindingRow{"run.blocked", Severity::error, "The run could not begin; nothing was changed.", "", "{}", ""},
    FindingRow{"run.stopped", Severity::error, "The run stopped midway; it is safe to run again.", "", "{}", ""},
    FindingRow{"run.refused", Severity::error, "The command could not begin.", "", "", ""},
    FindingRow{"run.usage", Severity::error, "The command line is not understood.", "",
               "See 'mailstate COMMAND --help'.", ""},
    FindingRow{"run.internal", Severity::error, "Mailstate has a bug.", "", "Please report it, with the message.", ""},
    FindingRow{"plan.outdated", Severity::error, "The system has changed since the plan was saved.", "",
               "Make a new plan with 'mailstate plan --out FILE', look at it and apply that one.", ""},
    FindingRow{"plan.failed", Severity::error, "What apply would set aside could not be determined.", "",
               "Run it as root, where the volume is mounted.", ""},
    FindingRow{"probe.failed", Severity::error, "Nothing could be looked at.", "",
               "Check that /proc is mounted and the state directory can be read.", ""},
    FindingRow{"probe.not-tested", Severity::error, "The volume could not be tested.", "",
               "Wait for the other run to end, or make room, and try again.", ""},
    FindingRow{"seal.unreadable", Severity::warning, "The seal of the image cannot be read.", "",
               "Without it pristine content of the image is set aside like any other; seal the image again.", ""},
    FindingRow{"seal.failed", Severity::error, "The image could not be sealed.", "",
               "Seal at image build, as root, before a volume is mounted.", ""},
    FindingRow{"ledger.newer", Severity::error, "A newer mailstate wrote the ledger.", "An image was taken back.",
               "Use the newer mailstate that wrote it; this one leaves the volume untouched.", ""},
    FindingRow{
        "ledger.broken", Severity::warning, "The ledger cannot be read.", "A power cut, or a manual edit.",
        "Nothing needs to be done: it is set aside when apply writes a new one, and nothing of the state is touched.",
        ""},
    FindingRow{"history.unreadable", Severity::error, "The history cannot be read.", "",
               "Run it as root, where the volume is mounted.", ""},
    FindingRow{"history.bad-line", Severity::warning, "A line of the history cannot be read and is skipped.", "",
               "A power cut can leave half a line. What that run did is not known from here.", ""},
    FindingRow{"history.unrecorded", Severity::note, "An interrupted run, or one at work, changed the entry.", "",
               "The next run that changes something has it in its line.", ""},
    FindingRow{"verify.failed", Severity::error, "Nothing could be verified.", "",
               "Check that /proc is mounted and the state directory can be read.", ""},
    FindingRow{"verify.not-in-place", Severity::error, "The entry is not as the layout promises.", "",
               "Run 'mailstate apply'; 'mailstate plan' says what it would do.", ""},
    FindingRow{"verify.owners", Severity::error, "Files have another owner or mode than the layout says.", "",
               "Run 'mailstate apply'.", "Permission denied"},
    FindingRow{"verify.renumbered", Severity::error, "Users have other numbers in this image than on the volume.",
               "An upgrade of the image.", "Run 'mailstate apply'.", "Permission denied",
               "docker-mailserver #4211, #4337"},
    FindingRow{"verify.staging", Severity::warning, "An interrupted run left its staging.", "",
               "Nothing is lost: the next apply removes it.", ""},
    FindingRow{"verify.stale", Severity::note, "Stale names are in the destination.", "",
               "Nothing has to be done while the services run; the next start removes them.", ""},
};

}  // namespace mailstate::findings

// SPDX-License-Identifier: MIT
// Findings on what was set aside.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array displaced{
    FindingRow{"displaced.no-content", Severity::note, "A manifest is left whose content is gone.",
               "An administrator removed the content by hand.", "Nothing counts as set aside by it. Remove it.", ""},
    FindingRow{"displaced.foreign", Severity::warning,
               "An item that mailstate did not create is in the directory of displaced content; it is skipped.",
               "Somebody put it there by hand.",
               "Look at what it is, and move it to where it belongs; remove it only if nobody needs it.", ""},
    FindingRow{"displaced.unreadable", Severity::warning, "The displaced content cannot be read.",
               "The command does not run as root.", "Run it as root, where the volume is mounted.", ""},
    FindingRow{
        "displaced.bad-manifest", Severity::warning, "The manifest of displaced content cannot be read.",
        "A power cut, or a manual edit.",
        "The content beside it is as it was, and counts as set aside. The name of its entry was taken from its own.",
        ""},
    FindingRow{"displaced.unknown", Severity::error, "Nothing of that name was set aside.",
               "A slip in the name, or it was pruned.", "See 'mailstate displaced list'.", ""},
    FindingRow{"displaced.unknown-entry", Severity::error, "The layout has no entry of that name.",
               "It was set aside with another layout.", "Restore it with --into DIR.", ""},
    FindingRow{"displaced.workspace", Severity::error, "The directory is mailstate's own.", "",
               "Name another directory.", ""},
    FindingRow{"displaced.in-the-way", Severity::error, "The directory exists and is not empty.",
               "An earlier restore to the same place.", "Name a directory that does not exist; its parent must.", ""},
    FindingRow{"displaced.no-space", Severity::error, "There is too little space to restore it.",
               "Restoring copies, so it needs the space a second time.",
               "Make room, or restore to a place with more of it.", ""},
    FindingRow{"displaced.not-linked", Severity::error,
               "The origin is not a link to the volume: the service does not look there.",
               "apply has not run in this container, or left the entry alone.",
               "Run 'mailstate apply', then restore; or restore it with --into DIR.", ""},
    FindingRow{"displaced.mount", Severity::error, "The destination is a mount of its own.",
               "The compose file mounts a volume of its own there.",
               "Restore it with --into DIR, and copy what is needed.", ""},
    FindingRow{"displaced.in-parts", Severity::error, "The item holds only a part of the entry.",
               "The destination had the rest already, so only what it lacked was set aside.",
               "Restore it with --into DIR, and copy what is needed.", ""},
    FindingRow{"displaced.failed", Severity::error, "The item could not be removed completely.",
               "A file in it is immutable, or the disk has an error.",
               "What was removed is gone, the rest is there. Correct what the message names, then prune again.", ""},
    FindingRow{"displaced.repeats", Severity::warning,
               "The same names were set aside again and again, each time with other content.",
               "Each container creates the file anew.",
               "If each container creates it anew, and it is worth nothing where the volume has its own, add "
               "\"disposable\": [{}] to the entry '{}' of the layout.",
               ""},
};

}  // namespace mailstate::findings

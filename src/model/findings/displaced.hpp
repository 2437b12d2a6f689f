// SPDX-License-Identifier: MIT
// Findings on what was set aside.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array displaced{
    FindingRow{"displaced.no-content", Severity::note, "A manifest remains, but its content is gone.",
               "An administrator removed the content by hand.",
               "It no longer counts as displaced content: remove the manifest.", ""},
    FindingRow{"displaced.foreign", Severity::warning,
               "The directory of displaced content holds an item that mailstate did not create; it is skipped.",
               "Someone put it there by hand.",
               "Inspect it and move it where it belongs; remove it only if nobody needs it.", ""},
    FindingRow{"displaced.unreadable", Severity::warning, "The displaced content cannot be read.",
               "The command does not run as root.", "Run the command as root, where the volume is mounted.", ""},
    FindingRow{"displaced.bad-manifest", Severity::warning, "The manifest of displaced content cannot be read.",
               "A power cut, or a manual edit.",
               "No action is needed: the content beside the manifest is unchanged and still counts as displaced. "
               "mailstate takes the entry's name from the item's.",
               ""},
    FindingRow{"displaced.unknown", Severity::error, "No displaced item has that name.",
               "A typo in the name, or the item was pruned.", "List the items with 'mailstate displaced list'.", ""},
    FindingRow{"displaced.unknown-entry", Severity::error, "The layout has no entry of that name.",
               "The item was set aside under another layout.", "Restore it with --into DIR.", ""},
    FindingRow{"displaced.workspace", Severity::error, "The directory is part of mailstate's workspace.", "",
               "Name another directory.", ""},
    FindingRow{"displaced.in-the-way", Severity::error, "The directory exists and is not empty.",
               "An earlier restore to the same place.", "Name a directory that does not exist; its parent must.", ""},
    FindingRow{"displaced.no-space", Severity::error, "There is too little space to restore the item.",
               "A restore copies the item, so it needs the space a second time.",
               "Make room, or restore it to a place that has room with --into DIR.", ""},
    FindingRow{"displaced.not-linked", Severity::error,
               "The origin is not a link to the volume, so the service would not see the restored content.",
               "apply has not run in this container, or left the entry alone.",
               "Run 'mailstate apply', then restore the item; or restore it with --into DIR.", ""},
    FindingRow{"displaced.mount", Severity::error, "The destination is a separate mount.",
               "The compose file mounts a separate volume there.",
               "Restore it with --into DIR, and copy the files that you need.", ""},
    FindingRow{"displaced.in-parts", Severity::error, "The item holds only a part of the entry.",
               "The destination already had the rest, so only the missing part was set aside.",
               "Restore it with --into DIR, and copy the files that you need.", ""},
    FindingRow{
        "displaced.failed", Severity::error, "The item could not be removed completely.",
        "A file in it is immutable, or the disk has an error.",
        "Part of the item is gone, the rest remains. Correct the problem that the message names, then prune again.",
        ""},
    FindingRow{"displaced.repeats", Severity::warning,
               "The same names were set aside again and again, each time with different content.",
               "Each new container creates the file again.",
               "If each new container creates it again and only the volume's version matters, add \"disposable\": [{}] "
               "to the entry '{}' of the layout.",
               ""},
};

}  // namespace mailstate::findings

// SPDX-License-Identifier: MIT
// Findings on what was set aside.
#pragma once

#include <array>

#include "mailstate/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array displaced{
    FindingRow{"displaced.no-content", Severity::note, "A manifest is left whose content is gone.",
               "Somebody removed what was set aside by hand.", "Nothing counts as set aside by it. Remove it.", ""},
    FindingRow{"displaced.foreign", Severity::warning,
               "Something that mailstate did not make is among what was set aside; it is skipped.", "",
               "Look at what it is, and remove it.", ""},
    FindingRow{"displaced.unreadable", Severity::warning, "What was set aside cannot be read.", "",
               "Run it as root, where the volume is mounted.", ""},
    FindingRow{
        "displaced.bad-manifest", Severity::warning, "The manifest of what was set aside cannot be read.",
        "A power cut, or somebody edited it.",
        "The content beside it is as it was, and counts as set aside. The name of its entry was taken from its own.",
        ""},
    FindingRow{"displaced.unknown", Severity::error, "Nothing of that name was set aside.", "",
               "See 'mailstate displaced list'.", ""},
    FindingRow{"displaced.unknown-entry", Severity::error, "The layout has no entry of that name.", "",
               "Restore it with --into DIR.", ""},
    FindingRow{"displaced.workspace", Severity::error, "The directory is mailstate's own.", "",
               "Name another directory.", ""},
    FindingRow{"displaced.in-the-way", Severity::error, "The directory exists and is not empty.", "",
               "Name a directory that does not exist; its parent must.", ""},
    FindingRow{"displaced.no-space", Severity::error, "There is too little room to restore it.", "",
               "Make room, or restore to a place with more of it.", ""},
    FindingRow{"displaced.not-linked", Severity::error,
               "The origin is not a link to the volume: the service does not look there.", "",
               "Run 'mailstate apply', then restore; or restore it with --into DIR.", ""},
    FindingRow{"displaced.mount", Severity::error, "The destination is a mount of its own.", "",
               "Restore it with --into DIR, and copy what is needed.", ""},
    FindingRow{"displaced.in-parts", Severity::error, "What was set aside is only a part of the entry.", "",
               "Restore it with --into DIR, and copy what is needed.", ""},
    FindingRow{"displaced.failed", Severity::error, "What was set aside could not be removed whole.", "",
               "What was removed is gone, the rest is there.", ""},
    FindingRow{"displaced.repeats", Severity::warning,
               "The same names were set aside again and again, each time with other content.",
               "Each container makes the file anew.",
               "Is that made anew by each container, and worth nothing where the volume has its own? Then add "
               "\"disposable\": [{}] to the entry '{}' of the layout.",
               ""},
};

}  // namespace mailstate::findings

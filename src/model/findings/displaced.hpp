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
               "An item that mailstate did not create is in the directory of displaced content; it is skipped.", "",
               "Look at what it is, and remove it.", ""},
    FindingRow{"displaced.unreadable", Severity::warning, "The displaced content cannot be read.", "",
               "Run it as root, where the volume is mounted.", ""},
    FindingRow{
        "displaced.bad-manifest", Severity::warning, "The manifest of displaced content cannot be read.",
        "A power cut, or a manual edit.",
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
    FindingRow{"displaced.no-space", Severity::error, "There is too little space to restore it.", "",
               "Make room, or restore to a place with more of it.", ""},
    FindingRow{"displaced.not-linked", Severity::error,
               "The origin is not a link to the volume: the service does not look there.", "",
               "Run 'mailstate apply', then restore; or restore it with --into DIR.", ""},
    FindingRow{"displaced.mount", Severity::error, "The destination is a mount of its own.", "",
               "Restore it with --into DIR, and copy what is needed.", ""},
    FindingRow{"displaced.in-parts", Severity::error, "The item holds only a part of the entry.", "",
               "Restore it with --into DIR, and copy what is needed.", ""},
    FindingRow{"displaced.failed", Severity::error, "The item could not be removed completely.", "",
               "What was removed is gone, the rest is there.", ""},
    FindingRow{"displaced.repeats", Severity::warning,
               "The same names were set aside again and again, each time with other content.",
               "Each container creates the file anew.",
               "If each container creates it anew, and it is worth nothing where the volume has its own, add "
               "\"disposable\": [{}] to the entry '{}' of the layout.",
               ""},
};

}  // namespace mailstate::findings

// SPDX-License-Identifier: MIT
// Findings on what a person gave: files and variables to read, files to write.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array given{
    FindingRow{"layout.bad", Severity::error, "The layout is not valid.",
               "A mistake in a layout that was written by hand, or a layout of a newer release.",
               "Correct the named line, and check it with 'mailstate layout validate FILE'.", ""},
    FindingRow{"settings.bad", Severity::error, "The settings file cannot be read.",
               "The file does not exist yet, or is a script.",
               "Name a file with lines NAME='value', such as /etc/dms-settings.", ""},
    FindingRow{"plan.bad", Severity::error, "The plan file cannot be read.",
               "Another release wrote it, or it was edited.", "Save a new plan with 'mailstate plan --out FILE'.", ""},
    FindingRow{"root.unusable", Severity::error, "The root directory cannot be used.",
               "A typo in the path, or a root that was not unpacked.", "Name a directory that exists.", ""},
    FindingRow{"env.syntax", Severity::warning,
               "A variable is neither an integer nor the name of another variable, so the service counts as off.",
               "1.0 or \"on, please\" instead of 1.", "Set {} to 0 or 1.", "syntax error: operand expected",
               "docker-mailserver #4499"},
    FindingRow{"env.quotes", Severity::warning, "Quotes or a comment are part of a variable's value.",
               "docker run --env-file and lists in compose files keep them.",
               "Write the value without quotes, and comments on separate lines: env files, and lists in compose files, "
               "keep both as part of the value.",
               "", "docker-mailserver #4499"},
    FindingRow{"env.line", Severity::warning,
               "A line of an env file cannot be read. This is an error if compose refuses the line, and with it the "
               "whole project.",
               "export NAME=value as in a shell, or a value that spans several lines.",
               "Write NAME=value, or a # comment.", ""},
    FindingRow{"env.unreadable", Severity::warning,
               "The env file of a service cannot be read, so its variables are not known.",
               "The file is on another machine, or is created at deployment.",
               "Put the file there, or name another with --env-file.", "env file not found"},
    FindingRow{"compose.unreadable", Severity::error,
               "A compose file or a manifest cannot be read as docker compose or Kubernetes would.",
               "Wrong indentation, a tab, or a template that was not filled in.", "Correct it{}.",
               "yaml: line | invalid compose project"},
    FindingRow{"check.unreadable", Severity::error, "A file that check was told to read cannot be read.",
               "A typo in the path, or missing permissions.", "Name an existing file.", ""},
    FindingRow{"check.not-judged", Severity::error,
               "No mail system was recognised in the file, so nothing in it was judged.",
               "The file belongs to another service, or names a custom image.",
               "Name the file that starts the mail server, or its system with --system.", ""},
    FindingRow{"check.unknown", Severity::note, "Something could not be determined.",
               "A file that it depends on was not given.", "{}", ""},
    FindingRow{"sni.no-certificates", Severity::error, "The directory of certificates cannot be read.",
               "mailcow's data/assets/ssl is not mounted in the container.", "Name the directory with --certs DIR.",
               ""},
    FindingRow{"sni.left-out", Severity::warning, "A folder or a name is left out of the SNI map.",
               "The certificate does not match its key or the name, or has expired.",
               "Put a matching, valid cert.pem and key.pem there, or remove the name from the file domains.", ""},
    FindingRow{"sni.copies-keys", Severity::note, "A compiled SNI map holds copies of the keys and certificates.",
               "Postfix serves the copies: a renewed certificate is served only when the map is compiled again.",
               "Run the same command again after each renewal, and keep the file secret; or let Postfix read the text "
               "itself: tls_server_sni_maps = texthash:{}.",
               ""},
    FindingRow{"sni.not-written", Severity::error, "The SNI map could not be written.",
               "The directory is mounted read-only.", "Choose a file in an existing, writable directory.", ""},
    FindingRow{"report.not-written", Severity::warning, "The report could not be written.",
               "The directory does not exist, or is mounted read-only.",
               "Choose a file in an existing, writable directory.", ""},
    FindingRow{"metrics.not-written", Severity::warning, "The metrics could not be written.",
               "The directory of node_exporter's textfile collector is not mounted in the container.",
               "Choose a file in an existing, writable directory.", ""},
    FindingRow{"plan.not-saved", Severity::error, "The plan could not be written.",
               "The directory does not exist, or is mounted read-only.",
               "Choose a file in an existing, writable directory.", ""},
};

}  // namespace mailstate::findings

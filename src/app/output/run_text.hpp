// SPDX-License-Identifier: MIT
// A plan or a report for people: a head line, the entries with their reasons and findings, the other findings.
#pragma once

#include <string>

#include "app/log/terminal.hpp"
#include "app/output/run_view.hpp"
#include "mailstate/model/describe.hpp"

namespace mailstate {

// "docker-mailserver on /var/mail-state (ext4, /dev/sdb1, 12.3 GiB free)"
std::string head_line(const RunView& view);

// Everything but the summary. What is disabled is one line.
std::string page_text(const RunView& view, Tense tense, Paint paint);

std::string seconds_text(double seconds);  // "1.23 s"

// "3 entries to move (412 files, 1.3 MiB), 12 in place, 1 left alone"; done: "3 entries moved (…), …".
std::string summary_text(const std::vector<EntryLine>& entries, Tense tense);
// Of what has run, by what became of the entries.
std::string outcome_text(const std::vector<EntryLine>& entries);

}  // namespace mailstate

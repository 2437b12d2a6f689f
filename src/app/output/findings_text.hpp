// SPDX-License-Identifier: MIT
// Findings for people.
#pragma once

#include <string>
#include <vector>

#include "app/log/terminal.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

enum class ShowSubject : bool { no, yes };

// "warning: redis: ext4 /dev/sda1 is mounted at … (origin.mounted)", the hint below after an arrow, wrapped, each line
// with so many blanks in front.
std::string finding_text(const Finding& finding, std::size_t indent, ShowSubject subject, Paint paint);

std::string findings_text(const std::vector<Finding>& findings, Paint paint);

// "2 errors, 1 warning"; empty where there is neither.
std::string count_of(const std::vector<Finding>& findings);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The command to run next, complete with the options in force: it can be pasted into a shell.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/options.hpp"

namespace mailstate {

// "mailstate apply --root /srv/c1 --only redis": what was given and the command knows, of the groups that say where and
// what; not how results are shown or kept.
std::string command_line(std::string_view command, const Options& options);

// "Next: …", on a line of its own after a summary; empty where a program follows, which is what comes next.
std::string next_line(std::string_view text, const Options& options);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Mounts in words: what is mounted where, and which line of a compose file put it there.
#pragma once

#include <string>

#include "mailstate/survey.hpp"

namespace mailstate {

// "ext4 /dev/sda1 (subtree /srv/redis) is mounted at /var/lib/redis"; of several, the first and how many more.
std::string describe_mounts(const EntrySurvey& seen);

// The line to look for in the compose file, and how to keep the data.
std::string mount_hint(const EntrySurvey& seen);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Mounts in words: what is mounted where, and which line of a compose file put it there.
#pragma once

#include <string>

#include "mailstate/model/survey.hpp"

namespace mailstate {

// "ext4 /dev/sda1 (subtree /srv/redis) is mounted at /var/lib/redis"; of several, the first and how many more.
std::string describe_mounts(const EntrySurvey& seen);

// "the line like '- ./redis:/var/lib/redis' from the compose file": what is to be removed.
std::string mount_lines(const EntrySurvey& seen);

// How the data gets from a mount to the volume without a loss: what the services write after the last copy is in the
// mount only, so they are stopped first.
std::string mount_hint(const EntrySurvey& seen);

}  // namespace mailstate

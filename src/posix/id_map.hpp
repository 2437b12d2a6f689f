// SPDX-License-Identifier: MIT
// The text of /proc/<pid>/uid_map and gid_map: user_namespaces(7).
#pragma once

#include <string_view>
#include <vector>

#include "mailstate/posix/process.hpp"

namespace mailstate {

// Error: text_error with "id_map:LINE" as subject.
Result<std::vector<IdRange>> parse_id_map(std::string_view text);

}  // namespace mailstate

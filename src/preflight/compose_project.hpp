// SPDX-License-Identifier: MIT
// Reading a compose project.
#pragma once

#include "preflight/compose.hpp"

namespace mailstate {

// The project as docker compose would load it there: COMPOSE_FILE and override files where the name is one that compose
// looks for by itself, .env, include, extends, profiles. Error: the file cannot be read. Whatever is wrong in it is a
// finding in `problems` (code compose.unreadable, with file and line).
Result<Compose> load_compose(const ComposeRequest& request);

// Is it one of the names that compose looks for where none is given: "compose.yaml" …
bool is_found_by_itself(std::string_view name);

// One text by itself.
Compose parse_compose(std::string_view file_name, std::string_view text, const Variables& variables);

}  // namespace mailstate

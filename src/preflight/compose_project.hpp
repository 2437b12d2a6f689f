// SPDX-License-Identifier: MIT
// Reading a compose project.
#pragma once

#include "preflight/compose.hpp"

namespace mailstate {

// The project as docker compose would load it there: COMPOSE_FILE and override files where the name is one that compose
// looks for by itself, .env, include, extends, profiles. Error: the file cannot be read. Whatever is wrong in it is a
// finding in `problems` (code compose.unreadable, with file and line).
Result<Compose> load_compose(const ComposeRequest& request);

// One text by itself.
Compose parse_compose(std::string_view file_name, std::string_view text, const Variables& variables);

}  // namespace mailstate

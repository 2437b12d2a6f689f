// SPDX-License-Identifier: MIT
// The start script of a mail image that moves state itself: docker-mailserver's setup.d/mail_state.sh and its kin. It
// runs after an entrypoint, and removes what is mounted at an origin.
#pragma once

#include <string>
#include <string_view>

#include "mailstate/model/settings.hpp"

namespace mailstate {

inline constexpr const char* drop_in_marker = "mailstate-drop-in";  // in a comment of ours, which calls mailstate

// Is this a script that moves or removes directories and leaves links into the state directory? By what it does, since
// every release has another one. One that ONE_DIR switches off does nothing.
bool moves_state(std::string_view script, std::string_view state_dir, const Settings& settings);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Names of mailstate's own on a volume. What is in the workspace: workspace.hpp.
#pragma once

namespace mailstate {

inline constexpr const char* workspace_name = ".mailstate";
inline constexpr const char* staging_directory = "staging";
inline constexpr const char* displaced_name = "displaced";
inline constexpr const char* aside_name = "aside";  // in it, what was the workspace before it was found foreign
inline constexpr const char* history_name = "history.jsonl";
inline constexpr const char* rehearsal_name = "rehearsal";  // in staging, then the run

// A foreign workspace, beside the one that is new, until it is kept aside in that: ".mailstate.foreign-<run>".
inline constexpr const char* foreign_prefix = ".mailstate.foreign-";

// Staging inside a destination that is a mount of its own: ".mailstate-staging.<run>".
inline constexpr const char* mount_staging_prefix = ".mailstate-staging.";

}  // namespace mailstate

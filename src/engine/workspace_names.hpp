// SPDX-License-Identifier: MIT
// Names of mailstate's own on a volume. What is in the workspace: workspace.hpp.
#pragma once

#include <string_view>

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

// Of a file right in the workspace: a ledger, the history, the lock; also while it is being written (".<name>.new").
inline bool is_record_name(std::string_view name)
{
    constexpr std::string_view being_written = ".new";
    if (name.starts_with('.') && name.ends_with(being_written))
        name = name.substr(1, name.size() - 1 - being_written.size());
    return name == "lock" || name == "lease" || name == history_name ||
           (name.starts_with("ledger.") && name.ends_with(".json"));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Globs of layouts, matched against paths relative to an entry. Any bytes; no locale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/base/result.hpp"

namespace mailstate {

// A compiled glob: "." is the entry itself (relative path ""), "*" and "?" stay within one component, "**" is any
// number of components (none too: "a/**" matches "a/b", "a/b/c" but not "a"; "**" matches everything, "" too), "[a-z]"
// and
// "[!a-z]" are sets, "{a,b}" is either, a backslash takes the next byte as it is.
class Glob {
public:
    // Error: message only ("'{' is never closed").
    static Result<Glob> compile(std::string_view pattern);
    // Linear in path times pattern, whatever the pattern: no exponential back-tracking.
    [[nodiscard]] bool matches(std::string_view relative_path) const;

private:
    std::vector<std::vector<std::string>> alternatives_;  // each a list of components
};

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Version: releases as each system counts them: v13.3.1; 2024.06.12; 2025-03a.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

enum class Certainty { no, yes, unknown };

struct Version {
    std::string text;        // as it was found; empty: not known at all
    std::vector<int> parts;  // {13,3,1}; {2025,3,1} for 2025-03a; empty: moving ("latest", "edge") or not understood
    bool whole = false;      // names one release; "2024.06" and "14" are tags that move along
    bool operator==(const Version&) const = default;
};

// "v13.3.1", "13.3", "2024.06.12", "2.0"; whole from three parts on.
Version parse_dotted_version(std::string_view text);

// mailcow: "2025-03", "2025-03a" (always whole).
Version parse_monthly_version(std::string_view text);

// Is it that release or a later one. Unknown for a moving tag whose releases are on both sides of the bound.
Certainty at_least(const Version& version, std::string_view bound);

bool is_known(const Version& version);

// The order of two versions whose parts are known; "14" counts as 14.0.0.
bool is_older(const Version& a, const Version& b);

}  // namespace mailstate

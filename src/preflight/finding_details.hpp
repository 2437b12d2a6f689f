// SPDX-License-Identifier: MIT
// What a finding of check has beside its words, for machines.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "mailstate/model/finding.hpp"

namespace mailstate {

struct Location {
    std::string file;  // as the operator named it, or relative to what was named; any bytes
    int line = 0;      // from 1; 0: the whole file
};

struct FindingDetails {
    std::optional<Location> location;
    std::map<std::string, std::string> data;  // what the message is made of, by name; never a secret
    std::string reference;                    // a URL; may be empty
};

// By the finding's own words, since findings are sorted and merged on their way.
using DetailsOfFindings = std::map<std::string, FindingDetails>;
inline std::string key_of(const Finding& finding)
{
    return finding.code + "\n" + finding.subject + "\n" + finding.message;
}

}  // namespace mailstate

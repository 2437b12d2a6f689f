// SPDX-License-Identifier: MIT
// Settings: the variables that switch services on and off, and what bash makes of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "mailstate/base/result.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/layout.hpp"

namespace mailstate {

using Variables = std::map<std::string, std::string, std::less<>>;

// The effective variables: --settings over the environment over the layout's defaults. Unset and empty take the default
// (bash's ":="), whose "${OTHER}" is the effective value of OTHER.
struct Settings {
    Variables values;
};

Settings make_settings(const Layout& layout, const Variables& environment, const Variables& file);

// NAME=value lines as in /etc/dms-settings: 'value', "value" or bare; blank lines and # comments; "export " in front.
// Error: subject "file:line:column".
Result<Variables> parse_settings(std::string_view file_name, std::string_view text);

// What [[ $NAME -eq … ]] sees: an integer in bash's notations, 0 for nothing; the name of a variable is looked up in
// turn, and 0 where it is not set. Error (message only): anything else, whether bash would refuse or compute it.
Result<std::int64_t> bash_integer(std::string_view text, const Variables& variables);

struct GateResult {
    bool open = false;
    std::string reason;             // "ENABLE_CLAMAV is 0", "SMTP_ONLY is not 1"
    std::vector<Finding> findings;  // env.syntax where a value is not an integer
};
GateResult evaluate(const std::vector<Gate>& gates, const Settings& settings);

}  // namespace mailstate

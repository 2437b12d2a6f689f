// SPDX-License-Identifier: MIT
// What of Dovecot 2.3's configuration language Dovecot 2.4 does not load, or takes in another sense (doc.dovecot.org,
// Upgrading from 2.3 to 2.4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

enum class Loads : bool { no, yes };

struct OldSyntax {
    int line = 1;
    std::string what;  // "plugin {"; never the value of a setting
    Loads loads = Loads::no;
};

std::vector<OldSyntax> old_dovecot_syntax(std::string_view text);  // each kind once, in the order of lines

}  // namespace mailstate

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

// Of a script: what it writes into a file of Dovecot's by a here-document. The lines are the script's.
std::vector<OldSyntax> old_dovecot_syntax_in_script(std::string_view text);

// Of a script: commands on files of Dovecot's that name what is old, such as sed's; what they write is not certain.
std::vector<OldSyntax> old_dovecot_words_in_script(std::string_view text);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Mail addresses as Postfix takes them apart to look them up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

struct Extension {                // of "user+extension@domain"; recipient_delimiter is "+"
    std::string bare, extension;  // "user@domain" and "+extension"; both empty where there is none
};

Extension split_extension(std::string_view address);

// The keys under which a table is asked for an address, in order: as it is, without its extension, "@domain"
// (mail_addr_find.c).
std::vector<std::string> lookup_keys(std::string_view address);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What a layout must keep to: root moves and removes what it names.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mailstate/model/layout.hpp"

namespace mailstate {

struct Complaint {
    std::string message, hint;
};
using Rule = std::optional<Complaint> (*)(const std::string& text);

// Of single values. Nothing where they are good.
std::optional<Complaint> name_rule(const std::string& text);           // of a layout, of an entry
std::optional<Complaint> absolute_path_rule(const std::string& text);  // normalised, not "/"
std::optional<Complaint> destination_rule(const std::string& text);    // relative, normalised, not into .mailstate
std::optional<Complaint> variable_rule(const std::string& text);
std::optional<Complaint> default_rule(const std::string& text);  // the value of a default
std::optional<Complaint> account_rule(const std::string& text);  // a user or a group
std::optional<Complaint> need_rule(const std::string& text);
std::optional<Complaint> storage_name_rule(const std::string& text);  // a name, or its beginning and a *
std::optional<Complaint> glob_rule(const std::string& text);
std::optional<Complaint> not_everything_rule(const std::string& text);  // a glob of what may be removed

// Is there no name in a directory, or in a directory of it, that none of the globs matches? Or is it the entry itself?
bool match_everything(const std::vector<std::string>& globs);

// Of the whole: two entries that get into each other's way.
struct Clash {
    std::size_t entry = 0;
    const char* key = "";  // "name", "origin" or "destination"
    Complaint complaint;
};
std::optional<Clash> find_clash(const Layout& layout);

// The name of a default that refers to itself, be it through others.
std::optional<std::string> find_circle(const Layout& layout);

}  // namespace mailstate

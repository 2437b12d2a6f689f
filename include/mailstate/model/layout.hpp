// SPDX-License-Identifier: MIT
// Layout: what a mail system keeps where, and to whom it belongs. Read from JSON, see src/layouts/ and the README.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/base/result.hpp"
#include "mailstate/base/types.hpp"
#include "mailstate/model/ability.hpp"

namespace mailstate {

// One condition on a variable, in bash arithmetic: [[ $NAME -eq VALUE ]] or -ne.
struct Gate {
    std::string variable;
    std::int64_t value = 1;
    bool equal = true;  // "is": true; "is_not": false
};

// Globs are relative to the entry: "." is the entry itself, "*" and "?" stay within one component, "**" is any number
// of components, "{a,b}" is either; "**" alone matches the entry itself too.
struct OwnershipRule {
    std::string match;
    std::string owner;  // name; empty: left as it is
    std::string group;
    std::optional<Mode> mode;
    bool exact_mode = false;   // four digits: the special bits are exact; three: a directory's SUID and SGID stay
    std::optional<Kind> kind;  // only for this kind
};

struct Entry {
    std::string name;
    std::string origin;           // absolute, normalised
    std::string destination;      // relative to the state directory, normalised, never into .mailstate
    Kind kind = Kind::directory;  // directory or regular
    std::vector<Gate> enabled;    // all must hold; none: always
    std::vector<Ability> needs;   // of the volume
    std::vector<OwnershipRule> ownership;
    std::vector<std::string> stale;       // globs: pid files and sockets, removed from the destination once dead
    std::vector<std::string> disposable;  // globs: may be dropped from an origin when the destination is populated
    // Globs: the same of what the image has at the same path below the root, with the same content.
    std::vector<std::string> disposable_if_equal_to_root;
    std::vector<std::string> spare;  // globs of files of other programs; owners and modes are ignored
    bool in_place = false;           // ownership is done even where the origin is a mount
    int weight = 0;                  // -100 to 100; where space is short, heavier entries are moved and others wait
};

struct Binary {  // a file of the image, not of the state
    std::string path;
    std::string owner, group;
    std::optional<Mode> mode;
};

struct Layout {
    std::string name;
    int version = 1;
    std::string state_dir;
    std::map<std::string, std::string> defaults;  // variable → value; "${OTHER}" is replaced
    std::vector<Entry> entries;
    std::vector<Binary> binaries;
    // Further names that the storage puts into the root of a volume, or their beginnings with a * at the end.
    std::vector<std::string> storage_names;
};

// The destination's absolute path as seen from inside: what the link at the origin says.
std::string destination_path(const Layout& layout, const Entry& entry);

// The entry of that name, which must be one of the layout's.
const Entry& entry_named(const Layout& layout, const std::string& name);

// The entry of that origin, by whatever name a layout calls it; null where it has none.
const Entry* entry_at(const Layout& layout, std::string_view origin);

}  // namespace mailstate

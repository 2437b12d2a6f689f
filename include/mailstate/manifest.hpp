// SPDX-License-Identifier: MIT
// The manifest of displaced content, <volume>/.mailstate/displaced/<utc>-<entry>.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/result.hpp"
#include "mailstate/types.hpp"

namespace mailstate {

struct ManifestItem {
    std::string path;  // relative to the entry, any bytes; empty for a file's entry itself
    Kind kind = Kind::regular;
    std::string digest;  // of content or link text; empty for other kinds
    bool operator==(const ManifestItem&) const = default;
};

struct Manifest {
    std::string entry, origin, created;  // created: UTC
    std::vector<ManifestItem> items;
    bool operator==(const Manifest&) const = default;
};

Result<Manifest> parse_manifest(std::string_view file_name, std::string_view text);
std::string to_json_text(const Manifest& manifest);

}  // namespace mailstate

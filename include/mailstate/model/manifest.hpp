// SPDX-License-Identifier: MIT
// The manifest of displaced content, <volume>/.mailstate/displaced/<utc>-<entry>.<run>.json: where the tree beside it
// comes from. It lists no names: the tree itself has them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mailstate/base/result.hpp"

namespace mailstate {

struct Manifest {
    std::string entry, origin, created;  // created: UTC
    std::uint64_t names = 0, bytes = 0;  // that were set aside; 0 in those of older versions
    bool operator==(const Manifest&) const = default;
};

// text: the whole file, or the beginning of one that an older version made: that listed each name, after what counts.
Result<Manifest> parse_manifest(std::string_view file_name, std::string_view text);
std::string to_json_text(const Manifest& manifest);

}  // namespace mailstate

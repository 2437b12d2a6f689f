// SPDX-License-Identifier: MIT
// The names in staging: "<what>.<run>", and "<what>.<run>.<claimer>" once another run has claimed it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/layout.hpp"

namespace mailstate {

// Is this the name of something of ours in staging?
bool is_staging_name(std::string_view name);
// Those in a directory that begin so.
Result<std::vector<std::string>> staging_names(const Reader& reader, const DirectoryRef& at, std::string_view prefix);

struct StagingName {
    std::string what, run;  // "redis-displaced"; the 16 digits of who made it
};
std::optional<StagingName> parse_staging_name(std::string_view name);

// Where a volume is tested, a directory is made, or a rehearsal works.
bool is_scratch(std::string_view name);
// That, records and lists: nothing that was anybody's content.
bool holds_no_content(std::string_view name);

// Whose content it is: "redis", "redis-displaced", "redis-taken", "20261121T020635Z-redis". Null where no entry of the
// layout has such a name.
const Entry* entry_of_staging(const Layout& layout, const std::string& what);

}  // namespace mailstate

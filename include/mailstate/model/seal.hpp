// SPDX-License-Identifier: MIT
// Seal: the record of the pristine image state, /usr/share/mailstate/seal.json, written at image build.
#pragma once

#include <map>
#include <string>

#include "mailstate/fs/reader.hpp"

namespace mailstate {

inline constexpr const char* seal_path = "/usr/share/mailstate/seal.json";

struct SealedItem {
    Kind kind = Kind::regular;
    std::uint64_t size = 0;
    Timestamp mtime;
    Mode mode;
    std::string user, group;  // names; numbers where there was none
    std::string digest;       // of a regular file's content or a link's text; empty for others
    bool operator==(const SealedItem&) const = default;
};

struct Seal {
    std::string tool_version, created;
    std::map<std::string, SealedItem> items;  // by absolute path, any bytes
    bool operator==(const Seal&) const = default;
};

Result<Seal> parse_seal(std::string_view file_name, std::string_view text);
std::string to_json_text(const Seal& seal);

}  // namespace mailstate

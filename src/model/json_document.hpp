// SPDX-License-Identifier: MIT
// JSON text into values: bounded in size and depth, no name twice in an object, mistakes with their line and column.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "mailstate/base/result.hpp"
#include "model/json_locator.hpp"

namespace mailstate {

using Json = nlohmann::json;

struct JsonSource {
    std::string_view file_name, text;
};

inline constexpr std::size_t mebibyte = std::size_t{1} << 20U;
inline constexpr std::size_t deepest_json = 32;

// Error of this text at this place.
Error error_at(const JsonSource& source, const std::vector<JsonStep>& steps, JsonSpot spot, std::string message,
               std::string hint);

// One member of an object that is too large to be kept whole: each of its members is handed over as soon as it is read,
// and forgotten. So a million of them cost no more than one. The taker says when a name comes twice.
struct JsonStream {
    std::string_view member;  // of the outermost object
    // `before` is the document as far as it was read.
    std::function<Result<>(const std::string& name, const Json& value, const Json& before)> take;
};

// What was streamed is an empty object in the result.
Result<Json> parse_json(const JsonSource& source, std::size_t limit, const JsonStream* stream = nullptr);

}  // namespace mailstate

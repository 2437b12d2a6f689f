// SPDX-License-Identifier: MIT
// JSON of the small nouns that layouts, ledgers, seals and plans share.
#pragma once

#include <nlohmann/json.hpp>

#include "mailstate/finding.hpp"
#include "mailstate/identity.hpp"
#include "mailstate/text.hpp"
#include "mailstate/types.hpp"
#include "model/json_fields.hpp"

namespace mailstate {

using OrderedJson = nlohmann::ordered_json;  // keeps members in the order they were written

Result<> read(const JsonNode& node, Kind& kind);       // "file", "directory" …
Result<> read(const JsonNode& node, Mode& mode);       // "0750", four octal digits
Result<> read(const JsonNode& node, Timestamp& time);  // [seconds, nanoseconds]
Result<> read(const JsonNode& node, Identities& ids);  // {"users": {"redis": 101}, "groups": {}}
Result<> read(const JsonNode& node, Finding& finding);

OrderedJson to_json(const Timestamp& time);
OrderedJson to_json(const Identities& ids);
OrderedJson to_json(const Finding& finding);

// An object of the same names, printable; `convert` makes the values.
template <class Map, class Convert>
OrderedJson object_of(const Map& map, Convert convert)
{
    auto object = OrderedJson::object();
    for (const auto& [name, value] : map) object[printable(name)] = convert(value);
    return object;
}

template <class List, class Convert>
OrderedJson array_of(const List& list, Convert convert)
{
    auto array = OrderedJson::array();
    for (const auto& value : list) array.push_back(convert(value));
    return array;
}

}  // namespace mailstate

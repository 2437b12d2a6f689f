// SPDX-License-Identifier: MIT
// JSON of the small nouns that layouts, ledgers, seals and plans share.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "mailstate/base/text.hpp"
#include "mailstate/base/types.hpp"
#include "model/json_fields.hpp"

namespace mailstate {

using OrderedJson = nlohmann::ordered_json;  // keeps members in the order they were written

Result<> read(const JsonNode& node, Kind& kind);       // "file", "directory" …
Result<> read(const JsonNode& node, Mode& mode);       // "0750", four octal digits
Result<> read(const JsonNode& node, Timestamp& time);  // [seconds, nanoseconds]

OrderedJson to_json(const std::string& text);  // printable
OrderedJson to_json(const Mode& mode);
OrderedJson to_json(const Timestamp& time);

template <class T>
requires std::is_arithmetic_v<T> OrderedJson to_json(T number)
{
    return number;
}

// By its name.
template <class T>
requires std::is_enum_v<T> OrderedJson to_json(T value)
{
    return name_of(value);
}

template <class T>
OrderedJson to_json(const std::optional<T>& value)  // which must be there
{
    return to_json(*value);
}

template <class List>
OrderedJson list_json(const List& list)
{
    auto array = OrderedJson::array();
    for (const auto& value : list) array.push_back(to_json(value));
    return array;
}

template <class T>
OrderedJson to_json(const std::vector<T>& list)
{
    return list_json(list);
}

template <class T>
OrderedJson to_json(const std::set<T>& list)
{
    return list_json(list);
}

template <class T, class... Rest>
OrderedJson to_json(const std::map<std::string, T, Rest...>& map)
{
    auto object = OrderedJson::object();
    for (const auto& [name, value] : map) object[printable(name)] = to_json(value);
    return object;
}

}  // namespace mailstate

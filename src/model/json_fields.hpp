// SPDX-License-Identifier: MIT
// Strict, typed reading of JSON values. read(node, out) is overloaded for every type; the nouns add their own.
//
// Strings are spelled as printable() spells them, so that paths and names of any bytes survive: \xNN is a byte.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/json_document.hpp"
#include "model/words.hpp"

namespace mailstate {

// A value and how it was reached. Lives on the stack of the function that looks at it; the parents outlive it.
struct JsonNode {
    const JsonSource* source;
    const Json* value;
    const JsonNode* parent = nullptr;
    JsonStep step = std::size_t{0};
};

Failure mistake(const JsonNode& node, std::string message, std::string hint, JsonSpot spot = JsonSpot::value);

// "expected a string, found a number".
Failure wrong_type(const JsonNode& node, std::string_view expected, std::string hint);

// Error where the value is not an object, or has a member of another name.
Result<> expect_members(const JsonNode& node, const std::vector<std::string_view>& known);

std::optional<JsonNode> find_member(const JsonNode& object, std::string_view name);
Result<JsonNode> member_of(const JsonNode& object, std::string_view name);  // error where it is missing

// Error where the document says a higher number than this program knows: ENOTSUP, naming both.
Result<> expect_schema(const JsonNode& object, std::string_view what, int known);

Result<> read(const JsonNode& node, bool& out);
Result<> read(const JsonNode& node, std::string& out);
Result<> read_verbatim(const JsonNode& node, std::string& out);  // for texts with backslashes of their own
Result<std::int64_t> read_integer(const JsonNode& node, std::int64_t lowest, std::int64_t highest);
Result<> read(const JsonNode& node, std::uint64_t& out);

Result<> expect_array(const JsonNode& node);
Result<> expect_object(const JsonNode& node);
Result<std::string> name_from(const JsonNode& member);  // of a member of an object, \xNN undone

template <std::integral T>
requires(!std::same_as<T, bool> && !std::same_as<T, std::uint64_t>) Result<> read(const JsonNode& node, T& out)
{
    out = static_cast<T>(TRY(read_integer(node, std::numeric_limits<T>::min(), std::numeric_limits<T>::max())));
    return {};
}

template <class T>
Result<> read(const JsonNode& node, std::optional<T>& out)
{
    return read(node, out.emplace());
}

template <class T>
Result<> read(const JsonNode& node, std::vector<T>& out)
{
    TRY(expect_array(node));
    for (std::size_t i = 0; i < node.value->size(); ++i)
        TRY(read(JsonNode{node.source, &(*node.value)[i], &node, i}, out.emplace_back()));
    return {};
}

template <class T, class... Rest>
Result<> read(const JsonNode& node, std::map<std::string, T, Rest...>& out)
{
    TRY(expect_object(node));
    for (const auto& [name, value] : node.value->items()) {
        const JsonNode member{node.source, &value, &node, std::string_view(name)};
        const auto [place, fresh] = out.try_emplace(TRY(name_from(member)));
        if (!fresh)
            return mistake(member, "this name occurs twice, spelled differently", "Remove one of the two.",
                           JsonSpot::key);
        TRY(read(member, place->second));
    }
    return {};
}

template <class T>
Result<> read(const JsonNode& node, std::set<T>& out)
{
    std::vector<T> list;
    TRY(read(node, list));
    out.insert(list.begin(), list.end());
    return {};
}

template <class T>
Result<> read_member(const JsonNode& object, std::string_view name, T& out)
{
    return read(TRY(member_of(object, name)), out);
}

template <class T>
Result<> read_optional(const JsonNode& object, std::string_view name, T& out)
{
    const auto member = find_member(object, name);
    return member ? read(*member, out) : Result<>{};
}

// One of the names of an enumeration.
template <class Enum, class Values>
Result<> read_name(const JsonNode& node, const Values& values, Enum& out)
{
    std::string text;
    TRY(read(node, text));
    std::vector<std::string_view> names;
    for (const auto value : values) {
        names.push_back(name_of(value));
        if (names.back() != text) continue;
        out = value;
        return {};
    }
    return mistake(node, in_quotes(text) + " is not known here" + suggestion(text, names),
                   "Use " + either(names) + '.');
}

}  // namespace mailstate

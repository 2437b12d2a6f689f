// SPDX-License-Identifier: MIT
#include "model/json_fields.hpp"

#include <algorithm>
#include <cerrno>

#include "mailstate/base/text.hpp"

namespace mailstate {
namespace {

std::string_view describe_type(const Json& value)
{
    switch (value.type()) {
        case Json::value_t::null:
            return "null";
        case Json::value_t::object:
            return "an object";
        case Json::value_t::array:
            return "an array";
        case Json::value_t::string:
            return "a string";
        case Json::value_t::boolean:
            return value.get<bool>() ? "true" : "false";
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
            return "a number";
        case Json::value_t::number_float:
            return "a number that is not whole";
        case Json::value_t::binary:
        case Json::value_t::discarded:
            break;
    }
    return "nothing";
}

Result<std::string> bytes_from(const JsonNode& node, std::string_view text, JsonSpot spot)
{
    auto bytes = from_printable(text);
    if (!bytes)
        return mistake(node, in_quotes(text) + " has a backslash without xNN after it",
                       R"(In JSON, write a backslash as "\\x5c" and any other byte as "\\xNN".)", spot);
    return std::move(*bytes);
}

Failure out_of_range(const JsonNode& node, const std::string& lowest, const std::string& highest)
{
    return mistake(node, "expected a whole number from " + lowest + " to " + highest + ", found " + node.value->dump(),
                   "Correct the number.");
}

}  // namespace

Failure mistake(const JsonNode& node, std::string message, std::string hint, JsonSpot spot)
{
    std::vector<JsonStep> steps;
    for (const auto* at = &node; at->parent != nullptr; at = at->parent) steps.push_back(at->step);
    std::reverse(steps.begin(), steps.end());
    return fail(error_at(*node.source, steps, spot, std::move(message), std::move(hint)));
}

Failure wrong_type(const JsonNode& node, std::string_view expected, std::string hint)
{
    auto message = std::string("expected ").append(expected).append(", found ").append(describe_type(*node.value));
    return mistake(node, std::move(message), std::move(hint));
}

Result<> expect_members(const JsonNode& node, const std::vector<std::string_view>& names)
{
    TRY(expect_object(node));
    for (const auto& [name, value] : node.value->items()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        return mistake({node.source, &value, &node, std::string_view(name)},
                       "unknown key " + in_quotes(name) + suggestion(name, names),
                       "The keys of this object are " + either(names) + '.', JsonSpot::key);
    }
    return {};
}

std::optional<JsonNode> find_member(const JsonNode& object, std::string_view name)
{
    const auto found = object.value->find(name);
    if (found == object.value->end()) return std::nullopt;
    return JsonNode{object.source, &*found, &object, name};
}

Result<JsonNode> member_of(const JsonNode& object, std::string_view name)
{
    TRY(expect_object(object));
    const auto member = find_member(object, name);
    if (!member)
        return mistake(object, "the key " + in_quotes(name) + " is missing",
                       "Add " + in_quotes(name) + " to this object.");
    return *member;
}

Result<> expect_schema(const JsonNode& object, std::string_view what, int known)
{
    const auto node = TRY(member_of(object, "schema"));
    const auto found = TRY(read_integer(node, 1, std::numeric_limits<std::int64_t>::max()));
    if (found <= known) return {};
    auto failure = mistake(node,
                           std::string("this ").append(what) + " has schema " + std::to_string(found) +
                               ", this program supports " + std::to_string(known),
                           "Use the newer mailstate that wrote it, or a later one.");
    failure.error.number = ENOTSUP;
    return failure;
}

Result<> read(const JsonNode& node, bool& out)
{
    if (!node.value->is_boolean()) return wrong_type(node, "true or false", "Write true or false, without quotes.");
    out = node.value->get<bool>();
    return {};
}

Result<> read_verbatim(const JsonNode& node, std::string& out)
{
    if (!node.value->is_string()) return wrong_type(node, "a string", "Put the value in double quotes.");
    out = node.value->get_ref<const std::string&>();
    return {};
}

Result<> read(const JsonNode& node, std::string& out)
{
    TRY(read_verbatim(node, out));
    if (out.find('\\') != std::string::npos) out = TRY(bytes_from(node, out, JsonSpot::value));
    return {};
}

Result<std::int64_t> read_integer(const JsonNode& node, std::int64_t lowest, std::int64_t highest)
{
    if (!node.value->is_number_integer())
        return wrong_type(node, "a whole number", "Write a whole number, without quotes.");
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool too_large = node.value->is_number_unsigned() && node.value->get<std::uint64_t>() > largest;
    const auto number = too_large ? 0 : node.value->get<std::int64_t>();
    if (too_large || number < lowest || number > highest)
        return out_of_range(node, std::to_string(lowest), std::to_string(highest));
    return number;
}

Result<> read(const JsonNode& node, std::uint64_t& out)
{
    if (!node.value->is_number_integer())
        return wrong_type(node, "a whole number", "Write a whole number, without quotes.");
    if (!node.value->is_number_unsigned())
        return out_of_range(node, "0", std::to_string(std::numeric_limits<std::uint64_t>::max()));
    out = node.value->get<std::uint64_t>();
    return {};
}

Result<> expect_array(const JsonNode& node)
{
    if (!node.value->is_array()) return wrong_type(node, "an array", "Put the values between [ and ].");
    return {};
}

Result<> expect_object(const JsonNode& node)
{
    if (!node.value->is_object()) return wrong_type(node, "an object", "Put the keys and values between { and }.");
    return {};
}

Result<std::string> name_from(const JsonNode& member)
{
    return bytes_from(member, std::get<std::string_view>(member.step), JsonSpot::key);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/output/json_look.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

const Json& member(const Json& json, std::string_view name)
{
    static const Json nothing;
    if (!json.is_object()) return nothing;
    const auto found = json.find(std::string(name));
    return found == json.end() ? nothing : *found;
}

std::string text_of(const Json& json, std::string_view name)
{
    const Json& value = member(json, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::uint64_t count_of(const Json& json, std::string_view name)
{
    const Json& value = member(json, name);
    return value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0)
               ? value.get<std::uint64_t>()
               : 0;
}

std::string free_space_of(const Json& filesystem)
{
    if (!member(filesystem, "free_bytes").is_number()) return "unknown";
    return human_bytes(count_of(filesystem, "free_bytes"));
}

double number_of(const Json& json, std::string_view name)
{
    const Json& value = member(json, name);
    return value.is_number() ? value.get<double>() : 0;
}

bool flag_of(const Json& json, std::string_view name)
{
    const Json& value = member(json, name);
    return value.is_boolean() && value.get<bool>();
}

const Json& list_of(const Json& json, std::string_view name)
{
    static const Json nothing = Json::array();
    const Json& value = member(json, name);
    return value.is_array() ? value : nothing;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include <algorithm>

#include "model/words.hpp"
#include "preflight/compose.hpp"

namespace mailstate {

namespace {

constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::string value_of(const Variables& variables, std::string_view name)
{
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
}

// What stands between "${" and "}": NAME, NAME:-default, NAME-default, NAME:?error, NAME:+other …
std::string replaced(std::string_view inside, const Variables& variables)
{
    const std::size_t end = std::min(inside.find_first_of(":-?+"), inside.size());
    const std::string_view name = inside.substr(0, end);
    std::string_view rest = inside.substr(end);
    const bool colon = rest.starts_with(':');
    if (colon) rest.remove_prefix(1);
    std::string value = value_of(variables, name);
    const bool is_set = colon ? !value.empty() : variables.contains(name);
    if (rest.starts_with('-') && !is_set) return std::string(rest.substr(1));
    if (rest.starts_with('+')) return is_set ? std::string(rest.substr(1)) : "";
    return value;
}

}  // namespace

std::string interpolate(std::string_view text, const Variables& variables)
{
    std::string result;
    bool closes = true;  // whether a '}' is still to come: it is looked for once, however many "${" there are
    while (!text.empty()) {
        const std::size_t dollar = std::min(text.find('$'), text.size());
        result += text.substr(0, dollar);
        text.remove_prefix(dollar);
        const std::size_t close = closes && text.starts_with("${") ? text.find('}') : std::string_view::npos;
        if (text.starts_with("${")) closes = close != std::string_view::npos;
        if (text.starts_with("$$")) {
            result += '$';
            text.remove_prefix(2);
        } else if (close != std::string_view::npos) {
            result += replaced(text.substr(2, close - 2), variables);
            text.remove_prefix(close + 1);
        } else if (!text.empty()) {
            const std::size_t end = std::min(text.find_first_not_of(name_characters, 1), text.size());
            const std::string_view name = text.substr(1, end - 1);
            const bool is_name = is_shell_name(name);
            result += is_name ? value_of(variables, name) : "$";
            text.remove_prefix(is_name ? end : 1);
        }
    }
    return result;
}

std::string image_name(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    const std::size_t slash = image.rfind('/'), colon = image.rfind(':');
    const bool has_tag = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
    return std::string(has_tag ? image.substr(0, colon) : image);
}

std::string image_tag(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    const std::string name = image_name(image);
    return name.size() == image.size() ? "" : std::string(image.substr(name.size() + 1));
}

}  // namespace mailstate

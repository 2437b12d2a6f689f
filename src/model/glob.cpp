// SPDX-License-Identifier: MIT
#include "mailstate/model/glob.hpp"

#include "model/glob_pattern.hpp"

namespace mailstate {
namespace {

constexpr auto npos = std::string_view::npos;

unsigned char byte_at(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

bool set_holds(std::string_view set, unsigned char c)
{
    auto inner = set.substr(1, set.size() - 2);
    const bool negated = inner.starts_with('!');
    if (negated) inner.remove_prefix(1);
    bool held = false;
    for (std::size_t at = 0; at < inner.size() && !held;) {
        const auto [low, high] = take_element(inner, at);
        held = low <= c && c <= high;
    }
    return held != negated;
}

// Does the element at `at` in the pattern, "?", "[…]", "\c" or "c", match this byte? Then `at` moves past it.
bool takes(std::string_view pattern, std::size_t& at, unsigned char c)
{
    std::size_t length = 1;
    bool taken = false;
    if (pattern[at] == '[') {
        length = end_of_set(pattern, at) - at;
        taken = set_holds(pattern.substr(at, length), c);
    } else if (pattern[at] == '\\') {
        length = 2;
        taken = byte_at(pattern, at + 1) == c;
    } else {
        taken = pattern[at] == '?' || byte_at(pattern, at) == c;
    }
    if (taken) at += length;
    return taken;
}

// Only the last '*' is ever tried again: an earlier one could not find more than it has found. So the work is at most
// pattern times text.
bool component_matches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = npos, star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            star_text = t;
        } else if (p < pattern.size() && takes(pattern, p, byte_at(text, t))) {
            ++t;
        } else if (star != npos) {
            p = star;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

std::size_t next_component(std::string_view path, std::size_t at)
{
    const auto slash = path.find('/', at);
    return slash == npos ? npos : slash + 1;
}

std::string_view component_at(std::string_view path, std::size_t at)
{
    return path.substr(at, path.find('/', at) - at);
}

// The same walk one level up: "**" is to components what "*" is to bytes.
bool components_match(const std::vector<std::string>& parts, std::string_view path)
{
    std::size_t part = 0, star = npos, star_at = 0;
    auto at = path.empty() ? npos : std::size_t{0};
    while (at != npos) {
        if (part < parts.size() && parts[part] == "**") {
            star = ++part;
            star_at = at;
        } else if (part < parts.size() && component_matches(parts[part], component_at(path, at))) {
            ++part;
            at = next_component(path, at);
        } else if (star != npos) {
            part = star;
            at = star_at = next_component(path, star_at);
        } else {
            return false;
        }
    }
    while (part < parts.size() && parts[part] == "**") ++part;
    return part == parts.size();
}

}  // namespace

Result<Glob> Glob::compile(std::string_view pattern)
{
    Glob glob;
    const auto alternatives = TRY(expand_braces(pattern));
    for (const auto& alternative : alternatives) glob.alternatives_.push_back(TRY(split_components(alternative)));
    return glob;
}

bool Glob::matches(std::string_view relative_path) const
{
    for (const auto& parts : alternatives_) {
        if (components_match(parts, relative_path)) return true;
    }
    return false;
}

}  // namespace mailstate

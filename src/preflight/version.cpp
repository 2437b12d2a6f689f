// SPDX-License-Identifier: MIT
#include "preflight/version.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t parts_of_a_release = 3;
constexpr std::uint64_t largest_part = 1'000'000;

bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

// {2025,3,1} for 2025-03a; a month without a letter is its first release.
std::vector<int> monthly_parts(std::string_view text)
{
    int letter = 0;
    if (!text.empty() && is_letter(text.back())) {
        letter = text.back() - 'a' + 1;
        text.remove_suffix(1);
    }
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return {};
    const auto year = parse_decimal(text.substr(0, dash)), month = parse_decimal(text.substr(dash + 1));
    if (!year || !month || *year > largest_part || *month > largest_part) return {};
    return {static_cast<int>(*year), static_cast<int>(*month), letter};
}

std::vector<int> dotted_parts(std::string_view text)
{
    std::vector<int> parts;
    if (text.starts_with('v')) text.remove_prefix(1);
    while (!text.empty()) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        const auto part = parse_decimal(text.substr(0, dot));
        if (!part || *part > largest_part) return {};
        parts.push_back(static_cast<int>(*part));
        if (dot + 1 == text.size()) return {};
        text.remove_prefix(std::min(dot + 1, text.size()));
    }
    return parts;
}

}  // namespace

Version parse_dotted_version(std::string_view text)
{
    Version version{std::string(trim(text)), {}, false};
    version.parts = dotted_parts(version.text);
    version.whole = version.parts.size() >= parts_of_a_release;
    return version;
}

Version parse_monthly_version(std::string_view text)
{
    Version version{std::string(trim(text)), {}, true};
    version.parts = monthly_parts(version.text);
    if (version.parts.empty()) version.whole = false;
    return version;
}

Certainty at_least(const Version& version, std::string_view bound)
{
    if (version.parts.empty()) return Certainty::unknown;
    std::vector<int> limit = monthly_parts(bound);
    if (limit.empty()) limit = dotted_parts(bound);
    for (std::size_t i = 0; i < limit.size(); ++i) {
        if (i >= version.parts.size()) {
            if (limit[i] == 0) continue;
            return version.whole ? Certainty::no : Certainty::unknown;
        }
        if (version.parts[i] != limit[i]) return version.parts[i] > limit[i] ? Certainty::yes : Certainty::no;
    }
    return Certainty::yes;
}

bool is_known(const Version& version)
{
    return !version.parts.empty();
}

bool is_older(const Version& a, const Version& b)
{
    for (std::size_t i = 0; i < std::max(a.parts.size(), b.parts.size()); ++i) {
        const int left = i < a.parts.size() ? a.parts[i] : 0, right = i < b.parts.size() ? b.parts[i] : 0;
        if (left != right) return left < right;
    }
    return false;
}

}  // namespace mailstate

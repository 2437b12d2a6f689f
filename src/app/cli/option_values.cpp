// SPDX-License-Identifier: MIT
#include "app/cli/option_values.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/base/types.hpp"

namespace mailstate {

namespace {

constexpr std::uint64_t longest_wait = 86'400;  // seconds
constexpr std::uint64_t most_jobs = 64;

Failure bad_value(std::string_view value, const std::string& expected)
{
    return fail(text_error({}, "'" + excerpt(value) + "' is not " + expected));
}

template <class T, std::size_t count>
Result<> assign_choice(T& target, std::string_view value,
                       const std::array<std::pair<std::string_view, T>, count>& choices)
{
    const std::string wanted = lower(value);
    std::string names;
    for (std::size_t i = 0; i < count; ++i) {
        if (choices[i].first == wanted) {
            target = choices[i].second;
            return {};
        }
        if (i > 0) names += i + 1 == count ? " or " : ", ";
        names += choices[i].first;
    }
    return bad_value(value, names);
}

}  // namespace

Result<> assign_text(std::string& target, std::string_view value)
{
    if (value.empty()) return fail(text_error({}, "the value is empty"));
    target = value;
    return {};
}

Result<> assign_from_root(PlanOptions& target, std::string_view value)
{
    target.no_link = true;  // this container may be any
    return assign_text(target.from_root, value);
}

Result<> assign_state_dir(std::string& target, std::string_view value)
{
    if (!value.starts_with('/')) return bad_value(value, "an absolute path");
    std::string normal;
    for (std::string_view rest = value; !rest.empty();) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view part = rest.substr(0, end);
        if (part == "..") return bad_value(value, "a path without '..'");
        if (!part.empty() && part != ".") normal.append("/").append(part);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (normal.empty()) return bad_value(value, "a directory below /");
    target = normal;
    return {};
}

Result<> assign_list(std::vector<std::string>& target, std::string_view value)
{
    std::vector<std::string> parts = split_list(value, ',');
    if (parts.empty()) return fail(text_error({}, "the list is empty"));
    target = std::move(parts);
    return {};
}

Result<> assign_switch(bool& target, std::string_view value)
{
    static constexpr std::array<std::string_view, 4> yes{"1", "true", "yes", "on"}, no{"0", "false", "no", "off"};
    const std::string wanted = lower(value);
    const bool is_yes = std::ranges::find(yes, wanted) != yes.end();
    if (!is_yes && std::ranges::find(no, wanted) == no.end()) return bad_value(value, "1 or 0, true or false");
    target = is_yes;
    return {};
}

Result<> assign_switch_off(bool& target, std::string_view value)
{
    bool given = false;
    TRY(assign_switch(given, value));
    target = !given;
    return {};
}

Result<> assign_seconds(std::chrono::milliseconds& target, std::string_view value)
{
    const auto seconds = parse_decimal(value);
    if (!seconds || *seconds > longest_wait)
        return bad_value(value, "a number of seconds from 0 to " + std::to_string(longest_wait));
    target = std::chrono::seconds(*seconds);
    return {};
}

Result<> assign_count(std::uint64_t& target, std::string_view value)
{
    const auto count = parse_decimal(value);
    if (!count || *count < 1) return bad_value(value, "a number of 1 or more");
    target = *count;
    return {};
}

Result<> assign_age(std::optional<std::chrono::seconds>& target, std::string_view value)
{
    constexpr std::uint64_t hour = 3600, day = 24 * hour, week = 7 * day, most = 100'000;
    const char unit = value.empty() ? '\0' : value.back();
    const std::uint64_t seconds = unit == 'h' ? hour : unit == 'd' ? day : unit == 'w' ? week : 0;
    const auto count = seconds == 0 ? std::nullopt : parse_decimal(value.substr(0, value.size() - 1));
    if (!count || *count > most) return bad_value(value, "an age: a number and h, d or w, such as 30d");
    target = std::chrono::seconds(*count * seconds);
    return {};
}

Result<> assign_jobs(int& target, std::string_view value)
{
    const auto jobs = parse_decimal(value);
    if (!jobs || *jobs < 1 || *jobs > most_jobs)
        return bad_value(value, "a number from 1 to " + std::to_string(most_jobs));
    target = static_cast<int>(*jobs);
    return {};
}

Result<> assign_count(std::optional<std::uint64_t>& target, std::string_view value)
{
    const auto count = parse_decimal(value);
    if (!count || *count < 1) return bad_value(value, "a number of 1 or more");
    target = *count;
    return {};
}

Result<> assign_report(std::string& target, std::string_view value)
{
    if (!value.ends_with(".json") && !value.ends_with(".html")) return bad_value(value, "a name in .json or .html");
    target = value;
    return {};
}

Result<> assign_output(Output& target, std::string_view value)
{
    return assign_choice(target, value,
                         std::to_array<std::pair<std::string_view, Output>>({{"text", Output::text},
                                                                             {"json", Output::json},
                                                                             {"junit", Output::junit},
                                                                             {"sarif", Output::sarif},
                                                                             {"github", Output::github}}));
}

Result<> assign_log_level(LogLevel& target, std::string_view value)
{
    return assign_choice(target, value,
                         std::to_array<std::pair<std::string_view, LogLevel>>({{"error", LogLevel::error},
                                                                               {"warn", LogLevel::warn},
                                                                               {"info", LogLevel::info},
                                                                               {"debug", LogLevel::debug},
                                                                               {"trace", LogLevel::trace}}));
}

Result<> assign_log_format(LogFormat& target, std::string_view value)
{
    return assign_choice(
        target, value,
        std::to_array<std::pair<std::string_view, LogFormat>>({{"text", LogFormat::text}, {"json", LogFormat::json}}));
}

Result<> assign_color(Color& target, std::string_view value)
{
    return assign_choice(target, value,
                         std::to_array<std::pair<std::string_view, Color>>(
                             {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}}));
}

Result<> assign_verification(Verification& target, std::string_view value)
{
    return assign_choice(target, value,
                         std::to_array<std::pair<std::string_view, Verification>>(
                             {{"content", Verification::content}, {"metadata", Verification::metadata}}));
}

Result<> assign_system(std::string& target, std::string_view value)
{
    return assign_choice(target, value,
                         std::to_array<std::pair<std::string_view, std::string>>(
                             {{"docker-mailserver", "docker-mailserver"}, {"mailu", "mailu"}, {"mailcow", "mailcow"}}));
}

Result<> assign_map_format(bool& dovecot, std::string_view value)
{
    return assign_choice(dovecot, value,
                         std::to_array<std::pair<std::string_view, bool>>({{"postfix", false}, {"dovecot", true}}));
}

Result<> assign_ownership(OwnershipPass& target, std::string_view value)
{
    return assign_choice(target, value,
                         std::to_array<std::pair<std::string_view, OwnershipPass>>(
                             {{"full", OwnershipPass::full}, {"quick", OwnershipPass::quick}}));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "model/json_nouns.hpp"

#include <algorithm>

namespace mailstate {
namespace {

OrderedJson numbers_of(const std::map<std::string, Uid, std::less<>>& users)
{
    return object_of(users, [](Uid uid) { return static_cast<std::uint32_t>(uid); });
}

OrderedJson numbers_of(const std::map<std::string, Gid, std::less<>>& groups)
{
    return object_of(groups, [](Gid gid) { return static_cast<std::uint32_t>(gid); });
}

template <class Id>
Result<> read_numbers(const JsonNode& object, std::string_view name, std::map<std::string, Id, std::less<>>& out)
{
    std::map<std::string, std::uint32_t> numbers;
    TRY(read_member(object, name, numbers));
    for (auto& [who, number] : numbers) out.emplace(who, Id{number});
    return {};
}

bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

}  // namespace

Result<> read(const JsonNode& node, Kind& kind)
{
    static constexpr Kind kinds[] = {Kind::regular, Kind::directory,   Kind::symlink,     Kind::fifo,
                                     Kind::socket,  Kind::char_device, Kind::block_device};
    return read_name(node, kinds, kind);
}

Result<> read(const JsonNode& node, Mode& mode)
{
    std::string text;
    TRY(read(node, text));
    if (text.size() != 4 || !std::all_of(text.begin(), text.end(), is_octal))
        return mistake(node, in_quotes(text) + " is no mode", "A mode has four octal digits, such as \"0750\".");
    mode.bits = static_cast<std::uint32_t>(std::stoul(text, nullptr, 8));
    return {};
}

Result<> read(const JsonNode& node, Timestamp& time)
{
    constexpr std::uint32_t second = 1'000'000'000;
    std::vector<std::int64_t> parts;
    TRY(read(node, parts));
    if (parts.size() != 2 || parts[1] < 0 || parts[1] >= second)
        return mistake(node, "expected a time", "A time is [seconds, nanoseconds], such as [1700000000, 0].");
    time = {parts[0], static_cast<std::uint32_t>(parts[1])};
    return {};
}

Result<> read(const JsonNode& node, Identities& ids)
{
    TRY(expect_members(node, {"users", "groups"}));
    TRY(read_numbers(node, "users", ids.users));
    return read_numbers(node, "groups", ids.groups);
}

Result<> read(const JsonNode& node, Finding& finding)
{
    static constexpr Severity severities[] = {Severity::note, Severity::warning, Severity::error};
    TRY(expect_members(node, {"code", "severity", "subject", "message", "hint"}));
    TRY(read_name(TRY(member_of(node, "severity")), severities, finding.severity));
    TRY(read_member(node, "code", finding.code));
    TRY(read_member(node, "subject", finding.subject));
    TRY(read_member(node, "message", finding.message));
    return read_member(node, "hint", finding.hint);
}

OrderedJson to_json(const Timestamp& time)
{
    return OrderedJson::array({time.seconds, time.nanoseconds});
}

OrderedJson to_json(const Identities& ids)
{
    return {{"users", numbers_of(ids.users)}, {"groups", numbers_of(ids.groups)}};
}

OrderedJson to_json(const Finding& finding)
{
    return {{"code", printable(finding.code)},
            {"severity", name_of(finding.severity)},
            {"subject", printable(finding.subject)},
            {"message", printable(finding.message)},
            {"hint", printable(finding.hint)}};
}

}  // namespace mailstate

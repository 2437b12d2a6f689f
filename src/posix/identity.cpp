// SPDX-License-Identifier: MIT
#include "mailstate/posix/identity.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "mailstate/base/text.hpp"

namespace mailstate {
namespace {

// The largest number is no id: chown(2) takes it for "leave as it is".
std::optional<std::uint32_t> id_of(std::string_view field)
{
    const auto number = parse_decimal(field);
    if (!number || *number >= std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

// The lines "name:password:number…" with at least so many fields; passwd(5) has another number, a group, behind.
template <class Id>
std::map<std::string, Id, std::less<>> parse(std::string_view text, std::size_t least)
{
    std::map<std::string, Id, std::less<>> entries;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto fields = fields_between(':', trim(text.substr(0, end)));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

        const auto name = fields.front();
        const bool special = name.empty() || name.front() == '#' || name.front() == '+' || name.front() == '-';
        if (special || fields.size() < least) continue;
        const bool numbers = std::all_of(fields.begin() + 2, fields.begin() + static_cast<std::ptrdiff_t>(least),
                                         [](std::string_view field) { return id_of(field).has_value(); });
        if (numbers) entries.emplace(name, Id{*id_of(fields[2])});
    }
    return entries;
}

template <class Id>
std::optional<Id> find_in(const std::map<std::string, Id, std::less<>>& entries, std::string_view name)
{
    const auto found = entries.find(name);
    return found == entries.end() ? std::nullopt : std::optional(found->second);
}

template <class Id>
std::string name_in(const std::map<std::string, Id, std::less<>>& entries, Id id)
{
    for (const auto& [name, number] : entries) {
        if (number == id) return name;
    }
    return std::to_string(static_cast<std::uint32_t>(id));
}

}  // namespace

Identities parse_identities(std::string_view passwd, std::string_view group)
{
    return {parse<Uid>(passwd, 4), parse<Gid>(group, 3)};
}

std::optional<Uid> find_user(const Identities& ids, std::string_view name)
{
    return find_in(ids.users, name);
}

std::optional<Gid> find_group(const Identities& ids, std::string_view name)
{
    return find_in(ids.groups, name);
}

Owner root_of(const Identities& ids)
{
    return {find_user(ids, "root").value_or(Uid{0}), find_group(ids, "root").value_or(Gid{0})};
}

std::string user_name(const Identities& ids, Uid uid)
{
    return name_in(ids.users, uid);
}

std::string group_name(const Identities& ids, Gid gid)
{
    return name_in(ids.groups, gid);
}

std::string owner_name(const Identities& ids, Owner owner)
{
    return user_name(ids, owner.uid) + ':' + group_name(ids, owner.gid);
}

}  // namespace mailstate

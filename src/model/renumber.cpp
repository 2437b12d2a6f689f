// SPDX-License-Identifier: MIT
#include "mailstate/model/renumber.hpp"

#include <algorithm>

namespace mailstate {

namespace {

template <class Number>
using Names = std::map<std::string, Number, std::less<>>;

template <class Number>
std::map<Number, Number> differences(const Names<Number>& from, const Names<Number>& to)
{
    std::map<Number, Number> changed;
    for (const auto& [name, old_number] : from) {
        const auto found = to.find(name);
        if (found != to.end()) changed.emplace(old_number, found->second);  // the first name of a number decides
    }
    // Root is 0 in every image: a record that says otherwise is wrong, or wants to make its files root's.
    constexpr Number root{0};
    std::erase_if(changed, [&](const auto& pair) {
        return pair.first == pair.second || pair.first == root || pair.second == root;
    });
    return changed;
}

template <class Number>
bool has_number(const Names<Number>& names, Number number)
{
    return std::ranges::any_of(names, [number](const auto& pair) { return pair.second == number; });
}

template <class Number>
void collect_reused(const Names<Number>& from, const Names<Number>& to, std::vector<std::string>& names)
{
    for (const auto& [name, number] : from) {
        const bool gone = !to.contains(name);
        const auto takes = [number = number](const auto& pair) { return pair.second == number; };
        const auto other = std::find_if(to.begin(), to.end(), takes);
        if (gone && other != to.end()) names.push_back(name + " → " + other->first);
    }
}

template <class Number>
void carry_over(const Names<Number>& before, Names<Number>& now)
{
    for (const auto& [name, number] : before) {
        const auto takes = [number = number](const auto& pair) { return pair.second == number; };
        if (std::none_of(now.begin(), now.end(), takes)) now.emplace(name, number);
    }
}

}  // namespace

Identities remembered(const std::optional<Identities>& before, const Identities& now)
{
    if (!before) return now;
    Identities kept = now;  // passwd or group may be unreadable today: then nothing is known to have changed there
    carry_over(before->users, kept.users);
    carry_over(before->groups, kept.groups);
    return kept;
}

Renumbering renumbered(const Identities& from, const Identities& to)
{
    return {differences(from.users, to.users), differences(from.groups, to.groups)};
}

Renumbering vacated(const Renumbering& all, const Identities& to)
{
    Renumbering sure = all;
    std::erase_if(sure.users, [&](const auto& pair) { return has_number(to.users, pair.first); });
    std::erase_if(sure.groups, [&](const auto& pair) { return has_number(to.groups, pair.first); });
    return sure;
}

Renumbering renumbered(const std::optional<Identities>& from, const Identities& to)
{
    return from ? renumbered(*from, to) : Renumbering{};
}

std::vector<std::string> reused_numbers(const Identities& from, const Identities& to)
{
    std::vector<std::string> names;
    collect_reused(from.users, to.users, names);
    collect_reused(from.groups, to.groups, names);
    return names;
}

}  // namespace mailstate

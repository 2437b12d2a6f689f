// SPDX-License-Identifier: MIT
#include "mailstate/model/ability.hpp"

#include <algorithm>

#include "mailstate/base/error.hpp"

namespace mailstate {

namespace {

struct Words {
    Verdict verdict;
    std::string_view text;
};

// Ledgers hold these texts: one that has been written once is read for good.
constexpr std::array words{
    Words{Verdict::untested, "not tested"},
    Words{Verdict::yes, "yes"},
    Words{Verdict::without_effect, "lies"},
    Words{Verdict::by_type, "no (by its type)"},
    Words{Verdict::open_workspace, "no (others can write the workspace)"},
    Words{Verdict::foreign_workspace, "no (the workspace belongs to another user)"},
    Words{Verdict::excludes_nobody, "no (a lock excludes nobody)"},
    Words{Verdict::on_this_machine, "on this machine only"},
    Words{Verdict::lease, "no (a lease instead)"},
    Words{Verdict::whole_seconds, "no (whole seconds)"},
    Words{Verdict::coarse, "no (coarse)"},
    Words{Verdict::folds, "no (names differing in case are one)"},
};

constexpr int largest_errno = 4095;  // MAX_ERRNO, include/linux/err.h

}  // namespace

std::string_view name_of(Ability ability)
{
    return row_of(ability).name;
}

std::optional<Ability> ability_named(std::string_view name)
{
    const auto* const row = std::ranges::find(abilities, name, &AbilityRow::name);
    if (row == abilities.end()) return std::nullopt;
    return row->ability;
}

std::string text_of(const Tested& tested)
{
    const auto* const found = std::ranges::find(words, tested.verdict, &Words::verdict);
    return found == words.end() ? "no (" + errno_name(tested.number) + ")" : std::string(found->text);
}

std::optional<Tested> tested_from(std::string_view text)
{
    const auto* const found = std::ranges::find(words, text, &Words::text);
    if (found != words.end()) return Tested{found->verdict, 0};
    if (!text.starts_with("no (E")) return std::nullopt;
    for (int number = 0; number <= largest_errno; ++number)
        if (text_of(refused(number)) == text) return refused(number);
    return std::nullopt;
}

}  // namespace mailstate

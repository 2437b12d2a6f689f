// SPDX-License-Identifier: MIT
#include "model/words.hpp"

#include <algorithm>
#include <array>

#include "mailstate/base/excerpt.hpp"

namespace mailstate {
namespace {

constexpr std::size_t longest_word = 64;  // longer ones are no slip of a known word
constexpr std::size_t most_slips = 2;

// Optimal string alignment distance, three rows of the table at a time.
std::size_t slips(std::string_view a, std::string_view b)
{
    using Row = std::array<std::size_t, longest_word + 1>;
    Row before_last{}, last{}, row{};
    for (std::size_t j = 0; j <= b.size(); ++j) last.at(j) = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
            row.at(j) = std::min({last.at(j) + 1, row.at(j - 1) + 1, last.at(j - 1) + wrong});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row.at(j) = std::min(row.at(j), before_last.at(j - 2) + 1);
        }
        before_last = last;
        last = row;
    }
    return last.at(b.size());
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

std::string in_quotes(std::string_view text)
{
    return '"' + excerpt(text) + '"';
}

std::string either(const std::vector<std::string_view>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += in_quotes(words[i]);
    }
    return text;
}

std::optional<std::string_view> nearest(std::string_view word, const std::vector<std::string_view>& known)
{
    std::optional<std::string_view> best;
    auto fewest = most_slips + 1;
    if (word.empty() || word.size() > longest_word) return best;
    for (const auto candidate : known) {
        if (candidate.size() > longest_word) continue;
        const auto count = slips(word, candidate);
        // "is" is two slips away from anything of two letters.
        if (count >= fewest || count >= candidate.size()) continue;
        fewest = count;
        best = candidate;
    }
    return best;
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known)
{
    const auto meant = nearest(word, known);
    return meant ? "; did you mean " + in_quotes(*meant) + '?' : std::string{};
}

bool is_shell_name(std::string_view text)
{
    const auto fits = [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace mailstate

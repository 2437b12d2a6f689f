// SPDX-License-Identifier: MIT
#include "app/cli/suggestion.hpp"

#include <algorithm>

namespace mailstate {

namespace {

constexpr std::size_t longest_name = 64;  // nothing of ours is longer; bounds the work for an endless argument

}  // namespace

// Optimal string alignment: the last three rows of the table are enough.
std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before_last, last(b.size() + 1), current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            current[j] = std::min({last[j] + 1, current[j - 1] + 1, change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = current;
    }
    return last[b.size()];
}

std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates)
{
    if (wanted.empty() || wanted.size() > longest_name) return {};
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, candidate);
        if (distance < best_distance && distance < candidate.size()) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& candidates)
{
    const std::string found = nearest(wanted, candidates);
    return found.empty() ? std::string() : "Did you mean '" + found + "'? ";
}

}  // namespace mailstate

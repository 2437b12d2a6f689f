// SPDX-License-Identifier: MIT
#include "app/page/report_bar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace mailstate {

namespace {

// "12.50%".
std::string percent(double part, double whole)
{
    const double share = whole > 0 ? std::clamp(part / whole * 100, 0.0, 100.0) : 0;
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.2f%%", share);
    return text.data();
}

}  // namespace

Html bar_in_track(double part, double whole, double begin)
{
    const std::string style = "margin-left:" + percent(begin, whole) + ";width:" + percent(part, whole);
    return element_with("div", {{"class", "track"}, {"aria-hidden", "true"}},
                        element_with("div", {{"class", "bar"}, {"style", style}}, ""));
}

}  // namespace mailstate

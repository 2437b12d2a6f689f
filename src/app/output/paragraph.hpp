// SPDX-License-Identifier: MIT
// Text for a page of a given width.
#pragma once

#include <string>
#include <string_view>

#include "mailstate/base/noncopyable.hpp"

namespace mailstate {

inline constexpr std::size_t page_width = 80;  // of the help, and where nobody knows better

// The width of what commands say, for as long as this lives: a terminal's, or none at all in a file or a pipe. One at a
// time.
class TextWidth : NonCopyable {
public:
    explicit TextWidth(std::size_t columns);
    ~TextWidth();

private:
    std::size_t before_;
};
inline constexpr std::size_t unlimited_width = 1U << 30U;
std::size_t text_width();

// Columns that a text takes: one a character, not one a byte.
std::size_t columns_of(std::string_view text);

std::string padded(std::string_view text, std::size_t columns);

// The text, cut to so many columns, with "…" at its end where something is missing.
std::string cut_to(std::string_view text, std::size_t columns);

// Words broken into lines no wider than the page; the first line has no indentation of its own, the others have
// `indent` blanks. `used` columns of the first line are taken already. Newlines in the text stay; one is at the end.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t used = 0, std::size_t width = text_width());

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Text in the language of man(7), which is ASCII and takes some characters for its own.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace mailstate::roff {

std::string escaped(std::string_view text);
std::string line(std::string_view text);   // as it is, also where it begins with "."
std::string text(std::string_view words);  // a paragraph
std::string bold(std::string_view text);
std::string italic(std::string_view text);
std::string tagged(const std::string& tag, std::string_view meaning);

// The title line and NAME: "mailstate-layout", "5", "File Formats", what the page is of.
std::string beginning(std::string_view name, std::string_view section, std::string_view kind, std::string_view summary);
std::string see_also(std::initializer_list<std::string_view> pages);  // "mount(8)"

}  // namespace mailstate::roff

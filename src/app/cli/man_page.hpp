// SPDX-License-Identifier: MIT
// The manual pages, written from the tables that help, findings and layouts are made of.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mailstate {

std::string man_page();              // mailstate(1)
std::string man_page_of_layouts();   // mailstate-layout(5)
std::string man_page_of_findings();  // mailstate-findings(7)

struct ManPage {
    std::string_view name;
    std::string (*text)() = nullptr;
};
std::span<const ManPage> man_pages();  // the program's own comes first

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace mailstate {

std::string_view report_style();  // src/report/page.css

}  // namespace mailstate

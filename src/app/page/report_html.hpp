// SPDX-License-Identifier: MIT
// A report as one page that needs nothing else: no network, no script, no font. Made of the JSON report alone, of
// whatever command; a member that is not there leaves its part of the page out.
#pragma once

#include <string>

#include "app/output/json.hpp"

namespace mailstate {

std::string report_html(const Json& report);

}  // namespace mailstate

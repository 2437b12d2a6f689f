// SPDX-License-Identifier: MIT
// The parts of the page, from the top down. Each is empty where the report has nothing for it.
#pragma once

#include <string>
#include <string_view>

#include "app/output/json_look.hpp"
#include "app/page/html.hpp"
#include "mailstate/base/amount.hpp"
#include "mailstate/model/decision.hpp"

namespace mailstate {

enum class Tone { good, remarks, bad, plain };
std::string_view name_of(Tone tone);  // "good" …: a class of the style sheet

struct ReportVerdict {
    Tone tone = Tone::plain;
    std::string headline;  // "The upgrade would go well"
    std::string more;      // a sentence; may be empty
};
ReportVerdict verdict_of(const Json& report);

std::string title_of_page(const Json& report);  // the worst finding, else the headline; command and host

Html verdict_part(const Json& report);        // the worst, what ran, the numbers that matter
Html circumstances_part(const Json& report);  // host, from where to where, files, time
Html tiles_part(const Json& report);          // four numbers at most
Html findings_part(const Json& report);       // by severity, with remedies
Html flow_part(const Json& report);           // origin → destination, entry by entry
Html sizes_part(const Json& report);          // bars; room on the volume
Html time_part(const Json& report);           // the steps of a rehearsal
Html changes_part(const Json& report);        // what was done, in order
Html rules_part(const Json& report);          // of a check: what was judged, and what was not
Html mail_part(const Json& report);           // relay and delivery, before and after
Html volume_part(const Json& report);         // what it is, and what it can do
Html unseen_part(const Json& report);         // what a rehearsal could not show

Html fact(std::string_view label, const Html& value);  // of a list of them; nothing without a value
std::string releases_of(const Json& judged);           // "v13.3.1 → unknown"
std::size_t findings_of(const Json& report, std::string_view severity);
std::size_t entries_that(const Json& report, Movement movement);
Amount content_of(const Json& report);  // what is copied, or would be

}  // namespace mailstate

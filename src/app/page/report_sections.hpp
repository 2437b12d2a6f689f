// SPDX-License-Identifier: MIT
// The parts of the page, from the top down. Each is empty where the report has nothing for it.
#pragma once

#include <string_view>

#include "app/output/json_look.hpp"
#include "app/page/html.hpp"
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

Html verdict_part(const Json& report);   // headline, what ran, the numbers that matter
Html findings_part(const Json& report);  // by severity, with remedies
Html flow_part(const Json& report);      // origin → destination, entry by entry
Html sizes_part(const Json& report);     // bars; room on the volume
Html time_part(const Json& report);      // the steps of a rehearsal
Html changes_part(const Json& report);   // what was done, in order
Html mail_part(const Json& report);      // relay and delivery, before and after
Html volume_part(const Json& report);    // what it is, and what it can do
Html unseen_part(const Json& report);    // what a rehearsal could not show

Movement movement_of(const Json& entry);         // of a decision that is not known: stay
std::string percent(double part, double whole);  // "12.5%", for a style
std::size_t findings_of(const Json& report, std::string_view severity);

}  // namespace mailstate

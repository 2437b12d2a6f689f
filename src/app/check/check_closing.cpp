// SPDX-License-Identifier: MIT
// What check ends with: which system, from which release to which, how many rules were judged, and what was not.
#include "app/check/check_preflight.hpp"
#include "app/output/host_name.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string release_text(const Version& version)
{
    if (version.text.empty()) return "an unknown release";
    return printable(version.text) + (is_known(version) && version.whole ? "" : " (which moves)");
}

std::string releases_of(const Judged& judged)
{
    if (judged.from.text == judged.to.text) return release_text(judged.to);
    return release_text(judged.from) + " → " + release_text(judged.to);
}

std::string names_of(const std::vector<std::string_view>& rules)
{
    std::string text;
    for (const std::string_view rule : rules) text.append(text.empty() ? "" : ", ").append(rule);
    return text;
}

std::string closing_text(const Judged& judged)
{
    std::string head(name_of(judged.system));
    if (!judged.service.empty()) head += " (service " + printable(judged.service) + ")";
    head += ", " + releases_of(judged) + ": " + human_count(judged.fine.size() + judged.found.size(), "rule", "rules") +
            " judged, " + human_count(judged.fine.size(), "is", "are") + " fine, " +
            human_count(judged.found.size(), "has findings", "have findings");
    std::string text = wrapped(head, 2);
    for (const Unjudged& each : judged.unjudged)
        text += "  not judged: " + wrapped(each.why + ": " + names_of(each.rules), 4, 14);
    return text;
}

Json json_of(const Judged& judged)
{
    Json unjudged = Json::array();
    for (const Unjudged& each : judged.unjudged) unjudged.push_back({{"why", each.why}, {"rules", each.rules}});
    return {{"system", name_of(judged.system)},
            {"service", printable(judged.service)},
            {"from", printable(judged.from.text)},
            {"to", printable(judged.to.text)},
            {"files", printable_list(judged.files)},
            {"rules", judged.fine.size() + judged.found.size()},
            {"fine", judged.fine},
            {"found", judged.found},
            {"not_judged", std::move(unjudged)}};
}

}  // namespace

void explain_inspection(const Inspection& inspection, Explained& explained)
{
    Json judged = Json::array();
    for (const Inspected& each : inspection.systems) {
        explained.text += closing_text(each.verdict.judged);
        judged.push_back(json_of(each.verdict.judged));
    }
    for (const std::string& why : inspection.not_judged) explained.text += "not judged: " + wrapped(why, 2, 12);
    explained.details = details_of(inspection);
    explained.members["host"] = printable(host_name());
    explained.members["judged"] = std::move(judged);
    explained.members["not_judged"] = printable_list(inspection.not_judged);
}

bool judged_all(const Inspection& inspection)
{
    for (const Inspected& each : inspection.systems)
        if (!each.verdict.judged.unjudged.empty()) return false;
    return inspection.not_judged.empty();
}

}  // namespace mailstate

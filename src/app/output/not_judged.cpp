// SPDX-License-Identifier: MIT
#include "app/output/not_judged.hpp"

#include <algorithm>

#include "app/output/json_look.hpp"

namespace mailstate {

namespace {

bool has_finding(const Json& answer, const std::string& rule)
{
    return std::ranges::any_of(answer["findings"], [&](const Json& each) { return text_of(each, "code") == rule; });
}

}  // namespace

std::vector<NotJudged> what_was_not_judged(const Json& answer)
{
    std::vector<NotJudged> all;
    for (const Json& judged : answer.value("judged", Json::array()))
        for (const Json& unjudged : judged.value("not_judged", Json::array())) {
            NotJudged one{text_of(judged, "system"), text_of(unjudged, "why"), {}};
            for (const Json& rule : unjudged["rules"])
                if (!has_finding(answer, rule.get<std::string>())) one.rules.push_back(rule.get<std::string>());
            if (!one.rules.empty()) all.push_back(std::move(one));
        }
    for (const Json& why : answer.value("not_judged", Json::array())) all.push_back({"", why.get<std::string>(), {}});
    return all;
}

std::string text_of(const NotJudged& not_judged)
{
    std::string text = not_judged.system + (not_judged.system.empty() ? "" : ": ") + not_judged.why;
    for (std::size_t i = 0; i < not_judged.rules.size(); ++i) text += (i == 0 ? ": " : ", ") + not_judged.rules[i];
    return text;
}

}  // namespace mailstate

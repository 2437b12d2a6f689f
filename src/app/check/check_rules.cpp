// SPDX-License-Identifier: MIT
#include "app/check/check_rules.hpp"

#include <algorithm>

#include "app/answers/plain_answer.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/text.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

namespace {

std::size_t id_column()
{
    std::size_t longest = 0;
    for (const System system : {System::docker_mailserver, System::mailu, System::mailcow})
        for (const Rule& rule : rules_of(system)) longest = std::max(longest, columns_of(rule.id));
    return longest + 4;
}

Json json_of(System system, const Rule& rule)
{
    return {{"id", rule.id},
            {"system", name_of(system)},
            {"severity", name_of(rule.severity)},
            {"versions", releases_text(rule)},
            {"meaning", rule.meaning},
            {"cause", rule.cause},
            {"hint", rule.hint},
            {"seen_as", split_list(rule.seen_as, '|')},
            {"reference", rule.reference}};
}

Answer answer(const Call& call, std::string text, Json rules)
{
    return plain_answer("check", call.options, std::move(text), "rules", std::move(rules));
}

}  // namespace

Answer list_rules(const Call& call)
{
    std::string text;
    Json rules = Json::array();
    const std::size_t column = id_column();
    for (const System system : {System::docker_mailserver, System::mailu, System::mailcow}) {
        if (!call.options.system.empty() && call.options.system != name_of(system)) continue;
        text.append(name_of(system)).append("\n");
        for (const Rule& rule : rules_of(system)) {
            text += padded("  " + std::string(rule.id), column) + padded(name_of(rule.severity), 9) +
                    releases_text(rule) + "\n";
            rules.push_back(json_of(system, rule));
        }
    }
    return answer(call, std::move(text), std::move(rules));
}

}  // namespace mailstate

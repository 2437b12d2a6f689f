// SPDX-License-Identifier: MIT
#include "app/check_rules.hpp"

#include <algorithm>

#include "app/paragraph.hpp"
#include "app/plain_answer.hpp"
#include "app/refusal.hpp"
#include "app/suggestion.hpp"
#include "mailstate/text.hpp"
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
            {"hint", rule.hint},
            {"reference", rule.reference}};
}

Answer answer(const Call& call, std::string text, Json rules)
{
    return plain_answer("check", call.options, std::move(text), "rules", std::move(rules));
}

System system_of_rule(const Rule& rule)
{
    for (const System system : {System::mailu, System::mailcow})
        if (rule.id.starts_with(std::string(name_of(system)) + ".")) return system;
    return System::docker_mailserver;
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

Answer explain_rule(const Call& call)
{
    const Rule* const rule = find_rule(call.options.explain);
    if (rule == nullptr) {
        std::vector<std::string> ids;
        for (const System system : {System::docker_mailserver, System::mailu, System::mailcow})
            for (const Rule& each : rules_of(system)) ids.emplace_back(each.id);
        return refused("check", call.options, ExitCode::usage, "run.usage",
                       text_error(call.options.explain, "--explain: there is no rule of that name",
                                  did_you_mean(call.options.explain, ids) + "See: mailstate check --list."));
    }
    const std::string text = std::string(rule->id) + " (" + std::string(name_of(rule->severity)) + ", " +
                             releases_text(*rule) + ")\n  " + wrapped(rule->meaning, 2, 2) + "  → " +
                             wrapped(rule->hint, 4, 4) + "  see " + wrapped(rule->reference, 6, 6);
    return answer(call, text, Json::array({json_of(system_of_rule(*rule), *rule)}));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// explain: what a code means, all codes, and the codes that go with a message of a log.
#include <algorithm>

#include "app/answers/explain.hpp"
#include "app/answers/refusal.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Answer list_codes(const Call& call)
{
    constexpr std::size_t severities = 9, widest = 120;
    const std::vector<CodeFacts> facts = every_fact();
    std::size_t column = 0;
    for (const CodeFacts& each : facts) column = std::max(column, columns_of(each.code) + 2);
    std::string text;
    for (const CodeFacts& each : facts)
        text += padded(each.code, column) + padded(name_of(each.severity), severities) +
                cut_to(each.meaning, widest - column - severities) + "\n";
    return answer_codes("explain", call, facts, std::move(text));
}

Answer explain_symptom(const Call& call)
{
    const std::vector<CodeFacts> facts = facts_for(call.options.symptom);
    std::string text;
    for (const CodeFacts& each : facts) text += (text.empty() ? "" : "\n") + text_of(each);
    if (facts.empty()) text = "no code is known for '" + excerpt(call.options.symptom) + "'\n";
    return answer_codes("explain", call, facts, std::move(text));
}

}  // namespace

Answer run_explain(const Call& call)
{
    const std::vector<std::string>& codes = call.options.arguments;
    const int asked = int(call.options.list_rules) + int(!call.options.symptom.empty()) + int(!codes.empty());
    if (asked != 1 || codes.size() > 1)
        return refused("explain", call.options, ExitCode::usage, "run.usage",
                       text_error("explain", "expected one of CODE, --list and --symptom TEXT", see_list));
    if (call.options.list_rules) return list_codes(call);
    if (!codes.empty()) return explain_code("explain", call, codes.front());
    return explain_symptom(call);
}

}  // namespace mailstate

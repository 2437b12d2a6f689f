// SPDX-License-Identifier: MIT
#include "app/explain.hpp"

#include <algorithm>

#include "app/code_facts.hpp"
#include "app/paragraph.hpp"
#include "app/plain_answer.hpp"
#include "app/refusal.hpp"
#include "app/suggestion.hpp"
#include "mailstate/excerpt.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr const char* see_list = "See: mailstate explain --list.";

std::string paragraph(std::string_view label, const std::string& text)
{
    constexpr std::size_t column = 12;
    if (text.empty()) return {};
    return padded("  " + std::string(label), column) + wrapped(text, column, column);
}

std::string text_of(const CodeFacts& facts)
{
    const std::string versions = facts.versions.empty() ? "" : ", " + facts.versions;
    std::string text = facts.code + " (" + std::string(name_of(facts.severity)) + versions + ")\n" +
                       paragraph("meaning", facts.meaning) + paragraph("cause", facts.cause) +
                       paragraph("remedy", facts.hint.empty() ? "Nothing has to be done." : facts.hint);
    for (const std::string& message : facts.seen_as) text += paragraph("seen as", message);
    return text + paragraph("see", facts.reference);
}

Answer answer(std::string_view command, const Call& call, const std::vector<CodeFacts>& facts, std::string text)
{
    const bool is_check = command == "check";
    Json list = Json::array();
    for (const CodeFacts& each : facts) {
        list.push_back(json_of(each));
        if (is_check) list.back()["id"] = each.code;
    }
    return plain_answer(command, call.options, std::move(text), is_check ? "rules" : "codes", std::move(list));
}

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
    return answer("explain", call, facts, std::move(text));
}

Answer explain_symptom(const Call& call)
{
    const std::vector<CodeFacts> facts = facts_for(call.options.symptom);
    std::string text;
    for (const CodeFacts& each : facts) text += (text.empty() ? "" : "\n") + text_of(each);
    if (facts.empty()) text = "no code is known for '" + excerpt(call.options.symptom) + "'\n";
    return answer("explain", call, facts, std::move(text));
}

}  // namespace

Answer explain_code(std::string_view command, const Call& call, const std::string& code)
{
    const std::vector<CodeFacts> all = every_fact();
    const auto found = std::ranges::find(all, code, &CodeFacts::code);
    if (found != all.end()) return answer(command, call, {*found}, text_of(*found));
    return refused(
        command, call.options, ExitCode::usage, "run.usage",
        text_error(code, "is not the code of a finding or a rule", did_you_mean(code, every_code()) + see_list));
}

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

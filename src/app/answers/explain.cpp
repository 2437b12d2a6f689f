// SPDX-License-Identifier: MIT
#include "app/answers/explain.hpp"

#include <algorithm>

#include "app/answers/plain_answer.hpp"
#include "app/answers/refusal.hpp"
#include "app/cli/suggestion.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string paragraph(std::string_view label, const std::string& text)
{
    constexpr std::size_t column = 12;
    if (text.empty()) return {};
    return padded("  " + std::string(label), column) + wrapped(text, column, column);
}

}  // namespace

std::string text_of(const CodeFacts& facts)
{
    const std::string versions = facts.versions.empty() ? "" : ", " + facts.versions;
    std::string text = facts.code + " (" + std::string(name_of(facts.severity)) + versions + ")\n" +
                       paragraph("meaning", facts.meaning) + paragraph("cause", facts.cause) +
                       paragraph("remedy", facts.hint.empty() ? "No action is needed." : facts.hint);
    for (const std::string& message : facts.seen_as) text += paragraph("seen as", message);
    return text + paragraph("see", facts.reference);
}

Answer answer_codes(std::string_view command, const Call& call, const std::vector<CodeFacts>& facts, std::string text)
{
    const bool is_check = command == "check";
    Json list = Json::array();
    for (const CodeFacts& each : facts) {
        list.push_back(json_of(each));
        if (is_check) list.back()["id"] = each.code;
    }
    return plain_answer(command, call.options, std::move(text), is_check ? "rules" : "codes", std::move(list));
}

Answer explain_code(std::string_view command, const Call& call, const std::string& code)
{
    const std::vector<CodeFacts> all = every_fact();
    const auto found = std::ranges::find(all, code, &CodeFacts::code);
    if (found != all.end()) return answer_codes(command, call, {*found}, text_of(*found));
    return refused(
        command, call.options, ExitCode::usage, "run.usage",
        text_error(code, "is not the code of a finding or a rule", did_you_mean(code, every_code()) + see_list));
}

}  // namespace mailstate

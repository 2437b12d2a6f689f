// SPDX-License-Identifier: MIT
#include "app/answers/code_facts.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

namespace {

// The data of a case, of which there is none here: what only goes on with a sentence is left out.
std::string without_data(std::string_view hint)
{
    constexpr std::string_view before_a_word = " '\"[";
    std::string text;
    for (std::size_t at = hint.find(findings::gap); at != std::string_view::npos; at = hint.find(findings::gap)) {
        text.append(hint.substr(0, at));
        if (text.empty() || before_a_word.find(text.back()) != std::string_view::npos) text.append("…");
        hint.remove_prefix(at + findings::gap.size());
    }
    text.append(hint);
    return text == "…" ? "It depends on the case: see the finding itself." : text;
}

CodeFacts facts_of(const FindingRow& row)
{
    CodeFacts facts{std::string(row.code),  row.severity,           std::string(row.meaning),
                    std::string(row.cause), without_data(row.hint), std::string(row.reference)};
    facts.seen_as = split_list(row.seen_as, '|');
    return facts;
}

CodeFacts facts_of(System system, const Rule& rule)
{
    CodeFacts facts{std::string(rule.id),    rule.severity,          std::string(rule.meaning),
                    std::string(rule.cause), std::string(rule.hint), std::string(rule.reference)};
    facts.seen_as = split_list(rule.seen_as, '|');
    facts.system = name_of(system);
    facts.versions = releases_text(rule);
    return facts;
}

}  // namespace

std::vector<CodeFacts> every_fact()
{
    std::vector<CodeFacts> facts;
    for (const std::span<const FindingRow>& part : findings::all)
        for (const FindingRow& row : part) facts.push_back(facts_of(row));
    for (const System system : {System::docker_mailserver, System::mailu, System::mailcow})
        for (const Rule& rule : rules_of(system)) facts.push_back(facts_of(system, rule));
    std::ranges::sort(facts, {}, &CodeFacts::code);
    return facts;
}

std::vector<std::string> every_code()
{
    std::vector<std::string> codes;
    for (CodeFacts& facts : every_fact()) codes.push_back(std::move(facts.code));
    return codes;
}

namespace {

// Is `known` in the line, or a part of `known` the whole line? "…" in `known` is whatever a message has there.
bool goes_with(const std::string& line, const std::string& known)
{
    constexpr std::string_view gap = "…";
    if (known.find(line) != std::string::npos) return true;
    std::size_t at = 0;
    for (std::size_t begin = 0; begin <= known.size();) {
        const std::size_t end = std::min(known.find(gap, begin), known.size());
        at = line.find(known.substr(begin, end - begin), at);
        if (at == std::string::npos) return false;
        at += end - begin;
        begin = end + gap.size();
    }
    return true;
}

}  // namespace

std::vector<CodeFacts> facts_for(std::string_view symptom)
{
    const std::string line = lower(trim(symptom));
    const auto is_seen = [&](const std::string& message) { return goes_with(line, lower(message)); };
    std::vector<CodeFacts> facts = every_fact();
    std::erase_if(facts, [&](const CodeFacts& each) { return std::ranges::none_of(each.seen_as, is_seen); });
    return facts;
}

Json json_of(const CodeFacts& facts)
{
    Json json{{"code", facts.code},          {"severity", name_of(facts.severity)},
              {"meaning", facts.meaning},    {"cause", facts.cause},
              {"hint", facts.hint},          {"seen_as", facts.seen_as},
              {"reference", facts.reference}};
    if (facts.system.empty()) return json;
    json["system"] = facts.system;
    json["versions"] = facts.versions;
    return json;
}

}  // namespace mailstate

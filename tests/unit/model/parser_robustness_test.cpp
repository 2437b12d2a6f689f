// SPDX-License-Identifier: MIT
// Whatever the bytes, a parser answers with a value or with an error that says where; it does not crash or hang.
#include <gtest/gtest.h>

#include <random>

#include "mailstate/model/glob.hpp"
#include "mailstate/model/layout_json.hpp"
#include "mailstate/model/ledger.hpp"
#include "mailstate/model/plan.hpp"
#include "mailstate/model/seal.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {
namespace {

struct Parser {
    const char* name;
    std::string example;
    std::function<std::optional<Error>(std::string_view)> parse;
};

template <class T>
std::optional<Error> error_in(const Result<T>& result)
{
    return result ? std::nullopt : std::optional(result.error());
}

std::vector<Parser> all_parsers()
{
    Ledger ledger;
    ledger.entries["redis"] = {};
    ledger.identities.emplace();
    ledger.runs.emplace_back();
    Plan plan;
    plan.entries.emplace_back();
    plan.findings.emplace_back();
    const Seal seal{"1", "2", {{"/var/lib/redis", {}}}};
    return {
        {"layout", std::string(built_in_layout_text("docker-mailserver")),
         [](auto text) { return error_in(parse_layout("file", text)); }},
        {"ledger", to_json_text(ledger), [](auto text) { return error_in(parse_ledger("file", text)); }},
        {"plan", to_json_text(plan), [](auto text) { return error_in(parse_plan("file", text)); }},
        {"seal", to_json_text(seal), [](auto text) { return error_in(parse_seal("file", text)); }},
        {"settings", "export A='it'\\''s'\nB=\"x\\\"\" # c\n",
         [](auto text) { return error_in(parse_settings("file", text)); }},
    };
}

std::string mutated(std::string text, std::mt19937& random)
{
    static constexpr std::string_view favourites = "\"\\{}[],:'#$\n\r\0\x1b\xff-0.9eE/*";
    for (auto changes = 1 + random() % 3; changes > 0 && !text.empty(); --changes) {
        const auto at = random() % text.size();
        const auto length = std::min<std::size_t>(random() % 20, text.size() - at);
        const char c = random() % 2 == 0 ? favourites[random() % favourites.size()] : static_cast<char>(random());
        switch (random() % 5) {
            case 0:
                text[at] = c;
                break;
            case 1:
                text.insert(at, 1, c);
                break;
            case 2:
                text.erase(at, length);
                break;
            case 3:
                text.insert(random() % text.size(), text.substr(at, length));
                break;
            default:
                text.resize(at);
        }
    }
    return text;
}

void expect_well_said(const Parser& parser, const Error& error, const std::string& text)
{
    EXPECT_TRUE(error.subject.starts_with("file:")) << parser.name << ": " << error.subject << '\n' << text;
    EXPECT_FALSE(error.message.empty()) << parser.name << '\n' << text;
    EXPECT_FALSE(error.message.ends_with('.')) << parser.name << ": " << error.message;
    EXPECT_TRUE(error.hint.ends_with('.')) << parser.name << ": " << error.hint;
    EXPECT_LT(describe(error).size(), 1000U) << parser.name;
}

TEST(Parsers, TakeTheirExamples)
{
    for (const auto& parser : all_parsers()) {
        const auto error = parser.parse(parser.example);
        EXPECT_FALSE(error) << parser.name << ": " << describe(error.value_or(Error{}));
    }
}

TEST(Parsers, AnswerToDamagedTexts)
{
    std::mt19937 random(4711);
    for (const auto& parser : all_parsers()) {
        int refused = 0;
        for (int i = 0; i < 2000; ++i) {
            const auto text = mutated(parser.example, random);
            const auto error = parser.parse(text);
            if (error) expect_well_said(parser, *error, text);
            refused += error ? 1 : 0;
        }
        EXPECT_GT(refused, 100) << parser.name;
    }
}

TEST(Parsers, AnswerToAnyBytes)
{
    std::mt19937 random(815);
    for (const auto& parser : all_parsers()) {
        for (int i = 0; i < 500; ++i) {
            std::string text(random() % 64, '\0');
            for (auto& c : text) c = static_cast<char>(random());
            if (const auto error = parser.parse(text)) expect_well_said(parser, *error, text);
        }
    }
}

TEST(Parsers, AnswerToDeepNesting)
{
    for (const auto& parser : all_parsers()) {
        for (const auto* open : {"[", "{\"a\":", "[{\"a\":"}) {
            std::string text;
            while (text.size() < 500'000) text += open;
            const auto error = parser.parse(text);
            ASSERT_TRUE(error) << parser.name;
            expect_well_said(parser, *error, open);
        }
    }
}

TEST(Parsers, AnswerToAnyGlob)
{
    std::mt19937 random(42);
    static constexpr std::string_view alphabet = "ab/*?[]!-{},\\.";
    int good = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string pattern(random() % 12, 'a'), path(random() % 12, 'a');
        for (auto& c : pattern) c = alphabet[random() % alphabet.size()];
        for (auto& c : path) c = alphabet[random() % alphabet.size()];
        const auto glob = Glob::compile(pattern);
        if (!glob) continue;
        ++good;
        (void)glob->matches(path);  // only that it ends, without reading outside its text
    }
    EXPECT_GT(good, 100);
}

}  // namespace
}  // namespace mailstate

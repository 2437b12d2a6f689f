// SPDX-License-Identifier: MIT
// .env files as compose reads them.
#include <gmock/gmock.h>

#include "preflight/env_file.hpp"

namespace mailstate {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// dotenv/parser.go and its tests.
TEST(Dotenv, ReadsAsComposeDoes)
{
    const Variables outer{{"OUTER", "o"}};
    const EnvFile file =
        parse_dotenv("f",
                     "\xef\xbb\xbf# c\nA=1\r\nB=\"x ${A} \\\"q\\\" \\$A\" # why\nC='${A}'\nD=a#b # c\n"
                     "export E=${A}${OUTER}\nF: yaml\nOUTER\nNONE\nG=\"two\nlines\"\nH=${NONE:-${A}}\nI=\n"
                     "J=$$A\nK.L-M=dots\n",
                     lookup_in(outer));
    const std::map<std::string, std::string> values{
        {"A", "1"},     {"B", "x 1 \"q\" $A"}, {"C", "${A}"}, {"D", "a#b"}, {"E", "1o"}, {"F", "yaml"},
        {"OUTER", "o"}, {"G", "two\nlines"},   {"H", "1"},    {"I", ""},    {"J", "$A"}, {"K.L-M", "dots"}};
    for (const auto& [name, text] : values) {
        ASSERT_TRUE(file.settings.contains(name)) << name;
        EXPECT_EQ(file.settings.at(name).value, text) << name;
    }
    EXPECT_FALSE(file.settings.contains("NONE"));
    EXPECT_EQ(file.settings.at("H").where, "f:12");
    EXPECT_THAT(file.problems, IsEmpty());
}

TEST(Dotenv, SaysWhatComposeRefusesAndGoesOn)
{
    const EnvFile file = parse_dotenv("f", "a b=1\nA=1\n%x=2\nB=\"open\nC=${\nD=${N:?needed}\n", lookup_in({}));
    std::vector<std::string> places;
    for (const Problem& problem : file.problems) places.push_back(problem.finding.subject);
    EXPECT_THAT(places, ElementsAre("f:1", "f:3", "f:4", "f:5", "f:6"));
    EXPECT_EQ(file.settings.at("A").value, "1");
}

}  // namespace

}  // namespace mailstate

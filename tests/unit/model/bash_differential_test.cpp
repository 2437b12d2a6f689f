// SPDX-License-Identifier: MIT
// The same values given to bash and to bash_integer, which must agree wherever it has an answer. One bash for
// all of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <set>

#include "mailstate/model/settings.hpp"

namespace mailstate {
namespace {

const Variables variables = {{"A", "1"},     {"B", "A + 2"}, {"C", "C"},   {"D", ""},     {"E", " 7 "},  {"F", "1/0"},
                             {"G", "-5"},    {"yes", "A"},   {"H", "1 1"}, {"I", "(A)"},  {"J", "0x10"}, {"K", "\"1\""},
                             {"on", "true"}, {"L", "B*B"},   {"M", "1,0"}, {"_n", "2#11"}};

const std::vector<std::string> written_by_people = {"0",
                                                    "1",
                                                    "2",
                                                    "01",
                                                    "001",
                                                    "0x1",
                                                    "0X1",
                                                    " 1",
                                                    "1 ",
                                                    "\t1\n",
                                                    "",
                                                    " ",
                                                    "true",
                                                    "false",
                                                    "yes",
                                                    "no",
                                                    "on",
                                                    "off",
                                                    "\"1\"",
                                                    "'1'",
                                                    "\"\"",
                                                    "1 # on",
                                                    "1 #",
                                                    "#1",
                                                    "1;",
                                                    "1,0",
                                                    "1.0",
                                                    "1e0",
                                                    "-1",
                                                    "+1",
                                                    "- 1",
                                                    "--1",
                                                    "++1",
                                                    "-+-1",
                                                    "5++3",
                                                    "5--3",
                                                    "5- -3",
                                                    "5+++3",
                                                    "1\r",
                                                    "\r1\r\n",
                                                    "1\v",
                                                    "1\f",
                                                    "1\x01",
                                                    "\xc2\xa0"
                                                    "1",
                                                    "1\xe2\x80\x8b",
                                                    "\xff",
                                                    "08",
                                                    "09",
                                                    "010",
                                                    "0x",
                                                    "0xg",
                                                    "0b1",
                                                    "1_000",
                                                    "1 000",
                                                    "1,000",
                                                    "2#1",
                                                    "2#",
                                                    "2#2",
                                                    "1#1",
                                                    "0#1",
                                                    "65#1",
                                                    "64#@",
                                                    "64#_",
                                                    "36#Z",
                                                    "37#Z",
                                                    "62#Z",
                                                    "010#1",
                                                    "16#fF",
                                                    "2#1#1",
                                                    "9223372036854775807",
                                                    "9223372036854775808",
                                                    "18446744073709551617",
                                                    "99999999999999999999999",
                                                    "-9223372036854775808",
                                                    "9223372036854775807+2",
                                                    "1/0",
                                                    "1%0",
                                                    "0/1",
                                                    "1||1/0",
                                                    "0&&1/0",
                                                    "0||1/0",
                                                    "1?1:1/0",
                                                    "0?1/0:1",
                                                    "1?1",
                                                    "1?",
                                                    "1?:2",
                                                    "1:2",
                                                    "?1:2",
                                                    "1?2:",
                                                    "(1)",
                                                    "((1))",
                                                    "(1",
                                                    "1)",
                                                    "()",
                                                    "( 1 )",
                                                    "!0",
                                                    "!1",
                                                    "!!1",
                                                    "~0",
                                                    "~-2",
                                                    "2**0",
                                                    "2**-1",
                                                    "1||2**-1",
                                                    "0**0",
                                                    "2**3**0",
                                                    "-1**2",
                                                    "1<<0",
                                                    "1<<63",
                                                    "1<<64",
                                                    "1<<65",
                                                    "1>>1",
                                                    "-1>>1",
                                                    "1<<-1",
                                                    "1<2",
                                                    "2>1",
                                                    "1<=1",
                                                    "1>=1",
                                                    "1==1",
                                                    "1!=0",
                                                    "1=1",
                                                    "1===1",
                                                    "1 2",
                                                    "1 A",
                                                    "A B",
                                                    "A",
                                                    "B",
                                                    "C",
                                                    "D",
                                                    "E",
                                                    "F",
                                                    "G",
                                                    "H",
                                                    "I",
                                                    "J",
                                                    "K",
                                                    "L",
                                                    "M",
                                                    "_n",
                                                    "a",
                                                    "A-B",
                                                    "B-2",
                                                    "$A",
                                                    "${A}",
                                                    "$(id)",
                                                    "`id`",
                                                    "A*",
                                                    "*A",
                                                    "A;B",
                                                    "A&&B",
                                                    "A||C",
                                                    "0&&C",
                                                    "1||C",
                                                    "0?C:1",
                                                    "1?1:C",
                                                    "0&&H",
                                                    "1||K",
                                                    "A?B:C",
                                                    "1,2",
                                                    ",1",
                                                    "1,",
                                                    "1&1",
                                                    "1|0",
                                                    "1^0",
                                                    "3&&0",
                                                    "\\1",
                                                    "/",
                                                    "-",
                                                    "+",
                                                    "!",
                                                    "~",
                                                    "A+",
                                                    "+A",
                                                    "- A",
                                                    "A- -A",
                                                    "A --1",
                                                    "A - -1",
                                                    "1 - - - 1",
                                                    "1<",
                                                    "<1",
                                                    "1<<",
                                                    "1**",
                                                    "**1",
                                                    "1 * * 1",
                                                    "1& &1",
                                                    "1| |1",
                                                    "1&&&1",
                                                    "1<>1",
                                                    "1!",
                                                    "1~",
                                                    "1!1",
                                                    "@",
                                                    "1@",
                                                    "_",
                                                    "__",
                                                    "1;1",
                                                    "1'1",
                                                    "{1}",
                                                    "1{",
                                                    "%1",
                                                    "^1",
                                                    "1^",
                                                    "1|",
                                                    "1||",
                                                    "1&&",
                                                    "|1",
                                                    "&&1",
                                                    "1=",
                                                    "0x1L",
                                                    "1u",
                                                    "enabled",
                                                    "Enabled",
                                                    "1\n1",
                                                    "TRUE",
                                                    "On",
                                                    "1/1",
                                                    "2-1",
                                                    "1+0",
                                                    "((((1))))"};

// Blanks, a sign, a number or a name, and at times a piece that makes it something else.
std::string random_value(std::mt19937& random)
{
    static const std::vector<std::string> values = {
        "0",     "1",    "2", "7", "010", "0x1f", "3#2", "64#_", "08", "2#",  "1#1", "0X", "A",
        "B",     "C",    "D", "E", "G",   "H",    "J",   "K",    "on", "yes", "_n",  "zz", "99999999999999999999",
        "36#zZ", "62#aZ"};
    static const std::vector<std::string> around = {"",  "",  "",   "",   " ", "\t", "\n",
                                                    "-", "+", "- ", "\r", ".", "#",  "'"};
    std::string text = around[random() % around.size()] + values[random() % values.size()];
    if (random() % 8 == 0) text += values[random() % values.size()];
    return text + around[random() % around.size()];
}

class BashProcess {
public:
    BashProcess()
    {
        directory_ = testing::TempDir() + "bash-XXXXXX";
        if (::mkdtemp(directory_.data()) == nullptr) ADD_FAILURE() << "mkdtemp";
    }
    ~BashProcess()
    {
        for (const auto* name : {"/cases", "/script", "/answers"}) (void)std::remove((directory_ + name).c_str());
        (void)::rmdir(directory_.c_str());
    }
    BashProcess(const BashProcess&) = delete;
    BashProcess& operator=(const BashProcess&) = delete;

    static bool is_there() { return std::system("bash -c : 2>/dev/null") == 0; }

    // A line for each expression: is it -eq the expected number, is it -ne, both as "0" or "1". Where bash sees a
    // syntax error, neither is true.
    std::vector<std::string> answers(const std::vector<std::string>& expressions,
                                     const std::vector<std::int64_t>& expected)
    {
        std::ofstream cases(directory_ + "/cases", std::ios::binary);
        for (std::size_t i = 0; i < expressions.size(); ++i) cases << expressions[i] << '\0' << expected[i] << '\0';
        cases.close();
        std::ofstream script(directory_ + "/script");
        for (const auto& [name, value] : variables) script << name << "='" << value << "'\n";
        script << "while IFS= read -r -d '' X && IFS= read -r -d '' V; do\n"
                  "  [[ $X -eq $V ]]; same=$?; [[ $X -ne $V ]]; echo \"$same$?\"\n"
                  "done <\"$1/cases\" >\"$1/answers\" 2>/dev/null\n";
        script.close();
        const auto command = "env -i PATH=\"$PATH\" LC_ALL=C bash '" + directory_ + "/script' '" + directory_ + "'";
        EXPECT_EQ(std::system(command.c_str()), 0);
        std::vector<std::string> lines;
        std::ifstream answers(directory_ + "/answers");
        for (std::string line; std::getline(answers, line);) lines.push_back(line);
        return lines;
    }

private:
    std::string directory_;
};

// Where bash computes and we do not, nothing is compared.
void expect_bash_agrees(const std::vector<std::string>& candidates, std::size_t at_least)
{
    if (!BashProcess::is_there()) GTEST_SKIP() << "bash is not installed";
    std::vector<std::string> texts;
    std::vector<std::int64_t> numbers;
    for (const auto& text : candidates) {
        const auto value = bash_integer(text, variables);
        if (!value) continue;
        texts.push_back(text);
        numbers.push_back(*value);
    }
    ASSERT_GE(texts.size(), at_least);
    const auto answers = BashProcess().answers(texts, numbers);
    ASSERT_EQ(answers.size(), texts.size());
    for (std::size_t i = 0; i < answers.size(); ++i)
        EXPECT_EQ(answers[i], "01") << "value: " << texts[i] << "\nours: " << numbers[i];
}

TEST(BashInteger, AgreesWithBashOnWhatPeopleWrite)
{
    expect_bash_agrees(written_by_people, 25);
}

TEST(BashInteger, AgreesWithBashOnRandomValues)
{
    std::mt19937 random(20261121);  // the same ones each time
    std::set<std::string> values;
    while (values.size() < 2000) values.insert(random_value(random));
    expect_bash_agrees({values.begin(), values.end()}, 300);
}

// What we refuse, bash refuses, too, or computes: it must never be an integer that we do not know.
TEST(BashInteger, RefusesOnlyWhatBashComputesOrRefuses)
{
    if (!BashProcess::is_there()) GTEST_SKIP() << "bash is not installed";
    const std::vector<std::string> broken = {"08", "1.0", "'1'", "1\r", "1 # on", "2#", "1#1", "0xg", "1 1", "1;"};
    for (const auto& text : broken) EXPECT_FALSE(bash_integer(text, variables)) << text;
    const auto answers = BashProcess().answers(broken, std::vector<std::int64_t>(broken.size(), 1));
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], "11") << broken[i];
}

}  // namespace
}  // namespace mailstate

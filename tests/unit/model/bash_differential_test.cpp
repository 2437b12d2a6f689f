// SPDX-License-Identifier: MIT
// The same values given to bash and to bash_arithmetic. One bash for all of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <set>

#include "mailstate/settings.hpp"

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

std::string random_expression(std::mt19937& random)
{
    static const std::vector<std::string> pieces = {
        "0",  "1", "2", "7", "010", "0x1f", "3#2", "A", "B", "D", "E",  "G",  "I",  "J", "L",  "M", "F",  "H",
        "zz", "(", ")", "(", ")",   "+",    "-",   "*", "/", "%", "**", "<<", ">>", "<", "<=", ">", ">=", "==",
        "!=", "&", "^", "|", "&&",  "||",   "?",   ":", ",", "!", "~",  " ",  " ",  " ", " ",  " ", "-",  "+"};
    const bool alternate = random() % 4 != 0;  // operand, operator, operand …: mostly valid
    const auto length = 1 + random() % 12;
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
        const auto range = alternate ? (i % 2 == 0 ? 19U : pieces.size() - 23) : pieces.size();
        const auto offset = alternate && i % 2 == 1 ? 23U : 0U;
        text += pieces[offset + random() % range];
        if (random() % 3 == 0) text += ' ';
    }
    return text;
}

bool is_left_out(const Result<std::int64_t>& value)
{
    if (value) return false;
    const auto& message = value.error().message;
    return message.find("assignment") != std::string::npos || message.find("increment") != std::string::npos ||
           message.find("array") != std::string::npos;
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

void expect_bash_agrees(const std::vector<std::string>& candidates, std::size_t at_least)
{
    if (!BashProcess::is_there()) GTEST_SKIP() << "bash is not installed";
    std::vector<std::string> expressions;
    std::vector<Result<std::int64_t>> ours;
    std::vector<std::int64_t> numbers;
    std::size_t errors = 0;
    for (const auto& expression : candidates) {
        auto value = bash_arithmetic(expression, variables);
        if (is_left_out(value)) continue;
        expressions.push_back(expression);
        numbers.push_back(value ? *value : 0);
        errors += value ? 0U : 1U;
        ours.push_back(std::move(value));
    }
    ASSERT_GE(expressions.size(), at_least);
    ASSERT_GE(errors, at_least / 10);
    ASSERT_GE(expressions.size() - errors, at_least / 10);
    const auto answers = BashProcess().answers(expressions, numbers);
    ASSERT_EQ(answers.size(), expressions.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EXPECT_EQ(answers[i], ours[i] ? "01" : "11")
            << "expression: " << expressions[i]
            << "\nours: " << (ours[i] ? std::to_string(*ours[i]) : ours[i].error().message);
    }
}

TEST(BashArithmetic, AgreesWithBashOnWhatPeopleWrite)
{
    expect_bash_agrees(written_by_people, 200);
}

TEST(BashArithmetic, AgreesWithBashOnRandomExpressions)
{
    std::mt19937 random(20261121);  // the same ones each time
    std::set<std::string> expressions;
    while (expressions.size() < 4000) expressions.insert(random_expression(random));
    expect_bash_agrees({expressions.begin(), expressions.end()}, 3000);
}

}  // namespace
}  // namespace mailstate

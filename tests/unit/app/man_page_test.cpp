// SPDX-License-Identifier: MIT
#include "app/cli/man_page.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "app/answers/code_facts.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/program_version.hpp"
#include "app/cli/roff.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

TEST(ManPage, BeginsWithItsTitleVersionAndDay)
{
    EXPECT_THAT(man_page(), testing::StartsWith(".TH MAILSTATE 1 " + std::string(release_date()) + " \"mailstate " +
                                                std::string(version()) + "\""));
    EXPECT_EQ(release_date().size(), 10U);
}

TEST(ManPage, IsPlainAscii)
{
    for (const ManPage& page : man_pages())
        EXPECT_TRUE(std::ranges::all_of(page.text(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }))
            << page.name;
}

TEST(ManPage, OfFindingsHasEachCodeWithItsRemedy)
{
    const std::string page = man_page_of_findings();
    for (const CodeFacts& facts : every_fact())
        EXPECT_THAT(page, HasSubstr(".TP\n" + roff::bold(facts.code) + " (" + std::string(name_of(facts.severity))));
    EXPECT_THAT(page, HasSubstr("Mount the volume read\\-write.\n"));
}

TEST(ManPage, HasAParagraphForEachOptionAndSaysWhoseItIs)
{
    const std::string page = man_page();
    for (const OptionDesc& option : option_table()) {
        std::string name = "\\fB\\-\\-";
        for (const char letter : option.name) name += letter == '-' ? std::string("\\-") : std::string(1, letter);
        EXPECT_THAT(page, HasSubstr(".TP\n" + name + "\\fR"));
    }
    EXPECT_THAT(page, HasSubstr("test what the volume supports"));
    EXPECT_THAT(page, HasSubstr("of probe\n"));
}

TEST(ManPage, HasNoLineThatIsTakenForARequest)
{
    std::string all;
    for (const ManPage& page : man_pages()) all += page.text();
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_FALSE(line.starts_with('\'')) << line;
        if (!line.starts_with('.')) continue;
        EXPECT_THAT(line, testing::MatchesRegex("[.](TH|SH|SS|TP|PP|BR|EX|EE|RS|RE|nf|fi)( .*)?"));
    }
}

}  // namespace
}  // namespace mailstate

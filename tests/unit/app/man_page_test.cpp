// SPDX-License-Identifier: MIT
#include "app/man_page.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "app/option_table.hpp"
#include "app/program_version.hpp"

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
    const std::string page = man_page();
    EXPECT_TRUE(std::ranges::all_of(page, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST(ManPage, HasAParagraphForEachOptionAndSaysWhoseItIs)
{
    const std::string page = man_page();
    for (const OptionDesc& option : option_table()) {
        std::string name = "\\fB\\-\\-";
        for (const char letter : option.name) name += letter == '-' ? std::string("\\-") : std::string(1, letter);
        EXPECT_THAT(page, HasSubstr(".TP\n" + name + "\\fR"));
    }
    EXPECT_THAT(page, HasSubstr("really test what the volume can do"));
    EXPECT_THAT(page, HasSubstr("of probe\n"));
}

TEST(ManPage, HasNoLineThatIsTakenForARequest)
{
    std::istringstream lines(man_page());
    for (std::string line; std::getline(lines, line);) {
        EXPECT_FALSE(line.starts_with('\'')) << line;
        if (!line.starts_with('.')) continue;
        EXPECT_THAT(line, testing::MatchesRegex("[.](TH|SH|SS|TP|PP|BR|EX|EE|RS|RE|nf|fi)( .*)?"));
    }
}

}  // namespace
}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/output/metrics_text.hpp"

#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "unit/app/examples.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;
using testing::Not;

MeasuredRun make_run()
{
    return {"apply", 3, std::chrono::milliseconds(1'234), 1'700'000'000};
}

RunView make_view()
{
    return view_of(make_example_plan(), make_ext4());
}

TEST(MetricsText, CountsEntriesByDecisionAndFindingsBySeverity)
{
    const std::string text = metrics_text(make_run(), make_view());
    const std::string labels = R"(command="apply",layout="docker-mailserver",state_dir="/var/mail-state")";
    EXPECT_THAT(text, HasSubstr("mailstate_run_exit_code{" + labels + "} 3\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_timestamp_seconds{" + labels + "} 1700000000\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_duration_seconds{" + labels + "} 1.234\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_entries{" + labels + ",decision=\"move\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_entries{" + labels + ",decision=\"adopt\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_findings{" + labels + ",severity=\"warning\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_findings{" + labels + ",severity=\"error\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_files{" + labels + "} 412\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_run_bytes{" + labels + "} 1363148\n"));
    EXPECT_THAT(text, HasSubstr("mailstate_volume_free_bytes{" + labels + "} 3221225472\n"));
}

TEST(MetricsText, CountsWhatBecameOfTheEntriesOfARun)
{
    const Report report = make_report(make_example_plan(), Outcome::locked, {});
    const std::string text = metrics_text(make_run(), view_of(report, make_ext4()));
    EXPECT_THAT(text, HasSubstr(",outcome=\"moved\"} 0\n"));
    EXPECT_THAT(text, HasSubstr(",outcome=\"not-reached\"} 1\n"));
    EXPECT_THAT(text, Not(HasSubstr("decision=")));
}

TEST(MetricsText, CountsAllDecisions)
{
    std::istringstream lines(metrics_text(make_run(), make_view()));
    int sum = 0;
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("mailstate_run_entries{")) sum += std::stoi(line.substr(line.rfind(' ')));
    EXPECT_EQ(sum, 4);
}

TEST(MetricsText, BeginsEachMetricWithItsHelpAndTypeOnce)
{
    std::istringstream lines(metrics_text(make_run(), make_view()));
    std::map<std::string, int> helps, types;
    std::string current;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# HELP ")) {
            current = line.substr(7, line.find(' ', 7) - 7);
            ++helps[current];
        } else if (line.starts_with("# TYPE ")) {
            EXPECT_EQ(line, "# TYPE " + current + " gauge");
            ++types[current];
        } else {
            EXPECT_TRUE(line.starts_with(current + "{")) << line;
        }
    }
    EXPECT_EQ(helps, types);
    for (const auto& [name, count] : helps) EXPECT_EQ(count, 1) << name;
}

TEST(MetricsText, LeavesOutWhatARunHasNot)
{
    RunView view;
    const std::string text = metrics_text(make_run(), view);
    EXPECT_THAT(text, Not(HasSubstr("mailstate_run_entries")));
    EXPECT_THAT(text, Not(HasSubstr("mailstate_run_bytes")));
    EXPECT_THAT(text, Not(HasSubstr("mailstate_volume")));
    EXPECT_THAT(text, HasSubstr("mailstate_run_findings"));
}

TEST(MetricsText, DoesNotCountWhatIsNotCopied)
{
    RunView view;
    view.entries.resize(2);
    view.entries[0].decision = Decision::keep_destination;
    view.entries[0].amount.files = 5;
    view.entries[1].decision = Decision::roll_back;
    view.entries[1].amount.files = 7;
    EXPECT_THAT(metrics_text(make_run(), view), HasSubstr("\"} 7\n# HELP mailstate_run_bytes"));
}

TEST(MetricsText, EscapesLabels)
{
    EXPECT_EQ(escaped_label("a\"b\\c\nd"), R"(a\"b\\c\nd)");
    RunView view;
    view.state_dir = "/a\"b\xff\x1b";
    EXPECT_THAT(metrics_text(make_run(), view), HasSubstr(R"(state_dir="/a\"b\\xff\\x1b")"));
}

}  // namespace
}  // namespace mailstate

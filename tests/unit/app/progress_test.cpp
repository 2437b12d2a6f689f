// SPDX-License-Identifier: MIT
#include "app/output/progress_text.hpp"

#include <gmock/gmock.h>

namespace mailstate {
namespace {

using std::chrono::milliseconds;

ProgressSample make_sample(int at, std::uint64_t files, std::uint64_t bytes)
{
    return {milliseconds(at), "redis", "copying", files, bytes, 1'200, 4U << 20U};
}

TEST(ProgressText, IsEmptyBeforeAPhaseBegins)
{
    EXPECT_EQ(progress_text({}, {}, 80), "");
}

TEST(ProgressText, ShowsEntryFilesBytesRateAndTimeLeft)
{
    SpeedMeter speed;
    speed.add(make_sample(0, 0, 0));
    speed.add(make_sample(1'000, 412, 1U << 20U));
    EXPECT_EQ(progress_text(make_sample(1'000, 412, 1U << 20U), speed, 80),
              "redis: copying 412/1,200 files, 1.0/4.0 MiB, 1.0 MiB/s, 0:03 left");
}

TEST(ProgressText, LeavesOutTheFilesAndThenTheSpeedWhereTheLineIsNarrow)
{
    SpeedMeter speed;
    speed.add(make_sample(0, 0, 0));
    speed.add(make_sample(1'000, 412, 1U << 20U));
    EXPECT_EQ(progress_text(make_sample(1'000, 412, 1U << 20U), speed, 60),
              "redis: copying 1.0/4.0 MiB, 1.0 MiB/s, 0:03 left");
    EXPECT_EQ(progress_text(make_sample(1'000, 412, 1U << 20U), speed, 40), "redis: copying 1.0/4.0 MiB, 0:03 left");
}

TEST(ProgressText, KeepsBothUnitsWhereTheyDiffer)
{
    EXPECT_EQ(progress_text(make_sample(0, 1, 2048), SpeedMeter(), 80),
              "redis: copying 1/1,200 files, 2.0 KiB/4.0 MiB");
}

TEST(ProgressText, GuessesByFilesWhereBytesAreNotCounted)
{
    SpeedMeter speed;
    speed.add({milliseconds(0), "", "owners", 0, 0, 1'000, 0});
    const ProgressSample now{milliseconds(2'000), "", "owners", 100, 0, 1'000, 0};
    speed.add(now);
    EXPECT_EQ(progress_text(now, speed, 80), "owners 100/1,000 files, 50 files/s, 0:18 left");
}

TEST(ProgressText, GuessesNothingWithoutATotal)
{
    SpeedMeter speed;
    speed.add({milliseconds(0), "redis", "comparing", 0, 0, 0, 0});
    const ProgressSample now{milliseconds(1'000), "redis", "comparing", 1, 0, 0, 0};
    speed.add(now);
    EXPECT_EQ(progress_text(now, speed, 80), "redis: comparing 1 file, 1 file/s");
}

TEST(ProgressText, SurvivesMoreThanWasPlanned)
{
    SpeedMeter speed;
    speed.add(make_sample(0, 0, 0));
    const ProgressSample now = make_sample(1'000, 2'000, 8U << 20U);
    speed.add(now);
    EXPECT_THAT(progress_text(now, speed, 80), testing::HasSubstr("1,200/1,200 files"));
    EXPECT_THAT(progress_text(now, speed, 80), testing::HasSubstr("0:00 left"));
}

TEST(SpeedMeter, ForgetsWhatIsLongAgo)
{
    SpeedMeter speed;
    speed.add(make_sample(0, 0, 0));
    speed.add(make_sample(1'000, 0, 1'000'000));
    for (int at = 2'000; at <= 20'000; at += 1'000) speed.add(make_sample(at, 0, 1'000'000));
    EXPECT_EQ(speed.bytes_per_second(), 0);
}

TEST(SpeedMeter, BeginsAnewWithAnotherPhase)
{
    SpeedMeter speed;
    speed.add(make_sample(0, 0, 0));
    speed.add(make_sample(1'000, 0, 1'000'000));
    EXPECT_EQ(speed.bytes_per_second(), 1'000'000);
    speed.add({milliseconds(1'200), "redis", "syncing", 0, 1'000'000, 0, 0});
    EXPECT_EQ(speed.bytes_per_second(), 0);
}

TEST(ProgressReport, HasPercentRateAndTimeLeft)
{
    SpeedMeter speed;
    speed.add(make_sample(0, 0, 0));
    const ProgressSample now = make_sample(1'000, 412, 1U << 20U);
    speed.add(now);
    EXPECT_EQ(progress_report(now, speed, milliseconds(0)),
              "redis: copying, 25%, 412/1,200 files, 1.0/4.0 MiB, 1.0 MiB/s, 0:03 left");
}

TEST(ProgressReport, SaysWhatItWaitsFor)
{
    ProgressSample before{milliseconds(0), "redis", "syncing"}, now{milliseconds(30'000), "redis", "syncing"};
    now.busy = milliseconds(100);
    ASSERT_TRUE(is_still(now, before));
    EXPECT_EQ(progress_report(now, SpeedMeter(), milliseconds(30'000)),
              "redis: syncing, waiting for the volume for 0:30");
    now.busy = milliseconds(20'000);
    EXPECT_FALSE(is_still(now, before));
    const ProgressSample lock{milliseconds(30'000), "", "waiting for another run to end"};
    EXPECT_EQ(progress_report(lock, SpeedMeter(), milliseconds(30'000)), "waiting for another run to end for 0:30");
}

TEST(ClockText, HasHoursWhereNeeded)
{
    EXPECT_EQ(clock_text(0), "0:00");
    EXPECT_EQ(clock_text(754), "12:34");
    EXPECT_EQ(clock_text(3'723), "1:02:03");
}

}  // namespace
}  // namespace mailstate

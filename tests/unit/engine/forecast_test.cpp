// SPDX-License-Identifier: MIT
// What a rehearsal takes of a large tree, and what it makes of the time.
#include "engine/forecast.hpp"

#include <gtest/gtest.h>

#include "engine/sample.hpp"

namespace mailstate {
namespace {

int taken_of(const Sample& sample, int files)
{
    int taken = 0;
    for (int i = 0; i < files; ++i) taken += sample.takes("some/directory/" + std::to_string(i)) ? 1 : 0;
    return taken;
}

TEST(Sample, TakesEverythingWithoutALimitAndWhereThereAreNoMore)
{
    EXPECT_EQ(taken_of(Sample{}, 1000), 1000);
    EXPECT_EQ(taken_of(Sample(1000, 1000), 1000), 1000);
    EXPECT_EQ(taken_of(Sample(std::nullopt, 1000), 1000), 1000);
    EXPECT_TRUE(Sample(5000, 1000).is_whole());
}

TEST(Sample, TakesAboutAsManyAsAskedForAndTheSameEachTime)
{
    const Sample sample(1000, 10'000);
    EXPECT_FALSE(sample.is_whole());
    EXPECT_NEAR(taken_of(sample, 10'000), 1000, 120);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(sample.takes(std::to_string(i)), Sample(1000, 10'000).takes(std::to_string(i)));
}

TEST(Sample, ScalesByNamesWhereFilesAreSmallAndByBytesWhereTheyAreLarge)
{
    EXPECT_NEAR(scale_of({100'000, 100'000}, {1'000, 1'000}), 100, 0.1);
    EXPECT_NEAR(scale_of({30, 3'000'000'000}, {10, 300'000'000}), 10, 0.1);
    EXPECT_EQ(scale_of({10, 10}, {10, 10}), 1);
    EXPECT_EQ(scale_of({10, 10}, {20, 20}), 1);  // it grew: never less than what was measured
    EXPECT_EQ(scale_of({10, 10}, {0, 0}), 1);
}

TEST(Forecast, IsTheTimeOfTheCloneWhereAllWasCloned)
{
    EXPECT_DOUBLE_EQ(forecast({{0.5, 1}, {0.25, 1}}, {0.125, 1}), 0.875);
    EXPECT_DOUBLE_EQ(forecast({}, {0.125, 1}), 0.125);
}

TEST(Forecast, ScalesAnEntryWithoutWhatAnyEntryTakes)
{
    // 0.1 s of syncs and records, 0.4 s for a tenth of the files.
    EXPECT_DOUBLE_EQ(forecast({{0.1, 1}, {0.5, 10}, {0.3, 1}}, {0, 1}), 0.1 + 0.1 + 4.0 + 0.3);
}

TEST(Forecast, ScalesAllOfAnEntryWithoutOthersToCompareWith)
{
    EXPECT_DOUBLE_EQ(forecast({{0.5, 10}}, {0.1, 10}), 6.0);
}

TEST(Forecast, NeverTakesMoreOffThanThereIs)
{
    EXPECT_DOUBLE_EQ(forecast({{0.4, 1}, {0.1, 10}}, {0, 1}), 0.5);
}

}  // namespace
}  // namespace mailstate

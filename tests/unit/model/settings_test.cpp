// SPDX-License-Identifier: MIT
#include "mailstate/model/settings.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

Layout layout_with(std::map<std::string, std::string> defaults)
{
    Layout layout;
    layout.defaults = std::move(defaults);
    return layout;
}

TEST(Settings, PutTheFileOverTheEnvironmentOverTheDefaults)
{
    const auto layout = layout_with({{"A", "default"}, {"B", "default"}, {"C", "default"}});
    const auto settings = make_settings(layout, {{"A", "env"}, {"B", "env"}, {"X", "env"}}, {{"A", "file"}});
    EXPECT_EQ(settings.values.at("A"), "file");
    EXPECT_EQ(settings.values.at("B"), "env");
    EXPECT_EQ(settings.values.at("C"), "default");
    EXPECT_EQ(settings.values.at("X"), "env");
}

TEST(Settings, GiveEmptyVariablesTheirDefault)
{
    const auto settings = make_settings(layout_with({{"A", "1"}, {"B", "1"}}), {{"A", ""}, {"B", "0"}}, {{"B", ""}});
    EXPECT_EQ(settings.values.at("A"), "1");
    EXPECT_EQ(settings.values.at("B"), "1");
}

TEST(Settings, FollowReferencesToEffectiveValues)
{
    const auto layout = layout_with({{"A", "<${B}>"}, {"B", "${C}${D}"}, {"C", "c"}});
    EXPECT_EQ(make_settings(layout, {{"D", "d"}}, {}).values.at("A"), "<cd>");
    EXPECT_EQ(make_settings(layout, {{"B", "given"}}, {}).values.at("A"), "<given>");
}

TEST(Settings, EndEvenWhereReferencesGoRoundInACircle)
{
    const auto settings = make_settings(layout_with({{"A", "a${B}"}, {"B", "b${A}"}}), {}, {});
    EXPECT_FALSE(settings.values.at("A").empty());
}

}  // namespace
}  // namespace mailstate

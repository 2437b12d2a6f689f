// SPDX-License-Identifier: MIT
#include "mailstate/model/renumber.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mailstate;

namespace {

Identities users(std::map<std::string, Uid, std::less<>> numbers)
{
    return {std::move(numbers), {}};
}

TEST(Renumbering, IsEmptyWhereNothingChanged)
{
    EXPECT_TRUE(renumbered(users({{"redis", Uid{101}}}), users({{"redis", Uid{101}}, {"new", Uid{5}}})).empty());
}

TEST(Renumbering, TranslatesByName)
{
    const Renumbering numbers = renumbered(users({{"redis", Uid{101}}}), users({{"redis", Uid{105}}}));
    EXPECT_EQ(translate(numbers, {Uid{101}, Gid{7}}), (Owner{Uid{105}, Gid{7}}));
    EXPECT_EQ(translate(numbers, {Uid{102}, Gid{7}}), (Owner{Uid{102}, Gid{7}}));
}

TEST(Renumbering, SwapsNumbersWithoutChainingThem)
{
    const Renumbering numbers =
        renumbered(users({{"a", Uid{1}}, {"b", Uid{2}}}), users({{"a", Uid{2}}, {"b", Uid{1}}}));
    EXPECT_EQ(translate(numbers, {Uid{1}, Gid{}}).uid, Uid{2});
    EXPECT_EQ(translate(numbers, {Uid{2}, Gid{}}).uid, Uid{1});
}

TEST(Renumbering, KnowsWhichOldNumbersNobodyHasAnyMore)
{
    const Identities to = users({{"a", Uid{2}}, {"b", Uid{3}}, {"new", Uid{4}}, {"d", Uid{6}}});
    const Renumbering all = renumbered(users({{"a", Uid{1}}, {"b", Uid{2}}, {"d", Uid{4}}, {"gone", Uid{5}}}), to);
    EXPECT_EQ(vacated(all, to).users, (std::map<Uid, Uid>{{Uid{1}, Uid{2}}}));
    EXPECT_TRUE(vacated(renumbered(users({{"a", Uid{1}}, {"b", Uid{2}}}), users({{"a", Uid{2}}, {"b", Uid{1}}})),
                        users({{"a", Uid{2}}, {"b", Uid{1}}}))
                    .empty());
}

TEST(Renumbering, NeverGivesToOrTakesFromRoot)
{
    const Renumbering to_root =
        renumbered(users({{"root", Uid{5000}}, {"redis", Uid{101}}}), users({{"root", Uid{0}}, {"redis", Uid{105}}}));
    EXPECT_EQ(translate(to_root, {Uid{5000}, Gid{5000}}), (Owner{Uid{5000}, Gid{5000}}));
    EXPECT_EQ(translate(to_root, {Uid{101}, Gid{7}}).uid, Uid{105});
    EXPECT_TRUE(renumbered(users({{"redis", Uid{0}}}), users({{"redis", Uid{105}}})).empty());
    Identities from, to;
    from.groups = {{"root", Gid{5000}}, {"staff", Gid{0}}};
    to.groups = {{"root", Gid{0}}, {"staff", Gid{50}}};
    EXPECT_TRUE(renumbered(from, to).empty());
}

TEST(Renumbering, TranslatesGroupsApartFromUsers)
{
    Identities from, to;
    from.groups["postdrop"] = Gid{103};
    to.groups["postdrop"] = Gid{111};
    EXPECT_EQ(translate(renumbered(from, to), {Uid{103}, Gid{103}}), (Owner{Uid{103}, Gid{111}}));
}

TEST(Renumbering, KeepsTheNumberOfANameThatIsGone)
{
    EXPECT_TRUE(renumbered(users({{"gone", Uid{101}}}), users({{"redis", Uid{101}}})).empty());
}

TEST(Renumbering, SaysWhoseNumberBelongsToSomebodyElseNow)
{
    EXPECT_THAT(reused_numbers(users({{"postgrey", Uid{105}}}), users({{"redis", Uid{105}}})),
                ::testing::ElementsAre("postgrey → redis"));
    EXPECT_TRUE(reused_numbers(users({{"postgrey", Uid{105}}}), users({{"redis", Uid{106}}})).empty());
    EXPECT_THAT(reused_numbers(users({{"postgrey", Uid{105}}, {"redis", Uid{101}}}), users({{"redis", Uid{105}}})),
                ::testing::ElementsAre("postgrey → redis"));
}

TEST(Renumbering, RemembersNamesThatAnImageLacksUnlessTheirNumberIsTaken)
{
    const Identities before = users({{"clamav", Uid{106}}, {"postgrey", Uid{105}}});
    const Identities now = users({{"redis", Uid{105}}});
    EXPECT_EQ(remembered(before, now), users({{"clamav", Uid{106}}, {"redis", Uid{105}}}));
}

TEST(Renumbering, TakesGroupsAsTheyAreWhereNoUserCouldBeRead)
{
    Identities before = users({{"redis", Uid{101}}}), now;
    before.groups["redis"] = Gid{104};
    now.groups["redis"] = Gid{105};
    const Identities kept = remembered(before, now);
    EXPECT_EQ(kept.users, before.users);
    EXPECT_TRUE(renumbered(kept, now).empty());
}

TEST(Renumbering, ForgetsNothingWhereNoUserCouldBeRead)
{
    const Identities before = users({{"redis", Uid{101}}});
    EXPECT_EQ(remembered(before, {}), before);
    EXPECT_EQ(remembered(std::nullopt, before), before);
}

}  // namespace

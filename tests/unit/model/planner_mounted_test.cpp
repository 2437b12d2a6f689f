// SPDX-License-Identifier: MIT
// The plan of an origin that is a mount point, or has mounts inside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/model/planner_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

using PlanOfMount = PlannerWorld;

TEST_F(PlanOfMount, LeavesAMountPointAloneAndNamesItsSource)
{
    given_mount(OriginState::mount_point);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_FALSE(planned().ownership);
    ASSERT_NE(finding("origin.mounted"), nullptr);
    EXPECT_THAT(finding("origin.mounted")->message, HasSubstr("ext4 /dev/sda1 (subtree /srv/redis)"));
    EXPECT_THAT(finding("origin.mounted")->hint, HasSubstr("/srv/redis:/var/lib/redis"));
    EXPECT_FALSE(has_changes(plan) && !plan.record);
}

TEST_F(PlanOfMount, LeavesADirectoryWithMountsBelowAlone)
{
    given_mount(OriginState::mounts_below);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("origin.mounts-below"), nullptr);
}

TEST_F(PlanOfMount, NamesADockerVolumeInTheHint)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].mounts[0].subtree = "/var/lib/docker/volumes/redis-data/_data";
    (void)planned();
    EXPECT_THAT(finding("origin.mounted")->hint, HasSubstr("'- redis-data:/var/lib/redis'"));
}

TEST_F(PlanOfMount, OwnsAMountInPlaceOnlyWhenTold)
{
    given_mount(OriginState::mount_point);
    layout.entries[0].in_place = true;
    EXPECT_TRUE(planned().ownership);
    layout.entries[0].in_place = false;
    options.in_place = true;
    EXPECT_TRUE(planned().ownership);
}

TEST_F(PlanOfMount, AdoptsAMountWhenAsked)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].size = TreeSize{2, 1, 10, "a"};
    options.adopt_mounts = true;
    EXPECT_EQ(planned().decision, Decision::adopt);
}

TEST_F(PlanOfMount, RefreshesAnAdoptedMountThatHasChanged)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].size = TreeSize{2, 1, 10, "new"};
    survey.entries["redis"].destination = DestinationState::populated;
    survey.ledger->entries["redis"].phase = Phase::adopted;
    survey.ledger->entries["redis"].fingerprint = survey.entries["redis"].copy_fingerprint = "old";
    EXPECT_EQ(planned().decision, Decision::refresh);
    survey.ledger->entries["redis"].fingerprint = survey.entries["redis"].copy_fingerprint = "new";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "origin.adopted");
}

TEST_F(PlanOfMount, RemovesOnlyTheInnerOfANestedLink)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].nested_link_in_origin = true;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(planned().remove_nested_link);
    EXPECT_EQ(finding("entry.nested-link")->message, "/var/lib/redis contains a link to the destination");
    EXPECT_TRUE(has_changes(plan));
}

}  // namespace

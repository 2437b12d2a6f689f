// SPDX-License-Identifier: MIT
// State that does not last.
#include <gmock/gmock.h>

#include "unit/model/planner_world.hpp"

using testing::HasSubstr;

namespace mailstate {

namespace {

const std::string digits(64, 'a');

class Lasting : public PlannerWorld {
protected:
    void given_memory(const std::string& type)
    {
        survey.volume.filesystem.kind = FilesystemClass::memory;
        survey.volume.filesystem.type = type;
    }
};

TEST_F(Lasting, MovesNothingIntoMemoryUnlessThatIsAllowed)
{
    given(OriginState::directory, DestinationState::absent);
    for (const std::string type : {"tmpfs", "ramfs"}) {
        given_memory(type);
        options.allow_memory = false;
        EXPECT_EQ(planned().decision, Decision::leave_alone);
        EXPECT_EQ(planned().code, "volume.memory");
        ASSERT_NE(finding("volume.memory"), nullptr);
        EXPECT_EQ(finding("volume.memory")->severity, Severity::warning);
        EXPECT_THAT(finding("volume.memory")->message, HasSubstr(type));
        EXPECT_FALSE(has_changes(plan));
        options.allow_memory = true;
        EXPECT_EQ(planned().decision, Decision::move);
        EXPECT_EQ(finding("volume.memory"), nullptr);
    }
}

TEST_F(Lasting, MakesNothingInMemoryForWhatIsAbsent)
{
    given_memory("tmpfs");
    given(OriginState::absent, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(finding("origin.missing"), nullptr);
    given(OriginState::absent, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(Lasting, ServesLinksIntoMemoryAsBefore)
{
    given_memory("tmpfs");
    survey.ledger->entries["redis"].phase = Phase::linked;
    given(OriginState::link_home, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_TRUE(planned().ownership);
    EXPECT_NE(finding("volume.memory"), nullptr);
    given(OriginState::link_home, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::restore);
}

TEST_F(Lasting, MovesNothingIntoADestinationInMemory)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::empty);
    seen.destination_mount = true;
    seen.destination_filesystem.kind = FilesystemClass::memory;
    seen.destination_filesystem.free_bytes = 1U << 30U;
    seen.destination_filesystem.free_inodes = 1000;
    EXPECT_EQ(planned().code, "destination.memory");
    options.allow_memory = true;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Lasting, NamesAnAnonymousVolume)
{
    given(OriginState::directory, DestinationState::absent);
    survey.volume.filesystem.subtree = "/var/lib/docker/volumes/" + digits + "/_data";
    EXPECT_EQ(planned().decision, Decision::move);
    ASSERT_NE(finding("volume.anonymous"), nullptr);
    EXPECT_EQ(finding("volume.anonymous")->severity, Severity::warning);
    EXPECT_THAT(finding("volume.anonymous")->hint, HasSubstr("'- mail-state:/var/mail-state'"));
    EXPECT_THAT(finding("volume.anonymous")->hint, HasSubstr(digits));
}

TEST_F(Lasting, TakesAVolumeWithANameForOneThatLasts)
{
    given(OriginState::directory, DestinationState::absent);
    for (const std::string& name : {std::string("mail-state"), digits.substr(1), digits + "a", std::string(64, 'z')}) {
        survey.volume.filesystem.subtree = "/var/lib/docker/volumes/" + name + "/_data";
        (void)planned();
        EXPECT_EQ(finding("volume.anonymous"), nullptr) << name;
    }
    survey.volume.filesystem.subtree = "/srv/" + digits + "/_data";
    (void)planned();
    EXPECT_EQ(finding("volume.anonymous"), nullptr);
}

TEST_F(Lasting, NamesAnEmptyDir)
{
    given(OriginState::directory, DestinationState::absent);
    survey.volume.filesystem.subtree = "/var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/state";
    (void)planned();
    EXPECT_NE(finding("volume.empty-dir"), nullptr);
    survey.volume.filesystem.subtree = "/var/lib/kubelet/pods/1/volumes/kubernetes.io~csi/pvc-1/mount";
    (void)planned();
    EXPECT_EQ(finding("volume.empty-dir"), nullptr);
}

TEST_F(Lasting, NamesAnAnonymousVolumeAtADestination)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::empty);
    seen.destination_mount = true;
    seen.destination_filesystem.free_bytes = 1U << 30U;
    seen.destination_filesystem.free_inodes = 1000;
    seen.destination_filesystem.subtree = "/volumes/" + digits + "/_data";
    (void)planned();
    ASSERT_NE(finding("volume.anonymous"), nullptr);
    EXPECT_EQ(finding("volume.anonymous")->subject, "redis");
}

}  // namespace

}  // namespace mailstate

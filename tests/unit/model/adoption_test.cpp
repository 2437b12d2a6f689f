// SPDX-License-Identifier: MIT
#include "model/adoption.hpp"

#include <gmock/gmock.h>

#include "unit/model/planner_world.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace mailstate {

namespace {

// Redis on a mount that was adopted with ten files of 1,000 bytes, and is as it was then.
class AdoptedMounts : public PlannerWorld {
protected:
    AdoptedMounts()
    {
        given_mount(OriginState::mount_point);
        given_size(10, 1000, "as it was");
        seen().destination = DestinationState::populated;
        seen().mount_identity = "ext4 fsid 1 inode 2";
        seen().copy_fingerprint = "the copy";
        LedgerEntry& record = survey.ledger->entries["redis"];
        record.phase = Phase::adopted;
        record.fingerprint = "as it was";
        record.adoption = Adoption{"ext4 fsid 1 inode 2", {10, 1000}, {"the copy"}, {}};
    }

    EntrySurvey& seen() { return survey.entries["redis"]; }
    void given_size(std::uint64_t files, std::uint64_t bytes, const std::string& fingerprint)
    {
        seen().size = TreeSize{files, 1, bytes, fingerprint, bytes};
    }

    void expect_refused(const std::string& code)
    {
        EXPECT_EQ(planned().decision, Decision::leave_alone);
        EXPECT_EQ(planned().code, code);
        ASSERT_NE(finding(code), nullptr);
        EXPECT_EQ(finding(code)->severity, Severity::error);
        EXPECT_THAT(finding(code)->hint, HasSubstr("stop the services"));
    }
};

TEST_F(AdoptedMounts, AreLeftAloneAsLongAsTheyDoNotChange)
{
    EXPECT_EQ(planned().code, "origin.adopted");
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(AdoptedMounts, AreCopiedAgainWhenTheyHaveChanged)
{
    given_size(5, 500, "half of it went");
    EXPECT_EQ(planned().decision, Decision::refresh);
    given_size(20, 9000, "grew");
    EXPECT_EQ(planned().decision, Decision::refresh);
}

TEST_F(AdoptedMounts, AreNoNewerCopyWhenTheyAreEmptyUnlessThatIsConfirmed)
{
    given_size(0, 0, "nothing");
    expect_refused("adoption.empty-mount");
    EXPECT_THAT(finding("adoption.empty-mount")->message, HasSubstr("10 files"));
    options.adopt_mounts = true;
    EXPECT_EQ(planned().decision, Decision::refresh);
}

TEST_F(AdoptedMounts, AreNoNewerCopyWhenMoreThanHalfIsGoneUnlessThatIsConfirmed)
{
    given_size(4, 1000, "files went");
    expect_refused("adoption.shrunken-mount");
    given_size(10, 499, "bytes went");
    expect_refused("adoption.shrunken-mount");
    options.adopt_mounts = true;
    EXPECT_EQ(planned().decision, Decision::refresh);
}

TEST_F(AdoptedMounts, AreNotReplacedByAnotherMountWhateverIsConfirmed)
{
    seen().mount_identity = "ext4 fsid 1 inode 3";
    given_size(10, 1000, "of another");
    expect_refused("adoption.another-mount");
    options.adopt_mounts = true;
    expect_refused("adoption.another-mount");
    seen().destination = DestinationState::absent;  // moved away, as the hint says
    EXPECT_EQ(planned().decision, Decision::adopt);
}

TEST_F(AdoptedMounts, KeepACopyThatSomebodyHasChanged)
{
    seen().copy_fingerprint = "with a mail in it";
    given_size(20, 9000, "grew");
    expect_refused("adoption.changed-copy");
    options.adopt_mounts = true;
    expect_refused("adoption.changed-copy");
}

TEST_F(AdoptedMounts, KnowBothCopiesOfARefreshThatWasInterrupted)
{
    survey.ledger->entries["redis"].adoption->copies = {"the next copy", "the copy"};
    given_size(20, 9000, "grew");
    EXPECT_EQ(planned().decision, Decision::refresh);
    seen().copy_fingerprint = "the next copy";
    EXPECT_EQ(planned().decision, Decision::refresh);
}

TEST_F(AdoptedMounts, AreCopiedAnewWhereTheCopyIsGone)
{
    seen().destination = DestinationState::absent;
    EXPECT_EQ(planned().decision, Decision::refresh);
}

TEST_F(AdoptedMounts, AreTheSameOnlyByTheCopyInALedgerThatDoesNotNameThem)
{
    LedgerEntry& record = survey.ledger->entries["redis"];
    record.adoption.reset();
    record.amount = {10, 1000};
    given_size(12, 1200, "grew");
    seen().copy_fingerprint = "as it was";  // the whole fingerprint, which the mount had, too
    EXPECT_EQ(planned().decision, Decision::refresh);
    given_size(0, 0, "nothing");
    expect_refused("adoption.empty-mount");
    given_size(12, 1200, "grew");
    seen().copy_fingerprint = "used since";
    expect_refused("adoption.changed-copy");
}

TEST_F(AdoptedMounts, AreForgottenWhereNothingIsMountedAndNoLinkIsMade)
{
    options.no_link = true;
    given_size(20, 9000, "grew");
    EXPECT_EQ(planned().decision, Decision::refresh);
    seen().mounts.clear();
    given(OriginState::directory, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::keep_unlinked);
    EXPECT_TRUE(plan.record);
}

TEST_F(AdoptedMounts, AreNotTheLastWordOfAStartThatCopiesThem)
{
    given_size(20, 9000, "grew");
    options.command_follows = true;
    (void)planned();
    ASSERT_NE(finding("adoption.services-start"), nullptr);
    EXPECT_EQ(finding("adoption.services-start")->severity, Severity::warning);
    EXPECT_THAT(finding("adoption.services-start")->hint, HasSubstr("once more, alone"));
    options.command_follows = false;
    (void)planned();
    EXPECT_EQ(finding("adoption.services-start"), nullptr);
    EXPECT_NE(finding("adoption.copied"), nullptr);
}

TEST(MountIdentity, IsTheFilesystemAndTheDirectoryOfIt)
{
    FilesystemFacts facts;
    facts.type = "ext4";
    facts.source = "/dev/sda1";
    facts.subtree = "/srv/redis";
    facts.fsid = "00000000000000ff";
    Attributes root;
    root.inode = 77;
    EXPECT_EQ(mount_identity(facts, root), "ext4 fsid 00000000000000ff inode 77");
    facts.fsid.clear();
    facts.type = "nfs4";
    EXPECT_EQ(mount_identity(facts, root), "nfs4 /dev/sda1 /srv/redis");
    facts.kind = FilesystemClass::overlay;
    facts.type = "overlay";
    facts.options = "rw,lowerdir=/l,upperdir=/u/1,workdir=/w";
    EXPECT_EQ(mount_identity(facts, root), "overlay upperdir=/u/1");
}

std::vector<std::string> superseded_names(const std::vector<Generation>& generations)
{
    std::vector<std::string> names;
    for (const Generation& old : superseded(generations)) names.push_back(old.name);
    return names;
}

TEST(Generations, AreKeptWhereTheyAreTheNewestOrTheLargest)
{
    EXPECT_THAT(superseded_names({}), IsEmpty());
    EXPECT_THAT(superseded_names({{"a", 5}}), IsEmpty());
    EXPECT_THAT(superseded_names({{"a", 5}, {"b", 1}}), IsEmpty());
    EXPECT_THAT(superseded_names({{"a", 5}, {"b", 1}, {"c", 2}}), ElementsAre("b"));
    EXPECT_THAT(superseded_names({{"a", 1}, {"b", 3}, {"c", 9}}), ElementsAre("a", "b"));
}

}  // namespace

}  // namespace mailstate

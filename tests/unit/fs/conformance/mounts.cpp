// SPDX-License-Identifier: MIT
// Mounts in the way, each a bind mount of the same filesystem: equal device numbers, so that only mount ids tell.
#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

TEST_P(Filesystem, EntersAMountPointOnlyWhenAsked)
{
    const auto source = make_directory("source");
    make_directory("at");
    ASSERT_TRUE(writer().append_line({source, "file"}, "text"));
    ground().bind(path("source"), path("at"));
    EXPECT_EQ(number_of(reader().open_directory({top(), "at"}, Cross::no)), EXDEV);
    const auto entered = reader().open_directory({top(), "at"}, Cross::yes);
    ASSERT_TRUE(entered) << words_of(entered);
    EXPECT_EQ(names(*entered), std::vector<std::string>{"file"});
    const Attributes seen = attributes_of("at");
    EXPECT_TRUE(same_inode(seen, attributes_of("source")));
    EXPECT_NE(seen.mount_id, attributes_of("source").mount_id);
    EXPECT_TRUE(seen.mount_root);
}

TEST_P(Filesystem, TellsOfAMountInTheTable)
{
    make_directory("source");
    make_directory("at");
    ground().bind(path("source"), path("at"));
    const auto table = reader().mounts();
    ASSERT_TRUE(table) << words_of(table);
    EXPECT_NE(table->at(path("at").string()), nullptr);
    EXPECT_EQ(table->at(path("source").string()), nullptr);
    EXPECT_EQ(table->below(ground().top().string()).size(), 1U);
    const auto entered = reader().open_directory({top(), "at"}, Cross::yes);
    ASSERT_TRUE(entered);
    EXPECT_EQ(reader().location(*entered).value_or({}), path("at"));
}

TEST_P(Filesystem, CopiesAFileThatIsAMountPointOnlyWhereThatWasSeen)
{
    make_file("source", "secret");
    make_file("at", "covered");
    const Attributes before = attributes_of("at");
    ground().bind(path("source"), path("at"));
    EXPECT_EQ(number_of(copy("at", before, "copy")), EXDEV);
    EXPECT_EQ(names(), (std::vector<std::string>{"at", "source"}));
    EXPECT_TRUE(copy("at", attributes_of("at"), "copy"));
    EXPECT_EQ(attributes_of("copy").size, attributes_of("source").size);
}

TEST_P(Filesystem, ChangesNoOwnerOfAMountPoint)
{
    make_directory("source");
    make_directory("at");
    ground().bind(path("source"), path("at"));
    const auto changed = writer().change_ownership({top(), "at"}, attributes_of("at"), {Uid{77}, Gid{77}}, Mode{0700});
    EXPECT_EQ(number_of(changed), EXDEV);
    EXPECT_EQ(attributes_of("source").owner, Owner{});
}

TEST_P(Filesystem, NeitherMovesNorRemovesAMountPoint)
{
    make_directory("source");
    make_directory("at");
    make_directory("other");
    ground().bind(path("source"), path("at"));
    EXPECT_EQ(number_of(writer().rename({top(), "at"}, {top(), "away"}, Replace::no)), EBUSY);
    EXPECT_EQ(number_of(writer().replace({top(), "other"}, {top(), "at"}, any_proof())), EBUSY);
    EXPECT_EQ(number_of(writer().rename({top(), "other"}, {top(), "at"}, Replace::exchange)), EBUSY);
    EXPECT_EQ(number_of(writer().remove_directory({top(), "at"}, any_proof())), EBUSY);
}

TEST_P(Filesystem, RenamesAndLinksNothingAcrossMounts)
{
    make_directory("source");
    make_directory("at");
    make_file("file", "content");
    ground().bind(path("source"), path("at"));
    const auto other = reader().open_directory({top(), "at"}, Cross::yes);
    ASSERT_TRUE(other);
    EXPECT_EQ(number_of(writer().rename({top(), "file"}, {*other, "file"}, Replace::no)), EXDEV);
    EXPECT_EQ(number_of(writer().replace({top(), "file"}, {*other, "file"}, any_proof())), EXDEV);
    EXPECT_EQ(number_of(writer().make_hard_link({top(), "file"}, {*other, "file"})), EXDEV);
    const auto copied = writer().copy_file({top(), "file"}, attributes_of("file"), {*other, "file"}, Durable::yes, {});
    EXPECT_TRUE(copied) << words_of(copied);
}

TEST_P(Filesystem, EntersNoLinkInPlaceOfADirectory)
{
    make_directory("real");
    ASSERT_TRUE(writer().make_link({top(), "link"}, "real"));
    make_file("file", "content");
    for (const Cross cross : {Cross::no, Cross::yes}) {
        const int number = number_of(reader().open_directory({top(), "link"}, cross));
        EXPECT_TRUE(number == ELOOP || number == ENOTDIR) << number;
        EXPECT_EQ(number_of(reader().open_directory({top(), "file"}, cross)), ENOTDIR);
        EXPECT_EQ(number_of(reader().open_directory({top(), "absent"}, cross)), ENOENT);
    }
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What the fake filesystem does beyond the conformance suite: failures on demand, and mounts.
#include "fake/fake_filesystem.hpp"

#include <gmock/gmock.h>

namespace mailstate {

namespace {

using testing::HasSubstr;

DirectoryRef root_of(const FakeFilesystem& fake)
{
    return *fake.reader().open("/");
}

template <class T>
int number_of(const Result<T>& result)
{
    return result ? 0 : result.error().number;
}

}  // namespace

TEST(FakeFilesystem, FailsACallAsItIsTold)
{
    FakeFilesystem fake;
    const auto root = root_of(fake);
    fake.set_hook(
        [](std::string_view call, std::string_view path) { return call == "renameat2" && path == "/one" ? EIO : 0; });
    ASSERT_TRUE(fake.writer().append_line({root, "one"}, "line"));
    ASSERT_TRUE(fake.writer().append_line({root, "two"}, "line"));
    const auto failed = fake.writer().rename({root, "one"}, {root, "new"}, Replace::no);
    EXPECT_EQ(number_of(failed), EIO);
    EXPECT_THAT(describe(failed.error()), HasSubstr("renameat2 /one"));
    EXPECT_TRUE(fake.writer().rename({root, "two"}, {root, "new"}, Replace::no));
}

TEST(FakeFilesystem, LeavesNothingOfACopyThatFails)
{
    FakeFilesystem fake;
    const auto root = root_of(fake);
    ASSERT_TRUE(fake.writer().append_line({root, "file"}, "line"));
    const auto seen = fake.reader().attributes({root, "file"});
    for (const std::string_view failing : {"read", "fsync"}) {
        fake.set_hook([&](std::string_view call, std::string_view) { return call == failing ? EIO : 0; });
        EXPECT_EQ(number_of(fake.writer().copy_file({root, "file"}, *seen, {root, "copy"}, Durable::yes, {})), EIO);
        fake.set_hook({});
        EXPECT_EQ(number_of(fake.reader().attributes({root, "copy"})), ENOENT);
    }
}

TEST(FakeFilesystem, ShowsWhatIsMountedAndHidesWhatIsBelow)
{
    FakeFilesystem fake;
    const auto root = root_of(fake);
    const auto below = fake.writer().make_directory({root, "state"}, Mode{0755});
    ASSERT_TRUE(fake.writer().append_line({*below, "hidden"}, "line"));
    Mount line;
    line.fs_type = "nfs4";
    line.source = "server:/export";
    line.read_only = true;
    ASSERT_TRUE(fake.mount("/state", line));
    const auto mounted = fake.reader().open("/state");
    ASSERT_TRUE(mounted);
    EXPECT_EQ(number_of(fake.reader().attributes({*mounted, "hidden"})), ENOENT);
    EXPECT_NE(fake.reader().attributes(root)->device, fake.reader().attributes(*mounted)->device);
    EXPECT_EQ(number_of(fake.writer().make_link({*mounted, "link"}, "text")), EROFS);
    EXPECT_EQ(fake.reader().filesystem(*mounted)->source, "server:/export");
    EXPECT_EQ(fake.reader().mounts()->at("/state")->fs_type, "nfs4");
    ASSERT_TRUE(fake.unmount("/state"));
    EXPECT_TRUE(fake.reader().attributes({*below, "hidden"}));
    EXPECT_EQ(fake.reader().mounts()->at("/state"), nullptr);
}

TEST(FakeFilesystem, FollowsLinksOnTheWayOfAnAbsolutePath)
{
    FakeFilesystem fake;
    const auto root = root_of(fake);
    ASSERT_TRUE(fake.writer().make_directory({root, "real"}, Mode{0755}));
    ASSERT_TRUE(fake.writer().make_link({root, "link"}, "/real"));
    ASSERT_TRUE(fake.writer().make_link({root, "loop"}, "loop"));
    const auto opened = fake.reader().open("/link/../link");
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_EQ(fake.reader().location(*opened).value_or({}), Path("/real"));
    EXPECT_EQ(number_of(fake.reader().open("/loop")), ELOOP);
    EXPECT_EQ(number_of(fake.reader().open("/absent")), ENOENT);
}

TEST(FakeFilesystem, LiesAsSomeFilesystemsDo)
{
    FakeFilesystem fake;
    const auto root = root_of(fake);
    ASSERT_TRUE(fake.writer().make_directory({root, "public"}, Mode{0755}));
    const auto change = [&](Owner owner, Mode mode) {
        return fake.writer().change_ownership({root, "public"}, *fake.reader().attributes({root, "public"}), owner,
                                              mode);
    };
    fake.set_quirks({.ignore_chown = true, .drop_sgid = false});
    EXPECT_EQ(number_of(change({Uid{1}, Gid{2}}, Mode{0755})), EPERM);
    fake.set_quirks({.ignore_chown = false, .drop_sgid = true});
    const auto dropped = change({Uid{1}, Gid{2}}, Mode{02710});
    ASSERT_EQ(number_of(dropped), EPERM);
    EXPECT_THAT(describe(dropped.error()),
                HasSubstr("chmod 2710 succeeded but the mode is 0710: SGID was silently dropped"));
}

}  // namespace mailstate

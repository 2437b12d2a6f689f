// SPDX-License-Identifier: MIT
// Owners and modes changed in place.
#include "unit/fs/conformance/acl.hpp"
#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

namespace {

constexpr Owner service{Uid{101}, Gid{104}};

}  // namespace

TEST_P(Filesystem, ChangesOwnerAndMode)
{
    make_file("file", "content", Mode{0666});
    const auto changed = writer().change_ownership({top(), "file"}, attributes_of("file"), service, Mode{0640});
    ASSERT_TRUE(changed) << words_of(changed);
    EXPECT_EQ(changed->owner, service);
    EXPECT_EQ(changed->mode, Mode{0640});
    EXPECT_EQ(attributes_of("file").owner, service);
    EXPECT_EQ(attributes_of("file").mode, Mode{0640});
    EXPECT_EQ(attributes_of("file").ctime, changed->ctime);
    EXPECT_EQ(content_of("file"), "content");
}

TEST_P(Filesystem, LetsRootChangeAnyDirectory)
{
    for (const std::uint32_t bits : {0755U, 0700U, 0500U, 0U}) {
        const std::string name = "directory" + std::to_string(bits);
        const DirectoryRef directory = make_directory(name, Mode{bits});
        const auto given = writer().change_ownership({top(), name}, attributes_of(name), service, Mode{bits});
        ASSERT_TRUE(given) << words_of(given);
        EXPECT_TRUE(reader().check_changeable(directory)) << name;
    }
}

TEST_P(Filesystem, LeavesWhatIsRightUntouched)
{
    make_owned("file", service, Mode{02755});
    const Attributes before = attributes_of("file");
    const auto changed = writer().change_ownership({top(), "file"}, before, service, Mode{02755});
    ASSERT_TRUE(changed) << words_of(changed);
    EXPECT_EQ(attributes_of("file").ctime, before.ctime);
    EXPECT_EQ(attributes_of("file").mode, Mode{02755});
}

TEST_P(Filesystem, KeepsSpecialBitsThroughAChangeOfOwner)
{
    for (const std::uint32_t bits : {02755U, 04755U, 06711U, 02710U}) {
        make_file("file", "content", Mode{bits});
        const auto changed = writer().change_ownership({top(), "file"}, attributes_of("file"), service, Mode{bits});
        ASSERT_TRUE(changed) << words_of(changed);
        EXPECT_EQ(attributes_of("file").mode, Mode{bits});
        EXPECT_EQ(attributes_of("file").owner, service);
    }
}

TEST_P(Filesystem, TakesCapabilitiesFromAFileThatChangesHands)
{
    for (const char* name : {"file", "settled"}) {
        make_file(name, "content", Mode{0755});
        ground().set_attribute(path(name), "security.capability", net_bind_capability());
        ASSERT_EQ(extended_of(name).size(), 1U);
    }
    ASSERT_TRUE(writer().change_ownership({top(), "file"}, attributes_of("file"), service, Mode{0755}));
    ASSERT_TRUE(writer().change_settled_owner({top(), "settled"}, attributes_of("settled"), service));
    for (const char* name : {"file", "settled"}) EXPECT_TRUE(extended_of(name).empty()) << name;
}

TEST_P(Filesystem, ChangesADirectoryThatIsOpen)
{
    const auto directory = make_directory("public", Mode{0755});
    const auto by_ref = writer().change_ownership(directory, attributes_of("public"), service, Mode{02710});
    ASSERT_TRUE(by_ref) << words_of(by_ref);
    EXPECT_EQ(attributes_of("public").mode, Mode{02710});
    EXPECT_EQ(attributes_of("public").owner, service);
    ASSERT_TRUE(writer().make_directory({directory, "new"}, Mode{0700}));  // another link count
    const auto by_name = writer().change_ownership({top(), "public"}, *by_ref, {Uid{5}, Gid{6}}, Mode{01730});
    ASSERT_TRUE(by_name) << words_of(by_name);
    EXPECT_EQ(attributes_of("public").mode, Mode{01730});
}

TEST_P(Filesystem, ChangesALinkAndNotWhatItPointsTo)
{
    make_file("file", "content", Mode{0644});
    ASSERT_TRUE(writer().make_link({top(), "link"}, "file"));
    const Attributes before = attributes_of("file");
    const auto changed = writer().change_ownership({top(), "link"}, attributes_of("link"), service, Mode{0600});
    ASSERT_TRUE(changed) << words_of(changed);
    EXPECT_EQ(attributes_of("link").owner, service);
    EXPECT_EQ(attributes_of("link").mode, Mode{0777});
    EXPECT_EQ(attributes_of("file").ctime, before.ctime);
}

TEST_P(Filesystem, ChangesTheOwnerOfASettledNameAlone)
{
    make_file("file", "content", Mode{0640});
    ASSERT_TRUE(writer().make_link({top(), "link"}, "file"));
    for (const std::string name : {"link", "file"}) {
        const Attributes before = attributes_of(name);
        const auto changed = writer().change_settled_owner({top(), name}, before, service);
        ASSERT_TRUE(changed) << words_of(changed);
        EXPECT_EQ(attributes_of(name).owner, service);
        EXPECT_EQ(attributes_of(name).mode, before.mode);
        if (name == "link") {
            EXPECT_EQ(attributes_of("file").owner, Owner{});
        }
    }
    const Attributes seen = attributes_of("file");
    EXPECT_EQ(number_of(writer().change_settled_owner({top(), "absent"}, seen, Owner{})), ENOENT);
}

TEST_P(Filesystem, ChangesFifosAndSockets)
{
    ASSERT_TRUE(writer().make_node({top(), "fifo"}, Kind::fifo, 0));
    ground().make_socket(path("socket"));
    for (const std::string name : {"fifo", "socket"}) {
        const auto changed = writer().change_ownership({top(), name}, attributes_of(name), service, Mode{0622});
        ASSERT_TRUE(changed) << words_of(changed);
        EXPECT_EQ(attributes_of(name).owner, service);
        EXPECT_EQ(attributes_of(name).mode, Mode{0622});
    }
}

TEST_P(Filesystem, ChangesNothingThatWasPutInPlaceOfWhatWasSeen)
{
    make_file("file", "content");
    make_file("passwd", "secret");
    const Attributes seen = attributes_of("file");
    const auto change = [&] {
        return number_of(writer().change_ownership({top(), "file"}, seen, service, Mode{0777}));
    };
    ASSERT_TRUE(writer().rename({top(), "file"}, {top(), "aside"}, Replace::no));
    ASSERT_TRUE(writer().make_link({top(), "file"}, "passwd"));
    EXPECT_EQ(change(), ESTALE);
    ASSERT_TRUE(writer().remove_file({top(), "file"}, any_proof()));
    ASSERT_TRUE(writer().make_hard_link({top(), "passwd"}, {top(), "file"}));
    EXPECT_EQ(change(), ESTALE);
    EXPECT_EQ(attributes_of("passwd").owner, Owner{});
    EXPECT_EQ(attributes_of("passwd").mode, Mode{0644});
    EXPECT_EQ(attributes_of("aside").owner, Owner{});
}

TEST_P(Filesystem, ChangesNothingThatGotANameSinceItWasSeen)
{
    make_file("file", "content");
    const Attributes seen = attributes_of("file");
    ASSERT_TRUE(writer().make_hard_link({top(), "file"}, {top(), "planted"}));
    EXPECT_EQ(number_of(writer().change_ownership({top(), "file"}, seen, service, Mode{0600})), ESTALE);
    EXPECT_EQ(attributes_of("file").owner, Owner{});
    const auto again = writer().change_ownership({top(), "file"}, attributes_of("file"), service, Mode{0600});
    EXPECT_TRUE(again) << words_of(again);
}

TEST_P(Filesystem, MakesWhatBelongsToTheUserThatItActsAs)
{
    const auto made_directory = make_directory("of-service", Mode{0755});
    ASSERT_TRUE(writer().change_ownership(made_directory, attributes_of("of-service"), service, Mode{0700}));
    make_file("source", "content", Mode{0644});
    const auto at = reader().open_directory_as({top(), "of-service"}, Cross::no, service);
    ASSERT_TRUE(at) << words_of(at);
    EXPECT_EQ((*at)->acting_as(), service);
    const auto below = writer().make_directory({*at, "below"}, Mode{0750});
    ASSERT_TRUE(below) << words_of(below);
    const auto copied =
        writer().copy_file({top(), "source"}, attributes_of("source"), {*below, "copy"}, Durable::yes, {});
    ASSERT_TRUE(copied) << words_of(copied);
    ASSERT_TRUE(writer().replace_file({*below, "small"}, "text", Mode{0600}, any_proof()));
    ASSERT_TRUE(writer().make_node({*below, "fifo"}, Kind::fifo, 0));
    for (const char* name : {"copy", "small", "fifo"}) {
        const auto made = reader().attributes({*below, name});
        ASSERT_TRUE(made) << words_of(made);
        EXPECT_EQ(made->owner, service) << name;
    }
    const auto copy = reader().attributes({*below, "copy"});
    EXPECT_EQ(copy->mtime, attributes_of("source").mtime);
    EXPECT_EQ(copy->mode, Mode{0644});
    EXPECT_EQ(attributes_of("of-service").owner, service);
    // And everywhere else as who we are.
    make_file("after", "content");
    EXPECT_EQ(attributes_of("after").owner, Owner{});
}

TEST_P(Filesystem, CopiesAttributesToWhatTheUserThatItActsAsMayNotWrite)
{
    const auto made_directory = make_directory("of-service", Mode{0755});
    ASSERT_TRUE(writer().change_ownership(made_directory, attributes_of("of-service"), service, Mode{0700}));
    const auto at = reader().open_directory_as({top(), "of-service"}, Cross::no, service);
    ASSERT_TRUE(at) << words_of(at);
    make_owned("guarded", service, Mode{0400});
    ground().set_attribute(path("guarded"), "user.note", "kept");
    const auto copied =
        writer().copy_file({top(), "guarded"}, attributes_of("guarded"), {*at, "copy"}, Durable::no, {});
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(reader().attributes({*at, "copy"})->mode, Mode{0400});
    EXPECT_EQ(reader().extended_attributes({*at, "copy"}).value_or({{}}), extended_of("guarded"));
}

TEST_P(Filesystem, GivesAFileAnExtendedAttribute)
{
    make_file("file", "content");
    const auto set = writer().set_extended_attribute({top(), "file"}, {"trusted.note", std::string("\0any", 4)});
    ASSERT_TRUE(set) << words_of(set);
    ASSERT_EQ(extended_of("file").size(), 1U);
    EXPECT_EQ(extended_of("file")[0].value, std::string("\0any", 4));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Files copied whole.
#include "unit/fs/conformance/acl.hpp"
#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

}  // namespace

TEST_P(Filesystem, CopiesContentOfEverySize)
{
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4095}, std::size_t{65535},
                                   std::size_t{65536}, std::size_t{65537}, std::size_t{131072}, 5 * mebibyte + 3}) {
        SCOPED_TRACE(size);
        const std::string content = noise(size);
        make_file("file", content);
        const auto copied = copy("file", attributes_of("file"), "copy");
        ASSERT_TRUE(copied) << words_of(copied);
        EXPECT_EQ(copied->source.size, size);
        EXPECT_EQ(copied->data, size);
        EXPECT_TRUE(content_of("copy") == content);
        EXPECT_FALSE(same_inode(attributes_of("file"), attributes_of("copy")));
        EXPECT_TRUE(writer().remove_file({top(), "copy"}, any_proof()));
    }
}

TEST_P(Filesystem, CopiesOwnerModeAndTimesToTheNanosecond)
{
    const Timestamp atime{1'500'000'000, 1}, mtime{1'400'000'000, 987'654'321};
    for (const std::uint32_t bits : {0640U, 06755U, 02710U, 01666U, 0U}) {
        const Owner owner{Uid{1234}, Gid{4321}};
        make_owned("file", owner, Mode{bits});
        ground().set_times(path("file"), atime, mtime);
        const auto copied = copy("file", attributes_of("file"), "copy");
        ASSERT_TRUE(copied) << words_of(copied);
        const Attributes made = attributes_of("copy");
        EXPECT_EQ(made.owner, owner);
        EXPECT_EQ(made.mode, Mode{bits});
        EXPECT_EQ(made.atime, atime);
        EXPECT_EQ(made.mtime, mtime);
        EXPECT_EQ(attributes_of("file").atime, atime);  // reading leaves no trace
        EXPECT_TRUE(writer().remove_file({top(), "copy"}, any_proof()));
    }
}

TEST_P(Filesystem, KeepsHolesInTheMiddleAndAtTheEnd)
{
    make_file("file", "");
    ground().set_size(path("file"), 16 * mebibyte);
    ground().write_at(path("file"), 4 * mebibyte, noise(70'000));
    ground().write_at(path("file"), 9 * mebibyte + 5, "island");
    const auto copied = copy("file", attributes_of("file"), "copy");
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_LT(copied->data, mebibyte);
    const Attributes made = attributes_of("copy");
    EXPECT_EQ(made.size, 16 * mebibyte);
    EXPECT_LT(made.blocks * 512, mebibyte);
    EXPECT_TRUE(content_of("copy") == content_of("file"));
}

TEST_P(Filesystem, CopiesDataAroundHolesThatBeginAndEndAnywhere)
{
    for (const auto& [size, at] : std::vector<std::pair<std::size_t, std::size_t>>{
             {mebibyte, 0}, {mebibyte, 1}, {mebibyte + 1, 65535}, {mebibyte - 1, 65536}, {mebibyte, mebibyte - 3}}) {
        SCOPED_TRACE(std::to_string(size) + " with a hole around " + std::to_string(at));
        make_file("file", "");
        ground().set_size(path("file"), size);
        ground().write_at(path("file"), at, std::string("a\0z", 3));
        const auto copied = copy("file", attributes_of("file"), "copy");
        ASSERT_TRUE(copied) << words_of(copied);
        EXPECT_EQ(attributes_of("copy").size, size);
        EXPECT_LE(attributes_of("copy").blocks * 512, 131072U);
        EXPECT_TRUE(content_of("copy") == content_of("file"));
        for (const char* name : {"file", "copy"}) EXPECT_TRUE(writer().remove_file({top(), name}, any_proof()));
    }
}

TEST_P(Filesystem, CopiesAFileThatIsNothingButAHole)
{
    make_file("file", "");
    ground().set_size(path("file"), 3 * mebibyte + 1);
    const auto copied = copy("file", attributes_of("file"), "copy");
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(copied->data, 0U);
    EXPECT_EQ(attributes_of("copy").size, 3 * mebibyte + 1);
    EXPECT_EQ(attributes_of("copy").blocks, 0U);
}

TEST_P(Filesystem, KeepsExtendedAttributes)
{
    make_owned("file", {Uid{55}, Gid{66}}, Mode{0640});
    ground().set_attribute(path("file"), "user.comment", std::string("any\0bytes\xff", 11));
    ground().set_attribute(path("file"), "user.empty", "");
    ground().set_attribute(path("file"), "user.large", noise(300));
    ground().set_attribute(path("file"), "trusted.note", "for root");
    ground().set_attribute(path("file"), "security.capability", net_bind_capability());
    ground().set_attribute(path("file"), "system.posix_acl_access", acl_with_user(1000, 6));
    const auto copied = copy("file", attributes_of("file"), "copy");
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(extended_of("copy").size(), 6U);
    EXPECT_EQ(extended_of("copy"), extended_of("file"));
    EXPECT_EQ(attributes_of("copy").mode, attributes_of("file").mode);
    EXPECT_EQ(attributes_of("copy").owner, attributes_of("file").owner);
}

TEST_P(Filesystem, HandsNoAclOfTheDirectoryToWhatItMakes)
{
    make_file("file", "content", Mode{0640});
    make_directory("to");
    ground().set_attribute(path("to"), "system.posix_acl_default", acl_with_user(1000, 7));
    const auto to = reader().open_directory({top(), "to"}, Cross::no);
    ASSERT_TRUE(to);
    const auto copied = writer().copy_file({top(), "file"}, attributes_of("file"), {*to, "copy"}, Durable::no, {});
    ASSERT_TRUE(copied) << words_of(copied);
    ASSERT_TRUE(writer().make_directory({*to, "below"}, Mode{0750}));
    ASSERT_TRUE(writer().replace_file({*to, "small"}, "text", Mode{0640}, any_proof()));
    for (const auto& [name, bits] : {std::pair{"copy", 0640U}, {"below", 0750U}, {"small", 0640U}}) {
        EXPECT_TRUE(reader().extended_attributes({*to, name}).value_or({{}}).empty()) << name;
        EXPECT_EQ(reader().attributes({*to, name})->mode, Mode{bits}) << name;
    }
}

TEST_P(Filesystem, CopiesEachModeWhateverADirectoryHandsDown)
{
    make_directory("plain");
    make_directory("handing");  // its files' owner may not execute
    ground().set_attribute(path("handing"), "system.posix_acl_default", acl_with_user(1000, 7));
    for (const std::uint32_t bits : {0U, 0400U, 0600U, 0700U, 0640U, 0755U, 01600U, 02700U, 04700U}) {
        const std::string name = std::to_string(bits);
        make_owned(name, {Uid{55}, Gid{66}}, Mode{bits});
        for (const char* to : {"plain", "handing"}) {
            const auto directory = reader().open_directory({top(), to}, Cross::no);
            ASSERT_TRUE(directory);
            const auto copied =
                writer().copy_file({top(), name}, attributes_of(name), {*directory, name}, Durable::no, {});
            ASSERT_TRUE(copied) << words_of(copied);
            EXPECT_EQ(reader().attributes({*directory, name})->mode, Mode{bits}) << to << ' ' << std::oct << bits;
        }
    }
}

TEST_P(Filesystem, CopiesOverNothingThatIsThere)
{
    make_file("file", "new");
    make_file("taken", "old");
    ASSERT_TRUE(writer().make_link({top(), "link"}, "absent"));
    EXPECT_EQ(number_of(copy("file", attributes_of("file"), "taken")), EEXIST);
    EXPECT_EQ(number_of(copy("file", attributes_of("file"), "link")), EEXIST);
    EXPECT_EQ(content_of("taken"), "old");
    EXPECT_EQ(names(), (std::vector<std::string>{"file", "link", "taken"}));
}

TEST_P(Filesystem, CopiesNothingThatWasPutInPlaceOfTheFile)
{
    make_file("file", "content");
    make_file("secret", "secret");
    const Attributes seen = attributes_of("file");
    const auto plant = [&](int which) {
        ASSERT_TRUE(writer().replace({top(), "file"}, {top(), "aside"}, any_proof()));
        int number = 0;
        if (which == 0) number = number_of(writer().make_link({top(), "file"}, "secret"));
        if (which == 1) number = number_of(writer().make_node({top(), "file"}, Kind::fifo, 0));
        ASSERT_EQ(number, 0);
        if (which == 2) make_directory("file");
        if (which == 3) make_file("file", "content");
        if (which == 4) ground().make_socket(path("file"));
    };
    for (int which = 0; which < 5; ++which) {
        SCOPED_TRACE(which);
        plant(which);
        const int number = number_of(copy("file", seen, "copy"));
        EXPECT_TRUE(number == ESTALE || (which == 0 && number == ELOOP)) << number;
        EXPECT_EQ(number_of(reader().attributes({top(), "copy"})), ENOENT);
        EXPECT_TRUE(which == 2 ? writer().remove_directory({top(), "file"}, any_proof())
                               : writer().remove_file({top(), "file"}, any_proof()));
        ASSERT_TRUE(writer().replace({top(), "aside"}, {top(), "file"}, any_proof()));
    }
    EXPECT_EQ(number_of(copy("absent", seen, "copy")), ENOENT);
}

TEST_P(Filesystem, CopiesWhatGrewSinceItWasSeen)
{
    make_file("file", "seen");
    const Attributes seen = attributes_of("file");
    ground().write_at(path("file"), 4, noise(200'000));
    const auto copied = copy("file", seen, "copy");
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(copied->source.size, 200'004U);
    EXPECT_TRUE(content_of("copy") == content_of("file"));
    EXPECT_EQ(attributes_of("copy").mtime, attributes_of("file").mtime);
}

TEST_P(Filesystem, CopiesAgainWhatChangedMeanwhile)
{
    make_file("file", noise(3 * mebibyte));
    int asked = 0;
    const auto change_once = [&](std::uint64_t) {
        if (++asked == 1) {
            ground().set_size(path("file"), mebibyte);
            ground().write_at(path("file"), 0, "changed");
            ground().set_attribute(path("file"), "user.late", "yes");
        }
        return true;
    };
    const auto copied =
        writer().copy_file({top(), "file"}, attributes_of("file"), {top(), "copy"}, Durable::yes, change_once);
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(copied->source.size, mebibyte);
    EXPECT_TRUE(content_of("copy") == content_of("file"));
    EXPECT_EQ(content_of("copy").substr(0, 7), "changed");
    EXPECT_EQ(extended_of("copy"), extended_of("file"));
    EXPECT_EQ(attributes_of("copy").mtime, attributes_of("file").mtime);
}

TEST_P(Filesystem, GivesUpOnAFileThatKeepsChanging)
{
    make_file("file", noise(200'000));
    int changes = 0;
    const auto change = [&](std::uint64_t) {
        ground().write_at(path("file"), 0, noise(10, static_cast<std::uint32_t>(++changes)));
        return true;
    };
    const auto copied =
        writer().copy_file({top(), "file"}, attributes_of("file"), {top(), "copy"}, Durable::no, change);
    EXPECT_EQ(number_of(copied), EBUSY) << words_of(copied);
    EXPECT_GE(changes, 4);
    EXPECT_EQ(names(), std::vector<std::string>{"file"});
}

TEST_P(Filesystem, StopsACopyBetweenChunks)
{
    make_file("file", noise(2 * mebibyte));
    int asked = 0;
    const auto stop = [&](std::uint64_t) { return ++asked < 1; };
    const auto copied = writer().copy_file({top(), "file"}, attributes_of("file"), {top(), "copy"}, Durable::no, stop);
    EXPECT_EQ(number_of(copied), ECANCELED);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(names(), std::vector<std::string>{"file"});
}

TEST_P(Filesystem, TellsHowManyBytesWereCopied)
{
    make_file("file", noise(9 * mebibyte));
    std::uint64_t told = 0;
    const auto count = [&](std::uint64_t bytes) {
        told += bytes;
        return true;
    };
    const auto copied = writer().copy_file({top(), "file"}, attributes_of("file"), {top(), "copy"}, Durable::no, count);
    ASSERT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(told, 9 * mebibyte);
}

TEST_P(Filesystem, CopiesTheAttributesOfADirectory)
{
    const auto from = make_directory("from", Mode{02750});
    const auto to = make_directory("to", Mode{0700});
    const Owner owner{Uid{11}, Gid{22}};
    ASSERT_TRUE(writer().change_ownership(from, attributes_of("from"), owner, Mode{02750}));
    ground().set_attribute(path("from"), "user.note", "kept");
    ground().set_attribute(path("from"), "system.posix_acl_default", acl_with_user(1000, 5));
    ground().set_times(path("from"), {1'300'000'000, 5}, {1'200'000'000, 7});
    const auto copied = writer().copy_attributes(from, attributes_of("from"), to);
    ASSERT_TRUE(copied) << words_of(copied);
    const Attributes made = attributes_of("to");
    EXPECT_EQ(made.owner, owner);
    EXPECT_EQ(made.mode, Mode{02750});
    EXPECT_EQ(made.atime, (Timestamp{1'300'000'000, 5}));
    EXPECT_EQ(made.mtime, (Timestamp{1'200'000'000, 7}));
    EXPECT_EQ(extended_of("to"), extended_of("from"));
    EXPECT_EQ(extended_of("to").size(), 2U);
}

TEST_P(Filesystem, CopiesTheAttributesOfLinksAndFifos)
{
    make_file("untouched", "content");
    ASSERT_TRUE(writer().make_link({top(), "link"}, "untouched"));
    ASSERT_TRUE(writer().make_link({top(), "made link"}, "untouched"));
    ASSERT_TRUE(writer().make_node({top(), "fifo"}, Kind::fifo, 0));
    ASSERT_TRUE(writer().make_node({top(), "made fifo"}, Kind::fifo, 0));
    const Owner owner{Uid{11}, Gid{22}};
    for (const std::string name : {"link", "fifo"}) {
        ASSERT_TRUE(writer().change_ownership({top(), name}, attributes_of(name), owner, Mode{02622}));
    }
    ground().set_attribute(path("link"), "trusted.note", "of the link");
    const Attributes before = attributes_of("untouched");
    for (const std::string name : {"link", "fifo"}) {
        const auto copied = writer().copy_attributes({top(), name}, attributes_of(name), {top(), "made " + name});
        ASSERT_TRUE(copied) << words_of(copied);
        const Attributes made = attributes_of("made " + name);
        EXPECT_EQ(made.owner, owner);
        EXPECT_EQ(made.mode, attributes_of(name).mode);
        EXPECT_EQ(made.mtime, attributes_of(name).mtime);
        EXPECT_EQ(extended_of("made " + name), extended_of(name));
    }
    EXPECT_EQ(attributes_of("made fifo").mode, Mode{02622});
    EXPECT_EQ(extended_of("made link").size(), 1U);
    EXPECT_EQ(attributes_of("untouched").ctime, before.ctime);
    EXPECT_EQ(number_of(writer().copy_attributes({top(), "fifo"}, attributes_of("link"), {top(), "made fifo"})),
              ESTALE);
}

}  // namespace mailstate

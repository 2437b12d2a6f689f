// SPDX-License-Identifier: MIT
// Names made, renamed and removed.
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

namespace {

using Names = std::vector<std::string>;

// Everything that a name may hold: all bytes but the slash and NUL.
Names odd_names()
{
    Names odd{"-rf", " ", "a b", "new\nline", "\xff\xfe", "quote'\"$(x)", "back\\slash", "..."};
    odd.push_back(std::string(255, 'n'));
    std::string all;
    for (int byte = 1; byte < 256; ++byte) {
        if (byte != '/') all += static_cast<char>(byte);
    }
    odd.push_back(all);
    std::ranges::sort(odd);
    return odd;
}

Names no_names()
{
    return {"", ".", "..", "a/b", "/", "/a", "a/", std::string("a\0b", 3)};
}

}  // namespace

TEST_P(Filesystem, TakesNamesOfAnyBytes)
{
    for (const auto& name : odd_names()) {
        const auto inside = make_directory(name);
        ASSERT_TRUE(writer().make_link({inside, name}, name));
        EXPECT_EQ(reader().read_link({inside, name}).value_or(""), name);
        ASSERT_TRUE(writer().rename({inside, name}, {inside, "plain"}, Replace::no));
        EXPECT_TRUE(writer().remove_file({inside, "plain"}, any_proof()));
        const auto source = writer().append_line({inside, name}, "a line");
        EXPECT_TRUE(source) << words_of(source);
        const auto seen = reader().attributes({inside, name});
        ASSERT_TRUE(seen) << words_of(seen);
        const auto copied = writer().copy_file({inside, name}, *seen, {top(), "copy"}, Durable::no, {});
        EXPECT_TRUE(copied) << words_of(copied);
        EXPECT_EQ(content_of("copy"), "a line\n");
        EXPECT_TRUE(writer().remove_file({top(), "copy"}, any_proof()));
    }
    EXPECT_EQ(names(), odd_names());
}

TEST_P(Filesystem, RefusesWhatIsNoSingleName)
{
    make_file("file", "content");
    const Attributes seen = attributes_of("file");
    const auto is_refusal = [](int number) { return number == EINVAL || number == ENOENT; };
    for (const auto& name : no_names()) {
        SCOPED_TRACE(testing::PrintToString(name));
        EXPECT_TRUE(is_refusal(number_of(writer().make_directory({top(), name}, Mode{0755}))));
        EXPECT_TRUE(is_refusal(number_of(writer().make_link({top(), name}, "text"))));
        EXPECT_TRUE(is_refusal(number_of(writer().make_hard_link({top(), "file"}, {top(), name}))));
        EXPECT_TRUE(is_refusal(number_of(writer().make_node({top(), name}, Kind::fifo, 0))));
        EXPECT_TRUE(is_refusal(number_of(copy("file", seen, name))));
        EXPECT_TRUE(is_refusal(number_of(copy(name, seen, "copy"))));
        EXPECT_TRUE(is_refusal(number_of(writer().replace({top(), "file"}, {top(), name}, any_proof()))));
        EXPECT_TRUE(is_refusal(number_of(writer().replace({top(), name}, {top(), "other"}, any_proof()))));
        EXPECT_TRUE(is_refusal(number_of(writer().remove_file({top(), name}, any_proof()))));
        EXPECT_TRUE(is_refusal(number_of(writer().remove_directory({top(), name}, any_proof()))));
        EXPECT_TRUE(is_refusal(number_of(writer().replace_file({top(), name}, "text", Mode{0600}, any_proof()))));
        EXPECT_TRUE(is_refusal(number_of(writer().append_line({top(), name}, "text"))));
        EXPECT_TRUE(is_refusal(number_of(writer().change_ownership({top(), name}, seen, Owner{}, Mode{0600}))));
        EXPECT_TRUE(is_refusal(number_of(writer().change_settled_owner({top(), name}, seen, Owner{}))));
        EXPECT_TRUE(is_refusal(number_of(reader().attributes({top(), name}))));
        EXPECT_TRUE(is_refusal(number_of(reader().open_directory({top(), name}, Cross::no))));
    }
    EXPECT_EQ(names(), Names{"file"});
}

TEST_P(Filesystem, MakesADirectoryOfExactlyThatMode)
{
    const mode_t before = ::umask(0077);
    const auto parent = make_directory("parent", Mode{02777});
    for (const std::uint32_t bits : {0755U, 0700U, 02750U, 01777U, 0U, 0730U}) {
        const auto made = writer().make_directory({parent, std::to_string(bits)}, Mode{bits});
        ASSERT_TRUE(made) << words_of(made);
        EXPECT_EQ(reader().attributes(*made)->mode, Mode{bits});
    }
    ::umask(before);
    EXPECT_EQ(attributes_of("parent").mode, Mode{02777});
    EXPECT_EQ(number_of(writer().make_directory({top(), "parent"}, Mode{0700})), EEXIST);
}

TEST_P(Filesystem, KeepsTheTextOfALink)
{
    for (const std::string text : {"/nowhere", "../..", "\xff\n", "a//b/"}) {
        ASSERT_TRUE(writer().make_link({top(), "link"}, text));
        EXPECT_EQ(reader().read_link({top(), "link"}).value_or(""), text);
        EXPECT_EQ(attributes_of("link").kind, Kind::symlink);
        EXPECT_EQ(number_of(writer().make_link({top(), "link"}, "other")), EEXIST);
        ASSERT_TRUE(writer().remove_file({top(), "link"}, any_proof()));
    }
}

TEST_P(Filesystem, GivesAnInodeASecondName)
{
    make_file("one", "content");
    const auto below = make_directory("below");
    ASSERT_TRUE(writer().make_hard_link({top(), "one"}, {below, "two"}));
    const auto two = reader().attributes({below, "two"});
    ASSERT_TRUE(two);
    EXPECT_TRUE(same_inode(attributes_of("one"), *two));
    EXPECT_EQ(two->links, 2U);
    EXPECT_EQ(number_of(writer().make_hard_link({top(), "one"}, {below, "two"})), EEXIST);
    ASSERT_TRUE(writer().remove_file({top(), "one"}, any_proof()));
    EXPECT_EQ(reader().attributes({below, "two"})->links, 1U);
}

TEST_P(Filesystem, GivesALinkASecondNameAndNotWhatItPointsTo)
{
    make_file("file", "content");
    ASSERT_TRUE(writer().make_link({top(), "link"}, "file"));
    ASSERT_TRUE(writer().make_hard_link({top(), "link"}, {top(), "again"}));
    EXPECT_EQ(attributes_of("again").kind, Kind::symlink);
    EXPECT_EQ(attributes_of("file").links, 1U);
}

TEST_P(Filesystem, MakesFifosAndDevices)
{
    ASSERT_TRUE(writer().make_node({top(), "fifo"}, Kind::fifo, 0));
    const Attributes fifo = attributes_of("fifo");
    EXPECT_EQ(fifo.kind, Kind::fifo);
    EXPECT_EQ(fifo.mode, Mode{0600});
    const auto made = writer().make_node({top(), "null"}, Kind::char_device, makedev(1, 3));
    ASSERT_TRUE(made) << words_of(made);
    EXPECT_EQ(attributes_of("null").kind, Kind::char_device);
    EXPECT_EQ(attributes_of("null").rdev, makedev(1, 3));
    EXPECT_EQ(number_of(writer().make_node({top(), "fifo"}, Kind::fifo, 0)), EEXIST);
    for (const Kind kind : {Kind::directory, Kind::symlink}) {
        EXPECT_EQ(number_of(writer().make_node({top(), "other"}, kind, 0)), EINVAL);
    }
}

TEST_P(Filesystem, MakesEmptyFilesAndSocketsThatNobodyListensOn)
{
    ASSERT_TRUE(writer().make_node({top(), "file"}, Kind::regular, 0));
    EXPECT_EQ(attributes_of("file").kind, Kind::regular);
    EXPECT_EQ(attributes_of("file").mode, Mode{0600});
    EXPECT_EQ(content_of("file"), "");
    ASSERT_TRUE(writer().make_node({top(), "socket"}, Kind::socket, 0));
    EXPECT_EQ(attributes_of("socket").kind, Kind::socket);
    EXPECT_EQ(number_of(writer().make_node({top(), "file"}, Kind::regular, 0)), EEXIST);
}

TEST_P(Filesystem, RenamesToAFreeNameByTheKernelsOwnWord)
{
    make_file("one", "1");
    make_file("two", "2");
    EXPECT_EQ(number_of(writer().rename({top(), "one"}, {top(), "two"}, Replace::never)), EEXIST);
    EXPECT_TRUE(writer().rename({top(), "one"}, {top(), "three"}, Replace::never));
    EXPECT_EQ(content_of("three"), "1");
}

TEST_P(Filesystem, RenamesOnlyToAFreeNameWhenAsked)
{
    make_file("one", "1");
    make_file("two", "2");
    EXPECT_EQ(number_of(writer().rename({top(), "one"}, {top(), "two"}, Replace::no)), EEXIST);
    EXPECT_EQ(content_of("two"), "2");
    EXPECT_TRUE(writer().rename({top(), "one"}, {top(), "three"}, Replace::no));
    EXPECT_EQ(names(), (Names{"three", "two"}));
    EXPECT_EQ(number_of(writer().rename({top(), "one"}, {top(), "four"}, Replace::no)), ENOENT);
}

TEST_P(Filesystem, RenamesOverAFileOrAnEmptyDirectory)
{
    make_file("one", "1");
    make_file("two", "2");
    const auto full = make_directory("full");
    ASSERT_TRUE(writer().append_line({full, "file"}, "kept"));
    make_directory("empty");
    EXPECT_TRUE(writer().replace({top(), "one"}, {top(), "two"}, any_proof()));
    EXPECT_EQ(content_of("two"), "1");
    EXPECT_EQ(number_of(writer().replace({top(), "two"}, {top(), "empty"}, any_proof())), EISDIR);
    EXPECT_EQ(number_of(writer().replace({top(), "empty"}, {top(), "two"}, any_proof())), ENOTDIR);
    const int populated = number_of(writer().replace({top(), "empty"}, {top(), "full"}, any_proof()));
    EXPECT_TRUE(populated == ENOTEMPTY || populated == EEXIST);
    EXPECT_TRUE(writer().replace({top(), "full"}, {top(), "empty"}, any_proof()));
    EXPECT_EQ(names(), (Names{"empty", "two"}));
    EXPECT_EQ(number_of(writer().rename({top(), "empty"},
                                        {*reader().open_directory({top(), "empty"}, Cross::no), "inner"}, Replace::no)),
              EINVAL);
}

TEST_P(Filesystem, ExchangesADirectoryWithALink)
{
    const auto directory = make_directory("state");
    ASSERT_TRUE(writer().append_line({directory, "file"}, "kept"));
    ASSERT_TRUE(writer().make_link({top(), ".state.link"}, "elsewhere"));
    const auto exchanged = writer().rename({top(), ".state.link"}, {top(), "state"}, Replace::exchange);
    ASSERT_TRUE(exchanged) << words_of(exchanged);
    EXPECT_EQ(reader().read_link({top(), "state"}).value_or(""), "elsewhere");
    EXPECT_EQ(attributes_of(".state.link").kind, Kind::directory);
    EXPECT_EQ(names(directory), Names{"file"});
    EXPECT_EQ(number_of(writer().rename({top(), "state"}, {top(), "absent"}, Replace::exchange)), ENOENT);
}

TEST_P(Filesystem, RemovesWhatItWasAskedToAndNothingElse)
{
    make_file("file", "content");
    const auto full = make_directory("full");
    ASSERT_TRUE(writer().append_line({full, "file"}, "kept"));
    ASSERT_TRUE(writer().make_link({top(), "link"}, "full"));
    EXPECT_EQ(number_of(writer().remove_file({top(), "full"}, any_proof())), EISDIR);
    EXPECT_EQ(number_of(writer().remove_directory({top(), "file"}, any_proof())), ENOTDIR);
    EXPECT_EQ(number_of(writer().remove_directory({top(), "link"}, any_proof())), ENOTDIR);
    EXPECT_EQ(number_of(writer().remove_directory({top(), "full"}, any_proof())), ENOTEMPTY);
    EXPECT_TRUE(writer().remove_file({top(), "link"}, any_proof()));
    EXPECT_EQ(names(full), Names{"file"});
    EXPECT_TRUE(writer().remove_file({full, "file"}, any_proof()));
    EXPECT_TRUE(writer().remove_directory({top(), "full"}, any_proof()));
    EXPECT_EQ(number_of(writer().remove_file({top(), "full"}, any_proof())), ENOENT);
    EXPECT_EQ(names(), Names{"file"});
}

}  // namespace mailstate

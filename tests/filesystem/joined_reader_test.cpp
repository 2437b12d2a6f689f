// SPDX-License-Identifier: MIT
// Two roots as one: which of them a path is of, by which numbers owners are shown and copied, and that nothing below
// the other root can be changed, whatever the Writer is asked for.
#include "fs/joined_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "fs/posix_filesystem.hpp"
#include "support/any_proof.hpp"
#include "support/scratch.hpp"

using namespace mailstate;

namespace {

constexpr Uid there{4101}, here{4201};
constexpr Gid group_there{4102}, group_here{4202};

class TwoRoots : public ::testing::Test {
protected:
    TwoRoots()
    {
        for (const char* name : {"here/var/state", "here/var/lib", "old/var/state", "old/var/lib/redis"})
            scratch_.make_directory(name);
        scratch_.make_file("here/var/state/mine", "of the volume");
        scratch_.make_file("old/var/state/hidden", "never seen");
        scratch_.make_file("old/var/lib/redis/dump", "of the old container");
        owned_ = ::lchown(scratch_.path("old/var/lib/redis/dump").c_str(), static_cast<uid_t>(there),
                          static_cast<gid_t>(group_there)) == 0;
        reader_ = std::move(make_joined_reader(scratch_.path("here"), scratch_.path("old"), "/var/state",
                                               Renumbering{{{there, here}}, {{group_there, group_here}}}))
                      .value();
    }

    [[nodiscard]] DirectoryRef open(const char* path) const { return reader_->open(Path(path)).value(); }
    [[nodiscard]] DirectoryRef redis() const { return open("/var/lib/redis"); }

    Scratch scratch_;
    std::unique_ptr<Reader> reader_;
    std::unique_ptr<Writer> writer_ = make_posix_writer();
    bool owned_ = false;  // only root can give files away
};

TEST_F(TwoRoots, AreOfTheirPaths)
{
    EXPECT_EQ(reader_->read_file({open("/var/state"), "mine"}, 100).value(), "of the volume");
    EXPECT_EQ(reader_->attributes({open("/var/state"), "hidden"}).error().number, ENOENT);
    EXPECT_EQ(reader_->read_file({redis(), "dump"}, 100).value(), "of the old container");
    EXPECT_EQ(reader_->location(redis()).value(), Path("/var/lib/redis"));
    EXPECT_EQ(reader_->location(open("/var/state")).value(), Path("/var/state"));
    EXPECT_TRUE(reader_->filesystem(redis()).value().read_only);
    EXPECT_FALSE(reader_->filesystem(open("/var/state")).value().read_only);
    EXPECT_NE(reader_->mounts().value().covering("/var/state"), nullptr);
}

TEST_F(TwoRoots, ShowAndCopyOwnersByTheNumbersOfHere)
{
    if (!owned_) GTEST_SKIP() << "needs root";
    const Attributes seen = reader_->attributes({redis(), "dump"}).value();
    EXPECT_EQ(seen.owner, (Owner{here, group_here}));
    const DirectoryRef to = open("/var/state");
    const auto go_on = [](std::uint64_t /*bytes*/) { return true; };
    const Copied copied = writer_->copy_file({redis(), "dump"}, seen, {to, "dump"}, Durable::no, go_on).value();
    EXPECT_EQ(copied.source.owner, seen.owner);
    EXPECT_EQ(reader_->attributes({to, "dump"}).value().owner, (Owner{here, group_here}));
}

TEST_F(TwoRoots, ChangeNothingBelowTheOther)
{
    const DirectoryRef at = redis(), to = open("/var/state");
    const Attributes seen = reader_->attributes({at, "dump"}).value();
    const auto go_on = [](std::uint64_t /*bytes*/) { return true; };
    Writer& writer = *writer_;
    std::vector<int> refused;
    const auto ask = [&](const auto& result) { refused.push_back(result ? 0 : result.error().number); };
    ask(writer.make_directory({at, "new"}, Mode{0755}));
    ask(writer.make_link({at, "new"}, "text"));
    ask(writer.make_hard_link({at, "dump"}, {to, "new"}));
    ask(writer.make_hard_link({to, "mine"}, {at, "new"}));
    ask(writer.make_node({at, "new"}, Kind::fifo, 0));
    ask(writer.copy_file({to, "mine"}, reader_->attributes({to, "mine"}).value(), {at, "new"}, Durable::no, go_on));
    ask(writer.copy_attributes(to, reader_->attributes(to).value(), at));
    ask(writer.copy_attributes({to, "mine"}, reader_->attributes({to, "mine"}).value(), {at, "dump"}));
    ask(writer.set_extended_attribute({at, "dump"}, {"user.a", "b"}));
    ask(writer.rename({at, "dump"}, {to, "new"}, Replace::no));
    ask(writer.rename({to, "mine"}, {at, "new"}, Replace::no));
    ask(writer.replace({at, "dump"}, {to, "mine"}, any_proof()));
    ask(writer.replace({to, "mine"}, {at, "dump"}, any_proof()));
    ask(writer.remove_file({at, "dump"}, any_proof()));
    ask(writer.remove_unchanged({at, "dump"}, proof_of(seen)));
    ask(writer.remove_directory({open("/var/lib"), "redis"}, any_proof()));
    ask(writer.replace_file({at, "dump"}, "new", Mode{0600}, any_proof()));
    ask(writer.make_file({at, "new"}, "new", Mode{0600}));
    ask(writer.change_ownership({at, "dump"}, seen, seen.owner, Mode{0777}));
    ask(writer.change_ownership(at, reader_->attributes(at).value(), seen.owner, Mode{0777}));
    ask(writer.change_settled_owner({at, "dump"}, seen, Owner{Uid{1}, Gid{1}}));
    ask(writer.append_line({at, "new"}, "line"));
    ask(writer.clock(at));
    ask(writer.lock(at, LockWait(std::chrono::milliseconds(0))));
    EXPECT_EQ(refused, std::vector<int>(refused.size(), EROFS));
    EXPECT_EQ(reader_->read_file({at, "dump"}, 100).value(), "of the old container");
    EXPECT_EQ(all_names(*reader_, at).value(), std::vector<std::string>{"dump"});
}

}  // namespace

// SPDX-License-Identifier: MIT
// CAUTION: needs root. What only real filesystems and processes do.
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "filesystem/posix_ground.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/noncopyable.hpp"
#include "mailstate/posix/lock_state.hpp"
#include "posix/fd.hpp"
#include "support/mount_namespace.hpp"

namespace mailstate {

namespace {

using std::chrono::milliseconds;

class PosixWriter : public testing::Test {
protected:
    void use(DiskType type)
    {
        std::string reason;
        Disk* const disk = shared_disk(type, reason);
        if (disk == nullptr) GTEST_SKIP() << "left out: " << reason;
        ground_ = std::make_unique<PosixGround>(*disk);
        top_ = *ground_->reader().open(ground_->top());
    }
    // Works through a FUSE mount with such options on a directory in memory.
    void use_bindfs(const std::string& options)
    {
        ASSERT_NO_FATAL_FAILURE(use(DiskType::tmpfs));
        if (IsSkipped()) return;
        if (::access("/dev/fuse", R_OK | W_OK) != 0) GTEST_SKIP() << "left out: there is no /dev/fuse";
        const std::string at = ground_->outer(ground_->top());
        const std::string command = "bindfs " + options + " '" + at + "' '" + at + "'";
        // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe): a command of the test's own
        if (std::system(command.c_str()) != 0) GTEST_SKIP() << "left out: bindfs is missing or cannot mount";
        ground_->unmount_at_the_end(at);
        top_ = *ground_->reader().open(ground_->top());
    }
    [[nodiscard]] Attributes seen(const std::string& name) const
    {
        return ground_->reader().attributes({top_, name}).value_or(Attributes{});
    }

    std::unique_ptr<PosixGround> ground_;
    DirectoryRef top_;
};

// Another process that takes the lock and holds it until it is killed or this object goes.
class HoldingProcess : NonCopyable {
public:
    HoldingProcess(Writer& writer, const DirectoryRef& at)
    {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            const auto lock = writer.lock(at, milliseconds(0));
            (void)!::write(ends[1], lock ? "y" : "n", 1);
            for (;;) ::pause();
        }
        const Fd reading(ends[0]), writing(ends[1]);
        EXPECT_EQ(::read(reading.get(), &answer_, 1), 1);
    }
    ~HoldingProcess() { kill(); }

    [[nodiscard]] bool holds() const { return answer_ == 'y'; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    void kill()
    {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

private:
    pid_t pid_ = 0;
    char answer_ = '\0';
};

}  // namespace

TEST_F(PosixWriter, LocksOutAnotherProcessUntilItIsKilled)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::ext4));
    if (IsSkipped()) return;
    HoldingProcess other(ground_->writer(), top_);
    ASSERT_TRUE(other.holds());
    const auto refused = ground_->writer().lock(top_, milliseconds(100));
    ASSERT_EQ(number_of(refused), EWOULDBLOCK);
    const std::string pid = "held by pid " + std::to_string(other.pid()) + " on host ";
    EXPECT_NE(words_of(refused).find(pid), std::string::npos) << words_of(refused);
    other.kill();
    const auto taken = ground_->writer().lock(top_, milliseconds(0));
    EXPECT_TRUE(taken) << words_of(taken);
}

TEST_F(PosixWriter, LetsWhoOnlyLooksSeeThatALockIsHeld)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::ext4));
    if (IsSkipped()) return;
    const std::string at = ground_->outer(ground_->top());
    EXPECT_EQ(lock_state(at), LockState::free) << "there is no lock";
    {
        HoldingProcess other(ground_->writer(), top_);
        ASSERT_TRUE(other.holds());
        EXPECT_EQ(lock_state(at), LockState::held);
        other.kill();
    }
    EXPECT_EQ(lock_state(at), LockState::free) << "the file is there, and nobody holds it";
    EXPECT_TRUE(ground_->writer().lock(top_, milliseconds(0)));
    EXPECT_EQ(lock_state(at + "/nowhere"), LockState::free);
    ASSERT_TRUE(ground_->writer().make_directory({top_, "odd"}, Mode{0700}));
    ASSERT_EQ(::symlink("nowhere", (at + "/odd/lock").c_str()), 0);
    EXPECT_EQ(lock_state(at + "/odd"), LockState::unknown) << "a link is no answer";
}

TEST_F(PosixWriter, DoesWithoutAnExchangeOfDirectoriesWhereItIsTold)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::ext4));
    if (IsSkipped()) return;
    WriterLimits limits;
    limits.exchanges_directories = false;
    const std::unique_ptr<Writer> writer = make_posix_writer(limits);
    ASSERT_TRUE(writer->make_directory({top_, "directory"}, Mode{0755}));
    ASSERT_TRUE(writer->make_link({top_, "link"}, "elsewhere"));
    ASSERT_TRUE(writer->make_link({top_, "other"}, "nowhere"));
    EXPECT_EQ(number_of(writer->rename({top_, "link"}, {top_, "directory"}, Replace::exchange)), EXDEV);
    EXPECT_EQ(number_of(writer->rename({top_, "directory"}, {top_, "link"}, Replace::exchange)), EXDEV);
    EXPECT_EQ(seen("directory").kind, Kind::directory);
    EXPECT_TRUE(writer->rename({top_, "link"}, {top_, "other"}, Replace::exchange));
    EXPECT_TRUE(ground_->writer().rename({top_, "link"}, {top_, "directory"}, Replace::exchange));
}

TEST_F(PosixWriter, SharesNoDataWhereItIsTold)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::btrfs));
    if (IsSkipped()) return;
    constexpr std::uint64_t size = std::uint64_t{8} << 20U;
    ASSERT_TRUE(ground_->writer().make_node({top_, "large"}, Kind::regular, 0));
    ground_->write_at(ground_->top() / "large", 0, std::string(size, 'x'));
    const auto copy = [&](WriterLimits limits, const char* name) {
        std::uint64_t asked = 0;  // a clone asks once, whatever its size
        const auto writer = make_posix_writer(limits);
        const auto copied = writer->copy_file({top_, "large"}, seen("large"), {top_, name}, Durable::no,
                                              [&](std::uint64_t) { return ++asked > 0; });
        EXPECT_TRUE(copied);
        EXPECT_EQ(ground_->reader().digest({top_, name}, seen(name)).value_or(Digest{}),
                  ground_->reader().digest({top_, "large"}, seen("large")).value_or(Digest{1, 1}));
        return asked;
    };
    EXPECT_EQ(copy({}, "clone"), 1U);
    WriterLimits limits;
    limits.shares_data = false;
    EXPECT_EQ(copy(limits, "copy"), size / 65536);
}

TEST_F(PosixWriter, LocksTheFileThatHasTheNameAndNotOneThatLostIt)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::tmpfs));
    if (IsSkipped()) return;
    auto first = ground_->writer().lock(top_, milliseconds(0));
    ASSERT_TRUE(first);
    ASSERT_TRUE(ground_->writer().remove_file({top_, "lock"}, any_proof()));
    auto second = ground_->writer().lock(top_, milliseconds(0));
    ASSERT_TRUE(second);
    EXPECT_EQ(number_of(ground_->writer().lock(top_, milliseconds(0))), EWOULDBLOCK);
}

TEST_F(PosixWriter, CannotExchangeADirectoryOfALowerLayer)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::overlay));
    if (IsSkipped()) return;
    Writer& writer = ground_->writer();
    const auto disk = ground_->reader().open("/disk");
    ASSERT_TRUE(disk);
    ASSERT_TRUE(writer.make_link({*disk, ".state.link"}, "elsewhere"));
    EXPECT_EQ(number_of(writer.rename({*disk, ".state.link"}, {*disk, "state"}, Replace::exchange)), EXDEV);
    EXPECT_EQ(number_of(writer.rename({*disk, "state"}, {*disk, "away"}, Replace::no)), EXDEV);
    const auto state = ground_->reader().open_directory({*disk, "state"}, Cross::no);
    ASSERT_TRUE(state);
    EXPECT_EQ(ground_->reader().read_file({*state, "file"}, 100).value_or(""), "of the lower layer");
}

TEST_F(PosixWriter, CopiesBetweenFilesystems)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::ext4));
    if (IsSkipped()) return;
    std::string reason;
    Disk* const other = shared_disk(DiskType::xfs, reason);
    if (other == nullptr) GTEST_SKIP() << "left out: " << reason;
    PosixGround target(*other);
    const auto to = target.reader().open(target.top());
    ASSERT_TRUE(to);
    const std::string content = noise(9'000'000);
    ASSERT_TRUE(ground_->writer().replace_file({top_, "file"}, content, Mode{0640}, any_proof()));
    const auto seen = ground_->reader().attributes({top_, "file"});
    for (const char* name : {"one", "two"}) {  // the second time it is known what the kernel refuses
        const auto copied = ground_->writer().copy_file({top_, "file"}, *seen, {*to, name}, Durable::yes, {});
        ASSERT_TRUE(copied) << words_of(copied);
        EXPECT_TRUE(target.reader().read_file({*to, name}, content.size()).value_or("") == content);
    }
}

TEST_F(PosixWriter, TellsWhenTheVolumeIsFullAndLeavesNothing)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::ext4));
    if (IsSkipped()) return;
    const Scratch scratch;
    const TestMount small("tmpfs", scratch.path().native(), "tmpfs", 0, "size=256k");
    const auto reader = make_posix_reader(scratch.path());
    ASSERT_TRUE(reader);
    const auto to = (*reader)->open("/");
    ASSERT_TRUE(to);
    ASSERT_TRUE(ground_->writer().replace_file({top_, "file"}, noise(1'000'000), Mode{0640}, any_proof()));
    const auto seen = ground_->reader().attributes({top_, "file"});
    EXPECT_EQ(number_of(ground_->writer().copy_file({top_, "file"}, *seen, {*to, "copy"}, Durable::no, {})), ENOSPC);
    EXPECT_EQ(number_of((*reader)->attributes({*to, "copy"})), ENOENT);
    ASSERT_TRUE(ground_->writer().append_line({*to, "history"}, "one"));
    EXPECT_EQ(number_of(ground_->writer().append_line({*to, "history"}, noise(100, 1) + std::string(400'000, 'x'))),
              ENOSPC);
    EXPECT_EQ((*reader)->read_file({*to, "history"}, 100).value_or(""), "one\n");
    EXPECT_EQ(
        number_of(ground_->writer().replace_file({*to, "history"}, std::string(400'000, 'x'), Mode{0600}, any_proof())),
        ENOSPC);
    EXPECT_EQ((*reader)->read_file({*to, "history"}, 100).value_or(""), "one\n");
    EXPECT_EQ(number_of((*reader)->attributes({*to, ".history.new"})), ENOENT);
}

TEST_F(PosixWriter, ReplacesAFileDespiteTheTemporaryOneOfACrash)
{
    ASSERT_NO_FATAL_FAILURE(use(DiskType::tmpfs));
    if (IsSkipped()) return;
    Writer& writer = ground_->writer();
    ASSERT_TRUE(writer.append_line({top_, ".ledger.new"}, "half"));
    ASSERT_TRUE(writer.replace_file({top_, "ledger"}, "whole", Mode{0600}, any_proof()));
    EXPECT_EQ(ground_->reader().read_file({top_, "ledger"}, 100).value_or(""), "whole");
    EXPECT_EQ(number_of(ground_->reader().attributes({top_, ".ledger.new"})), ENOENT);
    ASSERT_TRUE(writer.make_link({top_, ".ledger.new"}, "/etc/passwd"));
    EXPECT_EQ(number_of(writer.replace_file({top_, "ledger"}, "other", Mode{0600}, any_proof())), EEXIST);
    EXPECT_EQ(ground_->reader().read_file({top_, "ledger"}, 100).value_or(""), "whole");
}

TEST_F(PosixWriter, ReportsAFilesystemThatIgnoresChown)
{
    ASSERT_NO_FATAL_FAILURE(use_bindfs("--chown-ignore --chgrp-ignore"));
    if (IsSkipped()) return;
    ASSERT_TRUE(ground_->writer().replace_file({top_, "file"}, "text", Mode{0644}, any_proof()));
    const auto changed = ground_->writer().change_ownership({top_, "file"}, seen("file"), {Uid{7}, Gid{8}}, Mode{0644});
    EXPECT_EQ(number_of(changed), EPERM);
    EXPECT_NE(words_of(changed).find("chown to 7:8 succeeded but the owner is 0:0"), std::string::npos)
        << words_of(changed);
}

TEST_F(PosixWriter, PutsTheModeBackWhereChownIsRefused)
{
    ASSERT_NO_FATAL_FAILURE(use_bindfs("--chown-deny --chgrp-deny"));
    if (IsSkipped()) return;
    ASSERT_TRUE(ground_->writer().replace_file({top_, "file"}, "text", Mode{0666}, any_proof()));
    const auto changed = ground_->writer().change_ownership({top_, "file"}, seen("file"), {Uid{7}, Gid{8}}, Mode{0600});
    EXPECT_EQ(number_of(changed), EPERM);
    EXPECT_EQ(seen("file").mode, Mode{0666});
}

TEST_F(PosixWriter, CopiesToAFilesystemThatRefusesEvenTheSameOwner)
{
    ASSERT_NO_FATAL_FAILURE(use_bindfs("--chown-deny --chgrp-deny"));
    if (IsSkipped()) return;
    ASSERT_TRUE(ground_->writer().replace_file({top_, "file"}, "text", Mode{0640}, any_proof()));
    const auto copied = ground_->writer().copy_file({top_, "file"}, seen("file"), {top_, "copy"}, Durable::yes, {});
    EXPECT_TRUE(copied) << words_of(copied);
    EXPECT_EQ(seen("copy").mode, Mode{0640});
}

// NFS and some FUSE servers do not know RENAME_NOREPLACE: a check before a plain rename would be a race.
TEST_F(PosixWriter, RenamesToAFreeNameWhereTheKernelHasNoFlagForIt)
{
    ASSERT_NO_FATAL_FAILURE(use_bindfs(""));
    if (IsSkipped()) return;
    Writer& writer = ground_->writer();
    ASSERT_TRUE(writer.append_line({top_, "one"}, "1"));
    ASSERT_TRUE(writer.append_line({top_, "two"}, "2"));
    ASSERT_EQ(number_of(writer.rename({top_, "one"}, {top_, "free"}, Replace::never)), EINVAL)
        << "bindfs knows the flag";
    EXPECT_EQ(number_of(writer.rename({top_, "one"}, {top_, "two"}, Replace::no)), EEXIST);
    const auto moved = writer.rename({top_, "one"}, {top_, "free"}, Replace::no);
    EXPECT_TRUE(moved) << words_of(moved);
    EXPECT_EQ(ground_->reader().read_file({top_, "free"}, 10).value_or(""), "1\n");
    EXPECT_EQ(ground_->reader().read_file({top_, "two"}, 10).value_or(""), "2\n");
    EXPECT_EQ(seen("free").links, 1U);
    EXPECT_FALSE(find(ground_->reader(), {top_, "one"})->has_value());
    ASSERT_TRUE(writer.make_link({top_, "link"}, "elsewhere"));
    EXPECT_TRUE(writer.rename({top_, "link"}, {top_, "other-link"}, Replace::no));
    EXPECT_EQ(ground_->reader().read_link({top_, "other-link"}).value_or(""), "elsewhere");
}

TEST_F(PosixWriter, RenamesADirectoryOverNothingThatHoldsAnything)
{
    ASSERT_NO_FATAL_FAILURE(use_bindfs(""));
    if (IsSkipped()) return;
    Writer& writer = ground_->writer();
    const DirectoryRef tree = *writer.make_directory({top_, "tree"}, Mode{0700});
    ASSERT_TRUE(writer.append_line({tree, "file"}, "kept"));
    const DirectoryRef theirs = *writer.make_directory({top_, "theirs"}, Mode{0700});
    ASSERT_TRUE(writer.append_line({theirs, "file"}, "theirs"));
    ASSERT_TRUE(writer.append_line({top_, "file"}, "a file"));
    EXPECT_EQ(number_of(writer.rename({top_, "tree"}, {top_, "theirs"}, Replace::no)), EEXIST);
    EXPECT_EQ(number_of(writer.rename({top_, "tree"}, {top_, "file"}, Replace::no)), EEXIST);
    EXPECT_TRUE(writer.rename({top_, "tree"}, {top_, "free"}, Replace::no));
    const DirectoryRef free = *ground_->reader().open_directory({top_, "free"}, Cross::no);
    EXPECT_EQ(ground_->reader().read_file({free, "file"}, 10).value_or(""), "kept\n");
}

}  // namespace mailstate

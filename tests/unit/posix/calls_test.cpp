// SPDX-License-Identifier: MIT
#include "posix/calls.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <array>

#include "support/error_of.hpp"
#include "support/scratch.hpp"

namespace mailstate {
namespace {

class Calls : public testing::Test {
protected:
    [[nodiscard]] At here() const { return {fd_.get(), path_}; }

    Scratch scratch_;
    TreePath path_{scratch_.path().native()};
    Fd fd_{::open(scratch_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

TEST_F(Calls, RefuseWhatIsNoSingleName)
{
    for (const auto name : {std::string_view(""), std::string_view("."), std::string_view(".."),
                            std::string_view("a/b"), std::string_view("/"), std::string_view("a\0b", 3)}) {
        EXPECT_EQ(error_of(stat_at(here(), name)), EINVAL);
        EXPECT_EQ(error_of(open_directory_at(here(), name, MountPoints::enter)), EINVAL);
        EXPECT_EQ(error_of(open_file_at(here(), name, {})), EINVAL);
        EXPECT_EQ(error_of(read_link_at(here(), name)), EINVAL);
    }
    EXPECT_EQ(error_of(stat_at(here(), "...")), ENOENT);
}

TEST_F(Calls, NameThePathThatFailed)
{
    const auto error = stat_at(here(), "missing").error();
    EXPECT_EQ(error.number, ENOENT);
    EXPECT_EQ(error.call, "statx");
    EXPECT_EQ(error.subject, scratch_.path("missing"));
}

TEST_F(Calls, TellEveryKindApart)
{
    scratch_.make_file("file");
    scratch_.make_directory("directory");
    scratch_.make_link("link", "directory");
    ASSERT_EQ(::mkfifo(scratch_.path("fifo").c_str(), 0600), 0);
    const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    scratch_.path("socket").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);

    EXPECT_EQ(stat_at(here(), "file")->kind, Kind::regular);
    EXPECT_EQ(stat_at(here(), "directory")->kind, Kind::directory);
    EXPECT_EQ(stat_at(here(), "link")->kind, Kind::symlink);
    EXPECT_EQ(stat_at(here(), "fifo")->kind, Kind::fifo);
    EXPECT_EQ(stat_at(here(), "socket")->kind, Kind::socket);
    const TreePath devices("/dev");
    const Fd dev(::open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_EQ(stat_at({dev.get(), devices}, "null")->kind, Kind::char_device);
    EXPECT_EQ(stat_at({dev.get(), devices}, "null")->rdev, makedev(1, 3));
}

TEST_F(Calls, SeeWhatStatSees)
{
    scratch_.make_file("file", "content");
    ASSERT_EQ(::chmod(scratch_.path("file").c_str(), 04751), 0);
    ASSERT_EQ(::link(scratch_.path("file").c_str(), scratch_.path("second").c_str()), 0);
    const std::array<timespec, 2> times{{{1'700'000'000, 123'456'789}, {-5, 987'654'321}}};
    ASSERT_EQ(::utimensat(AT_FDCWD, scratch_.path("file").c_str(), times.data(), 0), 0);
    struct stat expected {};
    ASSERT_EQ(::stat(scratch_.path("file").c_str(), &expected), 0);

    const auto seen = stat_at(here(), "file");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->mode, Mode{04751});
    EXPECT_EQ(seen->owner, (Owner{Uid{expected.st_uid}, Gid{expected.st_gid}}));
    EXPECT_EQ(seen->size, 7U);
    EXPECT_EQ(seen->blocks, static_cast<std::uint64_t>(expected.st_blocks));
    EXPECT_EQ(seen->inode, expected.st_ino);
    EXPECT_EQ(seen->device, expected.st_dev);
    EXPECT_EQ(seen->links, 2U);
    EXPECT_EQ(seen->atime, (Timestamp{1'700'000'000, 123'456'789}));
    EXPECT_EQ(seen->mtime, (Timestamp{expected.st_mtim.tv_sec, static_cast<std::uint32_t>(expected.st_mtim.tv_nsec)}));
    EXPECT_EQ(seen->ctime, (Timestamp{expected.st_ctim.tv_sec, static_cast<std::uint32_t>(expected.st_ctim.tv_nsec)}));
    EXPECT_FALSE(seen->mount_root);
    EXPECT_FALSE(seen->immutable);
    EXPECT_EQ(seen->mount_id, stat_directory(here())->mount_id);
}

TEST_F(Calls, OpenTheFileThatWasSeen)
{
    scratch_.make_file("file", "content");
    Attributes opened;
    const auto file = open_file_at(here(), "file", *stat_at(here(), "file"), opened);
    ASSERT_TRUE(file);
    EXPECT_EQ(opened.size, 7U);
    EXPECT_EQ(*read_all(file->get(), "file", 7), "content");
    EXPECT_NE(::fcntl(file->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(Calls, RefuseAFileThatWasReplaced)
{
    scratch_.make_file("file", "seen");
    scratch_.make_file("secret", "not for everybody");
    const auto seen = *stat_at(here(), "file");
    boost::filesystem::rename(scratch_.path("secret"), scratch_.path("file"));
    EXPECT_EQ(error_of(open_file_at(here(), "file", seen)), ESTALE);
}

TEST_F(Calls, RefuseALinkAndAFifoInTheFilesPlace)
{
    scratch_.make_file("file", "seen");
    const auto seen = *stat_at(here(), "file");
    boost::filesystem::rename(scratch_.path("file"), scratch_.path("moved"));
    scratch_.make_link("file", "moved");
    EXPECT_EQ(error_of(open_file_at(here(), "file", seen)), ESTALE);
    boost::filesystem::remove(scratch_.path("file"));
    ASSERT_EQ(::mkfifo(scratch_.path("file").c_str(), 0600), 0);
    EXPECT_EQ(error_of(open_file_at(here(), "file", seen)), ESTALE);  // and does not wait for a writer
}

TEST_F(Calls, ReadNoMoreThanTheLimit)
{
    scratch_.make_file("file", std::string(100'000, 'x'));
    const auto open = [&] { return Fd(::open(scratch_.path("file").c_str(), O_RDONLY | O_CLOEXEC)); };
    EXPECT_EQ(read_all(open().get(), "file", 100'000)->size(), 100'000U);
    EXPECT_EQ(error_of(read_all(open().get(), "file", 99'999)), EFBIG);
    EXPECT_EQ(read_all(open().get(), "file", SIZE_MAX)->size(), 100'000U);
    EXPECT_EQ(error_of(read_all(fd_.get(), "directory", 10)), EISDIR);
}

TEST_F(Calls, WriteAllOfIt)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const Fd out(ends[0]);
    Fd in(ends[1]);
    ASSERT_TRUE(write_all(in.get(), "some text", "pipe"));
    in.reset();
    EXPECT_EQ(*read_all(out.get(), "pipe", 100), "some text");
    EXPECT_EQ(error_of(write_all(out.get(), "x", "pipe")), EBADF);
}

TEST_F(Calls, ReadALinksWholeText)
{
    scratch_.make_link("link", "../some where\nelse");
    EXPECT_EQ(*read_link_at(here(), "link"), "../some where\nelse");
    scratch_.make_link("long", std::string(4095, 'x'));
    EXPECT_EQ(read_link_at(here(), "long")->size(), 4095U);
    scratch_.make_file("file");
    EXPECT_EQ(error_of(read_link_at(here(), "file")), EINVAL);
}

TEST_F(Calls, ReadTheSystemsFiles)
{
    EXPECT_EQ(*read_system_link("/proc/self/fd/" + std::to_string(fd_.get())), scratch_.path().native());
    EXPECT_NE(read_system_file("/proc/self/status")->find("PPid:"), std::string::npos);
    EXPECT_EQ(error_of(read_system_file("/proc/self/no-such-file")), ENOENT);
}

}  // namespace
}  // namespace mailstate

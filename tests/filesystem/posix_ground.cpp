// SPDX-License-Identifier: MIT
#include "filesystem/posix_ground.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <map>

#include "fs/posix_filesystem.hpp"
#include "posix/fd.hpp"

namespace mailstate {

namespace {

void expect_done(long result, const char* call, const std::string& subject)
{
    EXPECT_NE(result, -1) << call << ' ' << subject << ": " << std::strerror(errno);
}

}  // namespace

PosixGround::PosixGround(Disk& disk) : root_(disk.root()), top_(disk.new_area()), writer_(make_posix_writer())
{
    auto reader = make_posix_reader(root_);
    if (!reader) throw std::runtime_error(words_of(reader));
    reader_ = std::move(reader).value();
}

PosixGround::~PosixGround()
{
    for (auto at = mounts_.rbegin(); at != mounts_.rend(); ++at) (void)::umount2(at->c_str(), MNT_DETACH);
}

void PosixGround::bind(const Path& source, const Path& at)
{
    const int result = ::mount(outer(source).c_str(), outer(at).c_str(), nullptr, MS_BIND, nullptr);
    expect_done(result, "mount", outer(at));
    if (result == 0) mounts_.push_back(outer(at));
}

void PosixGround::write_at(const Path& file, std::uint64_t offset, std::string_view bytes)
{
    const Fd fd(::open(outer(file).c_str(), O_WRONLY | O_CLOEXEC));
    expect_done(fd.get(), "open", outer(file));
    expect_done(::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)), "pwrite", outer(file));
}

void PosixGround::set_size(const Path& file, std::uint64_t size)
{
    expect_done(::truncate(outer(file).c_str(), static_cast<off_t>(size)), "truncate", outer(file));
}

void PosixGround::set_attribute(const Path& file, const std::string& name, const std::string& value)
{
    expect_done(::lsetxattr(outer(file).c_str(), name.c_str(), value.data(), value.size(), 0), "lsetxattr",
                outer(file) + " " + name);
}

void PosixGround::set_times(const Path& file, Timestamp atime, Timestamp mtime)
{
    const auto spec = [](Timestamp time) { return timespec{time.seconds, static_cast<long>(time.nanoseconds)}; };
    const std::array<timespec, 2> times{spec(atime), spec(mtime)};
    expect_done(::utimensat(AT_FDCWD, outer(file).c_str(), times.data(), AT_SYMLINK_NOFOLLOW), "utimensat",
                outer(file));
}

void PosixGround::make_socket(const Path& path)
{
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = outer(path);
    ASSERT_LT(text.size(), sizeof address.sun_path);
    text.copy(address.sun_path, text.size());
    expect_done(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind", text);
}

Disk* shared_disk(DiskType type, std::string& reason)
{
    static std::map<DiskType, std::unique_ptr<Disk>> disks;
    static std::map<DiskType, std::string> reasons;
    if (!disks.contains(type)) disks[type] = Disk::make(type, reasons[type]);
    reason = reasons[type];
    return disks[type].get();
}

}  // namespace mailstate

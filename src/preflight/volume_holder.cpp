// SPDX-License-Identifier: MIT
// Who holds a volume: F_OFD_GETLK asks without taking the lock, on a descriptor that may only read.
#include <fcntl.h>
#include <unistd.h>

#include "posix/fd.hpp"
#include "posix/holder_text.hpp"
#include "preflight/gathering.hpp"

namespace mailstate {

namespace {

bool is_locked(const std::string& path)
{
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd) return false;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return ::fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::string holder_in(const Reader& reader, const DirectoryRef& directory)
{
    constexpr std::size_t longest_line = 4096;
    const auto text = reader.read_file({directory, "lock"}, longest_line);
    const auto holder = text ? holder_from_line(*text) : std::nullopt;
    return holder ? describe(*holder) : "another process";
}

}  // namespace

std::string volume_holder(const Reader& reader, const std::string& state_dir)
{
    const auto directory = reader.open(Path(state_dir + "/.mailstate"));
    if (!directory) return "";
    const auto outside = reader.outer_location(*directory);
    return outside && is_locked(outside->string() + "/lock") ? holder_in(reader, *directory) : "";
}

}  // namespace mailstate

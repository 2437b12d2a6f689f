// SPDX-License-Identifier: MIT
#include "posix/listener.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace mailstate {

// The kernel finds a bound socket by its inode, and only then looks at the type: a datagram socket gets ECONNREFUSED
// where none is bound, and EPROTOTYPE where one of another type is. That one notices nothing, and to be connected to by
// a datagram socket is no event either. Source: net/unix/af_unix.c, unix_find_bsd.
Result<bool> has_listener(const At& at, std::string_view name)
{
    const std::string text = TRY(checked_name("connect", at, name));
    // By the descriptor: sun_path holds 107 bytes, and no directory is looked up twice.
    const std::string path = "/proc/self/fd/" + std::to_string(at.fd) + "/" + text;
    struct sockaddr_un address {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return fail({ENAMETOOLONG, "connect", at.path.text(name), {}, {}});
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return fail(system_error("socket", at.path.text(name)));
    const bool connected =
        retry([&] { return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address); }) == 0;
    if (connected || errno == EPROTOTYPE || errno == EAGAIN || errno == EPERM) return true;
    if (errno == ECONNREFUSED) return false;
    return fail(system_error("connect", at.path.text(name)));
}

}  // namespace mailstate

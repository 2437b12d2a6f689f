// SPDX-License-Identifier: MIT
#include "posix/listener.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "support/error_of.hpp"
#include "support/scratch.hpp"

namespace mailstate {
namespace {

class Listener : public testing::Test {
protected:
    [[nodiscard]] At here() const { return {fd_.get(), path_}; }

    // Bound there, for as long as the descriptor is open.
    [[nodiscard]] Fd bind_socket(int type, const std::string& name) const
    {
        Fd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        scratch_.path(name).copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        return fd;
    }

    Scratch scratch_;
    TreePath path_{scratch_.path().native()};
    Fd fd_{::open(scratch_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

TEST_F(Listener, IsThereAsLongAsTheSocketIsBound)
{
    for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
        const std::string name = std::to_string(type);
        {
            const Fd bound = bind_socket(type, name);
            const auto before = has_listener(here(), name);  // a service between bind(2) and listen(2)
            ASSERT_TRUE(before) << describe(before.error());
            EXPECT_TRUE(*before) << type;
            if (type != SOCK_DGRAM) {
                ASSERT_EQ(::listen(bound.get(), 1), 0);
            }
            EXPECT_TRUE(*has_listener(here(), name)) << type;
            if (type == SOCK_DGRAM) continue;
            EXPECT_EQ(::accept(bound.get(), nullptr, nullptr), -1);  // and was not connected to
            EXPECT_EQ(errno, EAGAIN);
        }
        const auto after = has_listener(here(), name);
        ASSERT_TRUE(after) << describe(after.error());
        EXPECT_FALSE(*after) << type;
    }
}

TEST_F(Listener, CannotBeToldOfWhatIsNotThere)
{
    EXPECT_EQ(error_of(has_listener(here(), "absent")), ENOENT);
    EXPECT_EQ(error_of(has_listener(here(), "a/b")), EINVAL);
}

}  // namespace
}  // namespace mailstate

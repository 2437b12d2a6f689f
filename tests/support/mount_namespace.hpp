// SPDX-License-Identifier: MIT
// CAUTION: needs root. Mounts of a test are made in a mount namespace of the test's own; nothing of them is seen
// outside and the kernel takes them away with the process.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "mailstate/base/noncopyable.hpp"

namespace mailstate {

// Once a process. The reason why it cannot be, or "".
inline const std::string& enter_private_mount_namespace()
{
    static const std::string problem = [] {
        if (::unshare(CLONE_NEWNS) == -1) return std::string("needs root: unshare: ") + std::strerror(errno);
        if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == -1)
            return std::string("cannot make the mounts private: ") + std::strerror(errno);
        return std::string();
    }();
    return problem;
}

// A mount that goes with the test.
class TestMount : NonCopyable {
public:
    TestMount(const std::string& source, std::string target, const char* type, unsigned long flags,
              const std::string& options = {})
        : target_(std::move(target))
    {
        if (::mount(source.c_str(), target_.c_str(), type, flags, options.c_str()) == -1)
            ADD_FAILURE() << "mount " << target_ << ": " << std::strerror(errno);
    }
    ~TestMount() { (void)::umount2(target_.c_str(), MNT_DETACH); }

private:
    std::string target_;
};

}  // namespace mailstate

// In a test: skips it, with the reason, where mounts cannot be made.
#define NEEDS_PRIVATE_MOUNTS()                                 \
    if (!::mailstate::enter_private_mount_namespace().empty()) \
    GTEST_SKIP() << ::mailstate::enter_private_mount_namespace()

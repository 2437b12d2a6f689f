// SPDX-License-Identifier: MIT
#pragma once

namespace mailstate {

// A base of what is one thing, and neither copied nor moved: class Lock : NonCopyable.
class NonCopyable {
public:
    NonCopyable(const NonCopyable&) = delete;
    NonCopyable& operator=(const NonCopyable&) = delete;
    NonCopyable(NonCopyable&&) = delete;
    NonCopyable& operator=(NonCopyable&&) = delete;

protected:
    NonCopyable() = default;
    ~NonCopyable() = default;
};

}  // namespace mailstate

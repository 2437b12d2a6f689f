// SPDX-License-Identifier: MIT
// Fd: one descriptor, closed when it goes. Does not convert to int: say get().
#pragma once

#include <unistd.h>

#include <utility>

namespace mailstate {

class Fd {
public:
    Fd() = default;
    explicit Fd(int number) : number_(number) {}
    ~Fd() { reset(); }
    Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Fd& operator=(Fd&& other) noexcept
    {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;

    explicit operator bool() const { return number_ >= 0; }
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] int release() { return std::exchange(number_, -1); }
    void reset()
    {
        // The result is not looked at: written files are synced before, and Linux frees the number whatever close says.
        if (number_ >= 0) (void)::close(std::exchange(number_, -1));
    }

private:
    int number_ = -1;
};

}  // namespace mailstate

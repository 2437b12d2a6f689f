// SPDX-License-Identifier: MIT
#include "engine/digits.hpp"

#include <random>

namespace mailstate {

namespace {

std::function<std::string()>& digits_of_this_thread()
{
    thread_local std::function<std::string()> source;
    return source;
}

}  // namespace

void set_digits_of_this_thread(std::function<std::string()> source)
{
    digits_of_this_thread() = std::move(source);
}

std::string random_digits()
{
    if (const auto& source = digits_of_this_thread()) return source();
    std::random_device device;
    std::string text;
    for (int i = 0; i < 16; ++i) text += "0123456789abcdef"[device() % 16];
    return text;
}

}  // namespace mailstate

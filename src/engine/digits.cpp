// SPDX-License-Identifier: MIT
#include "engine/digits.hpp"

#include <random>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

NameSource& names_of_this_thread()
{
    thread_local NameSource source;
    return source;
}

}  // namespace

void set_names_of_this_thread(NameSource source)
{
    names_of_this_thread() = std::move(source);
}

std::string random_digits()
{
    if (const auto& digits = names_of_this_thread().digits) return digits();
    std::random_device device;
    std::string text;
    for (int i = 0; i < 16; ++i) text += "0123456789abcdef"[device() % 16];
    return text;
}

std::string name_stamp()
{
    const std::string& given = names_of_this_thread().stamp;
    std::string stamp = given.empty() ? utc_now() : given;
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    return stamp;
}

}  // namespace mailstate

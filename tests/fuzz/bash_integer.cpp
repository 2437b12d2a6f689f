// SPDX-License-Identifier: MIT
#include "fuzz/target.hpp"
#include "mailstate/model/settings.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // Its variables may name each other, and themselves.
    static const Variables variables{{"A", "1"}, {"B", "A"}, {"C", "C"}, {"D", "E"}, {"E", "D"}, {"x", "08"}};
    const auto value = bash_integer(text_of(data, size), variables);
    if (!value) look_at(value.error());
    return 0;
}

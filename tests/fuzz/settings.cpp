// SPDX-License-Identifier: MIT
#include "mailstate/model/settings.hpp"
#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto settings = parse_settings("file", text_of(data, size));
    if (!settings) look_at(settings.error());
    return 0;
}

// SPDX-License-Identifier: MIT
#include <algorithm>

#include "fuzz/target.hpp"
#include "mailstate/model/glob.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // The pattern up to the first newline, a path behind it.
    const std::string_view text = text_of(data, size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto glob = Glob::compile(text.substr(0, end));
    if (!glob)
        look_at(glob.error());
    else
        (void)glob->matches(text.substr(std::min(end + 1, text.size())));
    return 0;
}

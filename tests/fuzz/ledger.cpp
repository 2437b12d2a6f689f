// SPDX-License-Identifier: MIT
#include "mailstate/model/ledger.hpp"
#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    comes_back(parse_ledger, text_of(data, size));
    return 0;
}

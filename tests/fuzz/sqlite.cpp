// SPDX-License-Identifier: MIT
#include "preflight/sqlite.hpp"

#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string found = first_text(text_of(data, size), "alembic_version");
    promise(found.size() <= size, "what is read is in the file");
    return 0;
}

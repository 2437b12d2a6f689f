// SPDX-License-Identifier: MIT
#include "preflight/env_file.hpp"

#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const EnvFile file = parse_env_file("file", text_of(data, size));
    for (const auto& [name, setting] : file.settings)
        promise(!name.empty() && setting.where.starts_with("file:"), "a variable has a name and a place");
    const Variables variables{{"A", "1"}};
    const EnvFile dotenv = parse_dotenv("file", text_of(data, size), lookup_in(variables));
    for (const auto& [name, setting] : dotenv.settings)
        promise(setting.where.starts_with("file:"), "a variable has a place");
    return 0;
}

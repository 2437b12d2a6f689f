// SPDX-License-Identifier: MIT
#include "app/cli/program_version.hpp"
#include "app/commands/commands.hpp"
#include "app/output/json.hpp"

namespace mailstate {

Answer run_version(const Call& call)
{
    const int done = number_of(ExitCode::done);
    if (call.options.output == Output::json) return {done, one_line(json_answer("version"))};
    return {done, "mailstate " + std::string(version()) + "\n"};
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/answers/plain_answer.hpp"
#include "app/answers/refusal.hpp"
#include "app/cli/command_line_problem.hpp"
#include "app/cli/help.hpp"

namespace mailstate {

Answer run_help(const Call& call)
{
    const std::vector<std::string>& arguments = call.options.arguments;
    const CommandDesc* const asked = arguments.empty() ? nullptr : find_command(arguments.front());
    if (!arguments.empty() && asked == nullptr)
        return refused("help", call.options, ExitCode::usage, "run.usage", unknown_command(arguments.front()));
    if (arguments.size() > 1)
        return refused("help", call.options, ExitCode::usage, "run.usage",
                       unexpected_argument(arguments[1], *find_command("help")));
    std::string text = help_text(asked);
    Json content = text;
    return plain_answer("help", call.options, std::move(text), "content", std::move(content));
}

}  // namespace mailstate

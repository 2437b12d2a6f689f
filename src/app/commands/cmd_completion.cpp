// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "app/answers/plain_answer.hpp"
#include "app/answers/refusal.hpp"
#include "app/cli/command_line_problem.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/suggestion.hpp"

namespace mailstate {

namespace {

struct Shell {
    std::string_view name;
    std::string (*script)() = nullptr;
};
constexpr std::array<Shell, 3> shells{{{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}}};

Answer no_shell(const Options& options)
{
    const CommandDesc* const command = find_command("completion");
    const std::string given = options.arguments.empty() ? std::string() : options.arguments.front();
    const std::string instead = given.empty() ? std::string() : ", not '" + given + "'";
    std::vector<std::string> names(shells.size());
    std::ranges::transform(shells, names.begin(), [](const Shell& shell) { return std::string(shell.name); });
    return refused("completion", options, ExitCode::usage, "run.usage",
                   text_error("completion", "expected " + std::string(command->arguments) + instead,
                              did_you_mean(given, names) + see_help(command)));
}

}  // namespace

Answer run_completion(const Call& call)
{
    const std::vector<std::string>& arguments = call.options.arguments;
    for (const Shell& shell : shells) {
        if (arguments.size() != 1 || arguments.front() != shell.name) continue;
        std::string script = shell.script();
        Json content = script;
        return plain_answer("completion", call.options, std::move(script), "content", std::move(content));
    }
    return no_shell(call.options);
}

}  // namespace mailstate

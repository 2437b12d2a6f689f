// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/answers/plain_answer.hpp"
#include "app/answers/refusal.hpp"
#include "app/cli/command_line_problem.hpp"
#include "app/cli/man_page.hpp"
#include "app/cli/suggestion.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Answer no_page(const Options& options, const std::string& given)
{
    std::vector<std::string> names;
    for (const ManPage& page : man_pages()) names.emplace_back(page.name);
    return refused("man", options, ExitCode::usage, "run.usage",
                   text_error("man", "there is no manual page '" + printable(given) + "'",
                              did_you_mean(given, names) + see_help(find_command("man"))));
}

}  // namespace

Answer run_man(const Call& call)
{
    const std::vector<std::string>& arguments = call.options.arguments;
    if (arguments.size() > 1)
        return refused("man", call.options, ExitCode::usage, "run.usage",
                       unexpected_argument(arguments[1], *find_command("man")));
    const std::string_view name = arguments.empty() ? man_pages().front().name : arguments.front();
    const auto found = std::ranges::find(man_pages(), name, &ManPage::name);
    if (found == man_pages().end()) return no_page(call.options, arguments.front());
    std::string page = found->text();
    Json content = page;
    return plain_answer("man", call.options, std::move(page), "content", std::move(content));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// layout list, show LAYOUT|FILE, validate FILE: nothing of the system is looked at but the file.
#include "app/answers/plain_answer.hpp"
#include "app/answers/refusal.hpp"
#include "app/cli/command_line_problem.hpp"
#include "app/commands/choose_layout.hpp"
#include "app/commands/commands.hpp"
#include "app/files/files.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/layout_json.hpp"

namespace mailstate {

namespace {

Json summary_json(const Layout& layout)
{
    return {{"name", printable(layout.name)},
            {"version", layout.version},
            {"state_dir", printable(layout.state_dir)},
            {"entries", layout.entries.size()}};
}

std::string summary_text(const Layout& layout)
{
    return excerpt(layout.name) + ", version " + std::to_string(layout.version) + ": " +
           human_count(layout.entries.size(), "entry", "entries") + ", state in " + excerpt(layout.state_dir) + "\n";
}

Answer answer(const Options& options, std::string text, std::string_view member, Json value)
{
    return plain_answer("layout", options, std::move(text), member, std::move(value));
}

Answer bad_layout(const Call& call, const Error& error)
{
    return bad_file("layout", call, "layout.bad", error);
}

Answer list(const Call& call)
{
    std::string text;
    Json layouts = Json::array();
    for (const std::string& name : built_in_layouts()) {
        const Result<Layout> layout = load_layout(name, call.stop);
        if (!layout) return bad_layout(call, layout.error());
        text += summary_text(*layout);
        layouts.push_back(summary_json(*layout));
    }
    return answer(call.options, std::move(text), "layouts", std::move(layouts));
}

// As it is written, so that it can be saved and changed.
Answer show(const Call& call, const std::string& name)
{
    const Result<Layout> layout = load_layout(name, call.stop);
    if (!layout) return bad_layout(call, layout.error());
    Result<std::string> text =
        is_layout_file(name) ? read_input_file(name, call.stop) : std::string(built_in_layout_text(name));
    if (!text) return bad_layout(call, text.error());
    Json json = call.options.output == Output::json ? Json::parse(*text) : Json();
    return answer(call.options, std::move(text).value(), "content", std::move(json));
}

Answer validate(const Call& call, const std::string& file)
{
    const Result<std::string> text = read_input_file(file, call.stop);
    if (!text) return bad_layout(call, text.error());
    const Result<Layout> layout = parse_layout(file, *text);
    if (!layout) return bad_layout(call, layout.error());
    return answer(call.options, wrapped(printable(file) + " is valid: " + summary_text(*layout), 2), "layout",
                  summary_json(*layout));
}

std::string said_instead(const std::vector<std::string>& arguments)
{
    std::string text;
    for (const std::string& argument : arguments) text += (text.empty() ? "" : " ") + printable(argument);
    return text.empty() ? text : ", not '" + text + "'";
}

}  // namespace

Answer run_layout(const Call& call)
{
    const std::vector<std::string>& arguments = call.options.arguments;
    const std::string action = arguments.empty() ? "" : arguments.front();
    if (action == "list" && arguments.size() == 1) return list(call);
    if (action == "show" && arguments.size() == 2) return show(call, arguments[1]);
    if (action == "validate" && arguments.size() == 2) return validate(call, arguments[1]);
    const CommandDesc* const command = find_command("layout");
    return refused("layout", call.options, ExitCode::usage, "run.usage",
                   text_error("layout", "expected " + std::string(command->arguments) + said_instead(arguments),
                              see_help(command)));
}

}  // namespace mailstate

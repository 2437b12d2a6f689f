// SPDX-License-Identifier: MIT
#include "app/cli/command_table.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/value_words.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string fish_quoted(std::string_view text)
{
    std::string result = "'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\') result += '\\';
        result += letter;
    }
    return result + "'";
}

// "-x -a 'text json'": -x takes a value and no file, -r -F a value and files.
std::string value_switches(const ValueWords& values)
{
    std::string words = join(values.words, " ");
    if (values.is_list) words = "(__fish_append , " + words + ")";
    if (values.directories) words += "(__fish_complete_directories)";
    return (values.files ? " -r -F" : " -x") + (words.empty() ? std::string() : " -a " + fish_quoted(words));
}

std::string rule(const std::string& condition, const std::string& what, std::string_view help)
{
    std::string text = "complete -c mailstate";
    if (!condition.empty()) text += " -n " + fish_quoted(condition);
    text += what;
    if (!help.empty()) text += " -d " + fish_quoted(help);
    return text + "\n";
}

std::string seen(const std::string& words)
{
    return "__fish_seen_subcommand_from " + words;
}

std::string option_rules()
{
    std::string text;
    for (const OptionDesc& option : option_table()) {
        std::string commands, others;
        for (const CommandDesc& command : command_table()) {
            std::string& list = belongs_to(option, command.id) ? commands : others;
            list += (list.empty() ? "" : " ") + std::string(command.name);
        }
        const std::string before_all = others.empty() ? others : "not " + seen(others);
        std::string what = " -l " + std::string(option.name);
        if (!option.placeholder.empty()) what += value_switches(value_words(option.placeholder));
        text += rule(is_common(option) ? before_all : seen(commands), what, option.help);
    }
    for (const SwitchDesc& each : switch_table())
        text += rule("", std::string(" -s ") + each.letter + " -l " + std::string(each.name), each.help);
    return text;
}

std::string command_rules()
{
    std::string text;
    const std::string names = join(command_names(), " ");
    for (const CommandDesc& command : command_table())
        text += rule("not " + seen(names), " -a " + std::string(command.name), command.summary);
    return text;
}

std::string argument_rules(const CommandDesc& command)
{
    const std::string here = seen(std::string(command.name));
    std::string words, text;
    for (const ArgumentWords& argument : argument_words(command)) {
        words += (words.empty() ? "" : " ") + argument.word;
        if (argument.followed.empty()) continue;
        text += rule(here + "; and " + seen(argument.word), value_switches(argument.followed), "");
    }
    if (!words.empty()) text = rule(here + "; and not " + seen(words), " -a " + fish_quoted(words), "") + text;
    if (starts_program(command)) text += rule(here + "; and contains -- -- (commandline -opc)", " -F", "");
    return text;
}

}  // namespace

std::string fish_completion()
{
    std::string text =
        "# fish completion for mailstate, written by: mailstate completion fish\n"
        "complete -c mailstate -f\n";
    text += command_rules() + option_rules();
    for (const CommandDesc& command : command_table()) text += argument_rules(command);
    return text;
}

}  // namespace mailstate

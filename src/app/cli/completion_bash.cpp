// SPDX-License-Identifier: MIT
#include "app/cli/command_table.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/value_words.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// bash has cut the line at each "=", so that "--output=te" comes as three words. It needs no bash-completion package.
constexpr std::string_view beginning = R"(# bash completion for mailstate, written by: mailstate completion bash

_mailstate_words() { mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$1" -- "$cur"); }

_mailstate_paths() { # -f files, -d directories
    compopt -o filenames 2>/dev/null
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$cur")
}

_mailstate_list() { # of several words with commas between them
    local front=
    [[ $cur != *,* ]] || front=${cur%,*},
    compopt -o nospace 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -P "$front" -W "$1" -- "${cur##*,}")
}
)";

constexpr std::string_view ending = R"(
_mailstate() {
    local cur=${COMP_WORDS[COMP_CWORD]} command= argument= option= word i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        if [[ $word == = ]]; then
            continue
        elif [[ -n $option ]]; then
            option=
        elif [[ $word == -- ]] && _mailstate_starts_program "$command"; then
            if ((i + 1 == COMP_CWORD)); then _mailstate_paths -c; else _mailstate_paths -f; fi
            return
        elif _mailstate_takes_value "$word"; then
            option=$word
        elif [[ $word == -* ]]; then
            continue
        elif [[ -z $command ]]; then
            command=$word
        else
            argument=$word
        fi
    done
    [[ $cur != = ]] || cur=
    if [[ -n $option ]]; then
        _mailstate_value "$option"
    elif [[ $cur == --*=* ]]; then
        option=${cur%%=*} cur=${cur#*=}
        _mailstate_value "$option"
        COMPREPLY=("${COMPREPLY[@]/#/$option=}")
    elif [[ $cur == -* ]]; then
        _mailstate_options "$command"
    elif [[ -z $command ]]; then
        _mailstate_commands
    else
        _mailstate_argument "$command" "$argument"
    fi
}

complete -F _mailstate mailstate
)";

// The shell's words for a value: "_mailstate_words 'text json'".
std::string calls_for(const ValueWords& values)
{
    std::string calls;
    if (!values.words.empty())
        calls += (values.is_list ? "_mailstate_list '" : "_mailstate_words '") + join(values.words, " ") + "'; ";
    if (values.files) calls += "_mailstate_paths -f; ";
    if (values.directories) calls += "_mailstate_paths -d; ";
    return calls.empty() ? ": ; " : calls;
}

std::string row(const std::string& pattern, const std::string& calls)
{
    return "        " + pattern + ") " + calls + ";;\n";
}

std::string function(std::string_view name, const std::string& rows)
{
    return "\n" + std::string(name) + "() {\n    case $1 in\n" + rows + "    esac\n}\n";
}

std::string values_function()
{
    std::string rows, patterns;
    for (const OptionDesc& option : option_table()) {
        if (option.placeholder.empty()) continue;
        const std::string name = "--" + std::string(option.name);
        patterns += (patterns.empty() ? "" : " | ") + name;
        const ValueWords values = value_words(option.placeholder);
        if (!values.empty()) rows += row(name, calls_for(values));
    }
    return function("_mailstate_takes_value", row(patterns, "return 0 ") + row("*", "return 1 ")) +
           function("_mailstate_value", rows);
}

std::string options_row(const CommandDesc* command)
{
    std::string names;
    for (const OptionDesc& option : option_table())
        if (command == nullptr ? is_common(option) : belongs_to(option, command->id))
            names += "--" + std::string(option.name) + " ";
    for (const SwitchDesc& each : switch_table()) names += "--" + std::string(each.name) + " ";
    names.pop_back();
    return row(command == nullptr ? "*" : std::string(command->name), "_mailstate_words '" + names + "' ");
}

std::string options_function()
{
    std::string rows;
    for (const CommandDesc& command : command_table()) rows += options_row(&command);
    return function("_mailstate_options", rows + options_row(nullptr));
}

std::string commands_function()
{
    return "\n_mailstate_commands() { _mailstate_words '" + join(command_names(), " ") + "'; }\n";
}

// One row for the word after the command, and one for each word that another one can follow.
std::string argument_rows(const CommandDesc& command)
{
    const std::string name(command.name);
    std::string rows, words;
    for (const ArgumentWords& argument : argument_words(command)) {
        words += (words.empty() ? "" : " ") + argument.word;
        if (!argument.followed.empty()) rows += row(name + "/" + argument.word, calls_for(argument.followed));
    }
    return words.empty() ? rows : row(name + "/", "_mailstate_words '" + words + "' ") + rows;
}

std::string arguments_function()
{
    std::string rows, starting;
    for (const CommandDesc& command : command_table()) {
        rows += argument_rows(command);
        if (starts_program(command)) starting += row(std::string(command.name), "return 0 ");
    }
    return "\n_mailstate_argument() {\n    case $1/$2 in\n" + rows + "    esac\n}\n" +
           function("_mailstate_starts_program", starting + row("*", "return 1 "));
}

}  // namespace

std::string bash_completion()
{
    return std::string(beginning) + values_function() + options_function() + commands_function() +
           arguments_function() + std::string(ending);
}

}  // namespace mailstate

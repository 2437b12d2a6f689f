// SPDX-License-Identifier: MIT
#include "app/cli/command_table.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/value_words.hpp"

namespace mailstate {

namespace {

constexpr std::string_view zsh_ending = R"(
_mailstate() {
    local context state state_descr line curcontext=$curcontext
    local -A opt_args
    local -a options
    _mailstate_command_options ''
    _arguments -C -S -A "-*" "${options[@]}" '1: :->command' '*:: :->argument'
    case $state in
        command) _mailstate_commands ;;
        argument)
            _mailstate_command_options $words[1]
            local -i dashes=${words[(I)--]}
            if _mailstate_starts_program $words[1] && (( dashes && dashes < CURRENT )); then
                shift $dashes words
                (( CURRENT -= dashes ))
                _normal
            else
                _arguments -S "${options[@]}" '*: :_mailstate_argument'
            fi
            ;;
    esac
}

if [[ $funcstack[1] == _mailstate ]]; then _mailstate "$@"; else compdef _mailstate mailstate; fi
)";

// Inside '…'; `special` are the characters that have a meaning there.
std::string zsh_quoted(std::string_view text, std::string_view special)
{
    std::string result;
    for (const char letter : text) {
        if (letter == '\'') {
            result += R"('\'')";
            continue;
        }
        if (letter == '\\' || special.find(letter) != std::string_view::npos) result += '\\';
        result += letter;
    }
    return result;
}

std::string zsh_calls_for(const ValueWords& values)
{
    std::string words;
    for (const std::string& word : values.words) words += " " + word;
    std::string calls;
    if (!words.empty()) calls += (values.is_list ? "_values -s , value" : "compadd --") + words + "; ";
    if (values.files) calls += "_files; ";
    if (values.directories) calls += "_files -/; ";
    return calls.empty() ? ": ; " : calls;
}

std::string zsh_row(const std::string& pattern, const std::string& calls)
{
    return "        " + pattern + ") " + calls + ";;\n";
}

std::string zsh_function(std::string_view name, std::string_view asked, const std::string& rows)
{
    return "\n" + std::string(name) + "() {\n    case " + std::string(asked) + " in\n" + rows + "    esac\n}\n";
}

std::string zsh_values_function()
{
    std::string rows;
    for (const OptionDesc& option : option_table()) {
        const ValueWords values = value_words(option.placeholder);
        if (!values.empty()) rows += zsh_row(std::string(option.name), zsh_calls_for(values));
    }
    return zsh_function("_mailstate_value", "$1", rows);
}

// '--output=[what goes to stdout]:text|json: _mailstate_value output'
std::string spec_of(const OptionDesc& option)
{
    const std::string name(option.name);
    const std::string help = "[" + zsh_quoted(option.help, "[]:") + "]";
    if (option.placeholder.empty()) return "'--" + name + help + "'";
    return "'--" + name + "=" + help + ":" + zsh_quoted(option.placeholder, ":") + ": _mailstate_value " + name + "'";
}

std::string specs_row(const CommandDesc* command)
{
    std::string specs;
    for (const OptionDesc& option : option_table())
        if (command == nullptr ? is_common(option) : belongs_to(option, command->id))
            specs += "\n            " + spec_of(option);
    for (const SwitchDesc& each : switch_table()) {
        const std::string letter = std::string("-") + each.letter, name = "--" + std::string(each.name);
        specs += "\n            '(- *)'{" + letter + "," + name + "}'[" + zsh_quoted(each.help, "[]:") + "]'";
    }
    return zsh_row(command == nullptr ? "*" : std::string(command->name), "options=(" + specs + ") ");
}

std::string zsh_options_function()
{
    std::string rows;
    for (const CommandDesc& command : command_table()) rows += specs_row(&command);
    return zsh_function("_mailstate_command_options", "$1", rows + specs_row(nullptr));
}

std::string zsh_commands_function()
{
    std::string rows;
    for (const CommandDesc& command : command_table())
        rows += "        '" + std::string(command.name) + ":" + zsh_quoted(command.summary, ":") + "'\n";
    return "\n_mailstate_commands() {\n    local -a commands=(\n" + rows +
           "    )\n    _describe -t commands command commands\n}\n";
}

std::string zsh_argument_rows(const CommandDesc& command)
{
    const std::string name(command.name);
    std::string rows, words;
    for (const ArgumentWords& argument : argument_words(command)) {
        words += " " + argument.word;
        if (!argument.followed.empty()) rows += zsh_row(name + "/" + argument.word, zsh_calls_for(argument.followed));
    }
    return words.empty() ? rows : zsh_row(name + "/", "compadd --" + words + " ") + rows;
}

std::string zsh_arguments_function()
{
    std::string rows, starting;
    for (const CommandDesc& command : command_table()) {
        rows += zsh_argument_rows(command);
        if (starts_program(command)) starting += zsh_row(std::string(command.name), "return 0 ");
    }
    // The last word after the command's name that is not an option.
    return zsh_function("_mailstate_argument", "$words[1]/${${words[2,CURRENT-1]:#-*}[-1]}", rows) +
           zsh_function("_mailstate_starts_program", "$1", starting + zsh_row("*", "return 1 "));
}

}  // namespace

std::string zsh_completion()
{
    return "#compdef mailstate\n# zsh completion for mailstate, written by: mailstate completion zsh\n" +
           zsh_values_function() + zsh_options_function() + zsh_commands_function() + zsh_arguments_function() +
           std::string(zsh_ending);
}

}  // namespace mailstate

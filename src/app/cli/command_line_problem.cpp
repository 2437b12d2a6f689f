// SPDX-License-Identifier: MIT
#include "app/cli/command_line_problem.hpp"

#include "app/cli/suggestion.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::vector<std::string> option_names(const CommandDesc* command)
{
    std::vector<std::string> names{"--help", "--version"};
    for (const OptionDesc& option : option_table())
        if (command == nullptr ? is_common(option) : belongs_to(option, command->id))
            names.push_back("--" + std::string(option.name));
    return names;
}

// The first command that knows the option, for the message and the example in the hint.
const CommandDesc* owner_of(const OptionDesc& option)
{
    for (const CommandDesc& command : command_table())
        if (belongs_to(option, command.id)) return &command;
    return nullptr;
}

Error misplaced_option(const std::string& name, const OptionDesc& option, const CommandDesc* command)
{
    const std::string owner(owner_of(option)->name);
    if (command == nullptr || belongs_to(option, command->id)) {
        const std::string after = command == nullptr ? owner : std::string(command->name);
        return text_error(name, "must follow the command name", "Write: mailstate " + after + " " + name + ".");
    }
    return text_error(name, "is an option of " + owner + ", not of " + std::string(command->name), see_help(command));
}

}  // namespace

std::string see_help(const CommandDesc* command)
{
    return "See: mailstate " + (command == nullptr ? std::string() : std::string(command->name) + " ") + "--help.";
}

Error nothing_to_start()
{
    return text_error("--", "is not followed by a command", "Write: mailstate apply -- CMD ARG…, or leave out the --.");
}

Error missing_command()
{
    return text_error({}, "no command was given", "Use one of " + join(command_names()) + ". " + see_help(nullptr));
}

Error unknown_command(std::string_view name)
{
    const std::string hint = did_you_mean(name, command_names());
    return text_error(std::string(name), "unknown command",
                      (hint.empty() ? "The commands are " + join(command_names()) + ". " : hint) + see_help(nullptr));
}

Error unknown_option(std::string_view argument, const CommandDesc* command)
{
    const std::string name(argument.substr(0, argument.find('=')));
    const OptionDesc* known = name.starts_with("--") ? find_option(std::string_view(name).substr(2)) : nullptr;
    if (known != nullptr) return misplaced_option(name, *known, command);
    return text_error(name, "unknown option" + (command == nullptr ? "" : " for " + std::string(command->name)),
                      did_you_mean(name, option_names(command)) + see_help(command));
}

Error unexpected_argument(std::string_view argument, const CommandDesc& command)
{
    return text_error(std::string(argument), std::string(command.name) + " takes no argument of this kind",
                      see_help(&command));
}

Error bad_option_value(const OptionDesc& option, const Error& reason, const CommandDesc* command)
{
    return text_error("--" + std::string(option.name), reason.message, see_help(command));
}

Error missing_value(std::string_view parser_message)
{
    const std::string name(parser_message.substr(0, parser_message.find_first_of(": ")));
    const OptionDesc* option = name.starts_with("--") ? find_option(std::string_view(name).substr(2)) : nullptr;
    if (option == nullptr) return text_error({}, std::string(parser_message), see_help(nullptr));
    return text_error(name, "needs a value", "Write: " + name + " " + std::string(option->placeholder) + ".");
}

}  // namespace mailstate

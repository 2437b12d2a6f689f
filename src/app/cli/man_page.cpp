// SPDX-License-Identifier: MIT
#include "app/cli/man_page.hpp"

#include <array>

#include "app/cli/command_table.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/program_facts.hpp"
#include "app/cli/roff.hpp"

namespace mailstate {

namespace {

// "\fBmailstate plan\fR [OPTION...]", for the synopsis.
std::string usage(const CommandDesc& command)
{
    std::string result = roff::bold("mailstate " + std::string(command.name)) + " [" + roff::italic("OPTION…") + "]";
    if (!command.arguments.empty()) result += " " + roff::escaped(command.arguments);
    return result + "\n";
}

std::string synopsis()
{
    std::string section = ".SH SYNOPSIS\n.nf\n";
    for (const CommandDesc& command : command_table()) section += usage(command);
    return section + ".fi\n";
}

std::string commands()
{
    std::string section = ".SH COMMANDS\n";
    for (const CommandDesc& command : command_table())
        section += ".SS " + roff::escaped(command.name) + "\n" + roff::text(command.details);
    return section;
}

std::string commands_of(const OptionDesc& option)
{
    std::string names;
    for (const CommandDesc& command : command_table())
        if (belongs_to(option, command.id)) names += (names.empty() ? "" : ", ") + std::string(command.name);
    return names;
}

std::string man_option(const OptionDesc& option)
{
    std::string tag = roff::bold("--" + std::string(option.name));
    if (!option.placeholder.empty()) tag += " " + roff::italic(option.placeholder);
    std::string meaning(option.help);
    if (!option.fallback.empty()) meaning.append(" (default: ").append(option.fallback).append(")");
    if (!is_common(option)) meaning.append("; of ").append(commands_of(option));
    return roff::tagged(tag, meaning);
}

std::string options()
{
    std::string section = ".SH OPTIONS\n" + roff::text("An option belongs to all commands unless some are named.");
    for (const OptionGroup group : {OptionGroup::place, OptionGroup::decision, OptionGroup::run, OptionGroup::output}) {
        section += ".SS " + roff::escaped(heading(group)) + "\n";
        for (const OptionDesc& option : option_table())
            if (option.group == group) section += man_option(option);
    }
    for (const SwitchDesc& each : switch_table())
        section += roff::tagged(
            roff::bold(std::string("-") + each.letter) + ", " + roff::bold("--" + std::string(each.name)), each.help);
    return section;
}

std::string exit_codes()
{
    std::string section = ".SH EXIT STATUS\n";
    for (const ExitCodeDesc& code : exit_code_table()) section += roff::tagged(roff::bold(code.number), code.meaning);
    return section;
}

std::string facts(std::string_view title, std::span<const Fact> table)
{
    std::string section = ".SH " + std::string(title) + "\n";
    for (const Fact& fact : table) section += roff::tagged(roff::bold(fact.name), fact.meaning);
    return section;
}

std::string examples()
{
    std::string section = ".SH EXAMPLES\n";
    for (const CommandDesc& command : command_table()) {
        section += (&command == &command_table().front() ? "" : ".PP\n") + roff::bold(command.name) + ":\n" +
                   roff::text(command.summary) + ".RS 4\n.PP\n.EX\n";
        for (const std::string_view example : command.examples) section += roff::line(example);
        section += ".EE\n.RE\n";
    }
    return section;
}

constexpr std::array<ManPage, 3> pages{
    {{"mailstate", man_page}, {"mailstate-layout", man_page_of_layouts}, {"mailstate-findings", man_page_of_findings}}};

}  // namespace

std::string man_page()
{
    return roff::beginning("mailstate", "1", "User Commands", program_summary()) + synopsis() + ".SH DESCRIPTION\n" +
           roff::text(program_description()) + commands() + options() + exit_codes() +
           facts("ENVIRONMENT", environment_table()) + facts("FILES", file_table()) + examples() +
           roff::see_also({"mailstate-layout(5)", "mailstate-findings(7)", "docker(1)", "postfix(1)", "postmap(1)",
                           "mount(8)", "chown(1)"});
}

std::span<const ManPage> man_pages()
{
    return pages;
}

}  // namespace mailstate

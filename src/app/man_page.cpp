// SPDX-License-Identifier: MIT
#include "app/man_page.hpp"

#include <array>

#include "app/code_facts.hpp"
#include "app/command_table.hpp"
#include "app/exit_code.hpp"
#include "app/option_table.hpp"
#include "app/program_facts.hpp"
#include "app/program_version.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr std::array<std::string_view, 5> related{"docker(1)", "postfix(1)", "postmap(1)", "mount(8)", "chown(1)"};

// groff_char(7): a bare "-" may become a hyphen, which nobody can paste into a shell; "\" begins a request; the page is
// ASCII, so that every formatter takes it without being told an encoding.
std::string escaped(std::string_view text)
{
    constexpr std::string_view ellipsis = "…";
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with(ellipsis)) {
            result += "...";
            i += ellipsis.size() - 1;
        } else if (text[i] == '-' || text[i] == '\\') {
            result += text[i] == '-' ? "\\-" : "\\e";
        } else if (text[i] == '\'') {
            result += "\\(aq";
        } else {
            result += text[i];
        }
    }
    return result;
}

// A line as it is: one that begins with "." would be a request.
std::string line(std::string_view text)
{
    const std::string safe = escaped(text);
    return (safe.starts_with('.') ? "\\&" : "") + safe + "\n";
}

// A paragraph, in short lines of the source, and with each sentence on a line of its own: behind its stop a formatter
// puts the blanks that end a sentence.
std::string text(std::string_view words)
{
    constexpr std::size_t widest = 76;
    std::string result, current;
    const auto end_line = [&] {
        if (!current.empty()) result += line(current);
        current.clear();
    };
    for (const std::string& word : split_list(words, ' ')) {
        if (escaped(current).size() + 1 + escaped(word).size() > widest) end_line();
        current += (current.empty() ? "" : " ") + word;
        if (word.ends_with('.')) end_line();
    }
    end_line();
    return result;
}

std::string bold(std::string_view text)
{
    return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text)
{
    return "\\fI" + escaped(text) + "\\fR";
}

std::string tagged(const std::string& tag, std::string_view meaning)
{
    return ".TP\n" + tag + "\n" + text(meaning);
}

// "\fBmailstate plan\fR [OPTION...]", for the synopsis.
std::string usage(const CommandDesc& command)
{
    std::string result = bold("mailstate " + std::string(command.name)) + " [" + italic("OPTION…") + "]";
    if (!command.arguments.empty()) result += " " + escaped(command.arguments);
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
        section += ".SS " + escaped(command.name) + "\n" + text(command.details);
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
    std::string tag = bold("--" + std::string(option.name));
    if (!option.placeholder.empty()) tag += " " + italic(option.placeholder);
    std::string meaning(option.help);
    if (!option.fallback.empty()) meaning.append(" (default: ").append(option.fallback).append(")");
    if (!is_common(option)) meaning.append("; of ").append(commands_of(option));
    return tagged(tag, meaning);
}

std::string options()
{
    std::string section = ".SH OPTIONS\n" + text("Where no commands are named, an option belongs to all of them.");
    for (const OptionGroup group : {OptionGroup::place, OptionGroup::decision, OptionGroup::run, OptionGroup::output}) {
        section += ".SS " + escaped(heading(group)) + "\n";
        for (const OptionDesc& option : option_table())
            if (option.group == group) section += man_option(option);
    }
    for (const SwitchDesc& each : switch_table())
        section += tagged(bold(std::string("-") + each.letter) + ", " + bold("--" + std::string(each.name)), each.help);
    return section;
}

std::string exit_codes()
{
    std::string section = ".SH EXIT STATUS\n";
    for (const ExitCodeDesc& code : exit_code_table()) section += tagged(bold(code.number), code.meaning);
    return section;
}

std::string facts(std::string_view title, std::span<const Fact> table)
{
    std::string section = ".SH " + std::string(title) + "\n";
    for (const Fact& fact : table) section += tagged(bold(fact.name), fact.meaning);
    return section;
}

std::string codes()
{
    std::string section =
        ".SH CODES\n" + text("Of findings, and of the rules of check; 'mailstate explain CODE' has more on each.");
    for (const CodeFacts& each : every_fact()) section += tagged(bold(each.code), each.meaning);
    return section;
}

std::string examples()
{
    std::string section = ".SH EXAMPLES\n";
    for (const CommandDesc& command : command_table()) {
        section += (&command == &command_table().front() ? "" : ".PP\n") + bold(command.name) + ":\n" +
                   text(command.summary) + ".RS 4\n.PP\n.EX\n";
        for (const std::string_view example : command.examples) section += line(example);
        section += ".EE\n.RE\n";
    }
    return section;
}

// ".BR docker (1),"
std::string see_also()
{
    std::string section = ".SH SEE ALSO\n";
    for (const std::string_view page : related) {
        const std::size_t end = page.find('(');
        section.append(".BR ").append(page.substr(0, end)).append(" ").append(page.substr(end));
        section += page == related.back() ? "\n" : ",\n";
    }
    return section;
}

}  // namespace

std::string man_page()
{
    return ".TH MAILSTATE 1 " + std::string(release_date()) + " \"mailstate " + std::string(version()) +
           "\" \"User Commands\"\n.SH NAME\nmailstate \\- " + escaped(program_summary()) + "\n" + synopsis() +
           ".SH DESCRIPTION\n" + text(program_description()) + commands() + options() + exit_codes() +
           facts("ENVIRONMENT", environment_table()) + facts("FILES", file_table()) + codes() + examples() + see_also();
}

}  // namespace mailstate

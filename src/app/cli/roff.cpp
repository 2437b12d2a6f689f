// SPDX-License-Identifier: MIT
#include "app/cli/roff.hpp"

#include "app/cli/program_version.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate::roff {

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

// A line that begins with "." would be a request.
std::string line(std::string_view text)
{
    const std::string safe = escaped(text);
    return (safe.starts_with('.') ? "\\&" : "") + safe + "\n";
}

// In short lines of the source, and with each sentence on a line of its own: after its stop a formatter puts the blanks
// that end a sentence.
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

std::string beginning(std::string_view name, std::string_view section, std::string_view kind, std::string_view summary)
{
    std::string title(name);
    for (char& letter : title)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return ".TH " + title + " " + std::string(section) + " " + std::string(release_date()) + " \"mailstate " +
           std::string(version()) + "\" \"" + std::string(kind) + "\"\n.SH NAME\n" + std::string(name) + " \\- " +
           escaped(summary) + "\n";
}

// ".BR docker (1),"
std::string see_also(std::initializer_list<std::string_view> pages)
{
    std::string section = ".SH SEE ALSO\n";
    std::string_view comma;
    for (const std::string_view page : pages) {
        const std::size_t end = page.find('(');
        section.append(comma).append(".BR ").append(page.substr(0, end)).append(" ").append(page.substr(end));
        comma = ",\n";
    }
    return section + "\n";
}

}  // namespace mailstate::roff

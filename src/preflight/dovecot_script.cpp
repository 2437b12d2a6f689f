// SPDX-License-Identifier: MIT
// Dovecot's configuration as a script writes it.
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/dovecot_syntax.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

// "cat >x <<-'EOF'": EOF; empty where no here-document begins in the line.
std::string delimiter_of(std::string_view line)
{
    const std::size_t at = line.find("<<");
    if (at == std::string_view::npos || line.substr(at).starts_with("<<<")) return "";
    std::string_view rest = line.substr(at + 2);
    if (rest.starts_with('-')) rest.remove_prefix(1);
    rest = trim(rest);
    std::string word(rest.substr(0, rest.find_first_of(" \t;|&>")));
    std::erase_if(word, [](char c) { return c == '\'' || c == '"' || c == '\\'; });
    return word;
}

bool is_about_dovecot(std::string_view line)
{
    return line.find("dovecot") != std::string_view::npos;
}

struct HereDocument {
    bool of_dovecot = false;
    int first_line = 0;  // of its text
    std::string text;
};

struct Script {
    std::vector<HereDocument> documents;
    std::vector<TextLine> commands;  // views of the script's text
};

Script taken_apart(std::string_view text)
{
    Script script;
    std::string delimiter;
    const TextLines lines = split_lines(text);
    for (const TextLine& line : lines.lines) {
        if (!delimiter.empty()) {
            if (trim(line.text) == delimiter)
                delimiter.clear();
            else
                script.documents.back().text += std::string(line.text) + "\n";
            continue;
        }
        if (is_comment(line.text)) continue;
        script.commands.push_back(line);
        delimiter = delimiter_of(line.text);
        if (!delimiter.empty()) script.documents.push_back({is_about_dovecot(line.text), line.number + 1, ""});
    }
    return script;
}

void add_new(std::vector<OldSyntax>& found, OldSyntax one)
{
    if (std::ranges::find(found, one.what, &OldSyntax::what) == found.end()) found.push_back(std::move(one));
}

}  // namespace

std::vector<OldSyntax> old_dovecot_syntax_in_script(std::string_view text)
{
    std::vector<OldSyntax> found;
    const Script script = taken_apart(text);
    for (const HereDocument& document : script.documents)
        if (document.of_dovecot)
            for (const OldSyntax& old : old_dovecot_syntax(document.text))
                add_new(found, {document.first_line + old.line - 1, old.what, old.loads});
    return found;
}

std::vector<OldSyntax> old_dovecot_words_in_script(std::string_view text)
{
    static constexpr std::array<std::string_view, 4> words{"disable_plaintext_auth", "mail_location", "plugin {",
                                                           "$mail_plugins"};
    std::vector<OldSyntax> found;
    const Script script = taken_apart(text);
    for (const TextLine& line : script.commands)
        for (const std::string_view word : words)
            if (is_about_dovecot(line.text) && line.text.find(word) != std::string_view::npos)
                add_new(found, {line.number, std::string(word), Loads::no});
    return found;
}

}  // namespace mailstate

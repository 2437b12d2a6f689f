// SPDX-License-Identifier: MIT
#include "preflight/dovecot_syntax.hpp"

#include <algorithm>
#include <cctype>

#include "mailstate/base/text.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

// "key = value": its two sides; empty where it is not a setting.
struct Assignment {
    std::string_view key, value;
};

Assignment assignment_of(std::string_view line)
{
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.substr(0, equals).find('{') != std::string_view::npos) return {};
    return {trim(line.substr(0, equals)), trim(line.substr(equals + 1))};
}

// "passdb {": the block's name and its argument; empty where it is not a block.
struct Block {
    std::string_view name, argument;
};

Block block_of(std::string_view line)
{
    const std::size_t brace = line.find('{');
    if (brace == std::string_view::npos || line.find('=') < brace) return {};
    const std::string_view head = trim(line.substr(0, brace));
    return {first_word(head), rest_of(head)};
}

// %u, %Ln, %1Mu: a percent sign, modifiers, a letter. %{user} and %% are of both languages.
bool has_letter_variable(std::string_view text)
{
    static constexpr std::string_view letters = "undsalrcpkwmhi";
    for (std::size_t at = text.find('%'); at != std::string_view::npos && at + 1 < text.size();
         at = text.find('%', at)) {
        ++at;
        if (text[at] == '%') {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.' ||
                                     std::string_view("LURMHXTN").find(text[end]) != std::string_view::npos))
            ++end;
        if (end < text.size() && letters.find(text[end]) != std::string_view::npos) return true;
    }
    return false;
}

std::string what_is_old(std::string_view line)
{
    const Assignment setting = assignment_of(line);
    const Block block = block_of(line);
    if (block.name == "plugin") return "plugin {";
    if ((block.name == "passdb" || block.name == "userdb") && block.argument.empty())
        return std::string(block.name) + " { without a name";
    if (setting.key == "mail_location" || setting.key == "disable_plaintext_auth") return std::string(setting.key);
    if (line.find("$mail_plugins") != std::string_view::npos) return "$mail_plugins";
    if (setting.key.starts_with("ssl_") && setting.value.starts_with('<')) return std::string(setting.key) + " = <";
    if (setting.key == "args") return "args =";
    if (setting.key == "default_fields" || setting.key == "override_fields") return std::string(setting.key) + " =";
    if (!setting.key.empty() && has_letter_variable(setting.value)) return "a variable of one letter (such as %u)";
    return "";
}

// "mail_plugins = quota fts" outside of a block: a name of the old language is reported by its line.
bool is_plain_list(std::string_view line, int depth)
{
    return depth == 0 && assignment_of(line).key == "mail_plugins";
}

int depth_after(std::string_view line, int depth)
{
    depth += static_cast<int>(std::ranges::count(line, '{') - std::ranges::count(line, '}'));
    return std::max(depth, 0);
}

}  // namespace

std::vector<OldSyntax> old_dovecot_syntax(std::string_view text)
{
    std::vector<OldSyntax> found;
    int depth = 0;
    const TextLines lines = split_lines(text);
    for (const TextLine& line : lines.lines) {
        if (is_comment(line.text)) continue;
        std::string what = what_is_old(line.text);
        const Loads loads = what.empty() ? Loads::yes : Loads::no;
        if (what.empty() && is_plain_list(line.text, depth)) what = "mail_plugins as a list";
        depth = depth_after(line.text, depth);
        const bool is_new = std::ranges::find(found, what, &OldSyntax::what) == found.end();
        if (!what.empty() && is_new) found.push_back({line.number, what, loads});
    }
    return found;
}

}  // namespace mailstate

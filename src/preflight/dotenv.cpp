// SPDX-License-Identifier: MIT
// compose-go's reading of env files, with the line of each variable.
#include <cctype>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/env_file.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr int most_env_problems = 20;

bool is_space(char c)  // as Go's unicode.IsSpace, for ASCII
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_name_character(unsigned char c)  // letters of any alphabet; other bytes of UTF-8 are taken for such
{
    return std::isalnum(c) != 0 || c >= 0x80 || c == '_' || c == '.' || c == '-' || c == '[' || c == ']';
}

std::string_view without_trailing_space(std::string_view text)
{
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// "\n", "\t", "\\" and so on, in double quotes; "\$" is a dollar sign and no variable: "$$" to the interpolation.
std::string with_escapes(std::string_view text)
{
    static constexpr std::string_view letters = "abfnrtv\\\"", meanings = "\a\b\f\n\r\t\v\\\"";
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
        const std::size_t at = next == '\0' ? std::string_view::npos : letters.find(next);
        if (next == '$')
            result += "$$";
        else if (at != std::string_view::npos)
            result += meanings[at];
        else {
            result += text[i];
            continue;
        }
        ++i;
    }
    return result;
}

class Dotenv {
public:
    Dotenv(std::string_view file_name, std::string_view text, const Lookup& lookup)
        : name_(file_name), text_(text), lookup_(lookup)
    {
        if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    }

    EnvFile read()
    {
        while (to_statement()) statement();
        return std::move(file_);
    }

private:
    void advance()
    {
        if (text_[at_++] == '\n') ++line_;
    }
    [[nodiscard]] bool ends() const { return at_ >= text_.size(); }
    [[nodiscard]] char here() const { return ends() ? '\n' : text_[at_]; }

    void to_next_line()
    {
        while (!ends() && here() != '\n') advance();
        if (!ends()) advance();
    }

    void over_blanks()
    {
        while (!ends() && here() != '\n' && is_space(here())) advance();
    }

    bool to_statement()
    {
        while (!ends() && (is_space(here()) || here() == '#')) here() == '#' ? to_next_line() : advance();
        return !ends();
    }

    // "export" is not part of the name.
    void over_export()
    {
        constexpr std::string_view word = "export";
        if (!text_.substr(at_).starts_with(word) || at_ + word.size() >= text_.size()) return;
        if (!is_space(text_[at_ + word.size()])) return;
        at_ += word.size();
        over_blanks();
    }

    void statement()
    {
        over_export();
        const int line = line_;
        const std::size_t begin = at_;
        while (!ends() && here() != '=' && here() != ':' && here() != '\n') {
            if (!is_space(here()) && !is_name_character(static_cast<unsigned char>(here())))
                return refuse(line, "it has a character that a name cannot have");
            advance();
        }
        const std::string key(without_trailing_space(text_.substr(begin, at_ - begin)));
        const bool inherited = here() == '\n';
        if (key.find(' ') != std::string::npos) return refuse(line, "a name cannot have a blank");
        if (!ends()) advance();
        if (inherited) return inherit(key, line);
        over_blanks();
        value(key, line);
    }

    void inherit(const std::string& key, int line)
    {
        if (auto known = lookup_(key)) set(key, *std::move(known), line);
    }

    void value(const std::string& key, int line)
    {
        const char quote = ends() ? '\0' : here();
        if (quote == '"' || quote == '\'') return quoted(key, quote, line);
        const std::size_t begin = at_;
        while (!ends() && here() != '\n') advance();
        std::string_view text = text_.substr(begin, at_ - begin);
        if (!ends()) advance();
        text = without_trailing_space(text.substr(0, text.find(" #")));
        set(key, expanded(text, line), line);
    }

    void quoted(const std::string& key, char quote, int line)
    {
        const std::size_t restart = at_;
        std::string text;
        bool escaped = false;
        for (advance(); !ends(); advance()) {
            const char c = here();
            if (c == quote && !escaped) {
                advance();
                return set(key, quote == '"' ? expanded(with_escapes(text), line) : text, line);
            }
            if (c == '\\' && !escaped) {
                escaped = true;
                continue;
            }
            if (escaped && c != quote) text += '\\';
            escaped = false;
            text += c;
        }
        at_ = restart;
        line_ = line;
        refuse(line, "its quote is never closed");
    }

    std::string expanded(std::string_view text, int line)
    {
        std::vector<Worded> problems;
        const Lookup known = [this](std::string_view name) -> std::optional<std::string> {
            if (auto outer = lookup_(name)) return outer;
            const auto own = file_.settings.find(name);
            return own == file_.settings.end() ? std::nullopt : std::optional(own->second.value);
        };
        std::string result = interpolate(text, known, &problems);
        for (const Worded& problem : problems) report(line, problem);
        return result;
    }

    void set(const std::string& key, std::string value, int line)
    {
        Setting setting;
        setting.value = std::move(value);
        setting.where = place_of(name_, line);
        file_.settings[key] = std::move(setting);
    }

    void refuse(int line, const char* why)
    {
        report(line, {why, {}});
        to_next_line();
    }

    void report(int line, Worded why)
    {
        if (++problems_ <= most_env_problems)
            file_.problems.push_back(
                problem_of(make_finding(Severity::error, "env.line", place_of(name_, line),
                                        "compose refuses this line, and with it the whole project: "),
                           std::move(why)));
    }

    std::string_view name_, text_;
    const Lookup& lookup_;
    EnvFile file_;
    std::size_t at_ = 0;
    int line_ = 1;
    int problems_ = 0;
};

}  // namespace

EnvFile parse_dotenv(std::string_view file_name, std::string_view text, const Lookup& lookup)
{
    return Dotenv(file_name, text, lookup).read();
}

}  // namespace mailstate

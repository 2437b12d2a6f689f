// SPDX-License-Identifier: MIT
#include "preflight/interpolate.hpp"

#include <algorithm>

#include "model/words.hpp"

namespace mailstate {

namespace {

constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
constexpr int deepest_default = 32;  // defaults in defaults

// For every '{' where its '}' is; npos: nowhere. Found in one pass, however many there are.
std::vector<std::size_t> closing_braces(std::string_view text)
{
    std::vector<std::size_t> closing, open;
    if (text.find("${") == std::string_view::npos) return closing;
    closing.assign(text.size(), std::string_view::npos);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{') open.push_back(i);
        if (text[i] != '}' || open.empty()) continue;
        closing[open.back()] = i;
        open.pop_back();
    }
    return closing;
}

class Interpolation {
public:
    Interpolation(const Lookup& lookup, std::vector<Worded>* problems, std::vector<std::string>* unset)
        : lookup_(lookup), problems_(problems), unset_(unset)
    {
    }

    std::string of(std::string_view text, int depth)
    {
        std::string result;
        const std::vector<std::size_t> closing = closing_braces(text);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t dollar = std::min(text.find('$', at), text.size());
            result += text.substr(at, dollar - at);
            at = dollar + (dollar < text.size() ? reference(text, dollar, closing, depth, result) : 0);
        }
        return result;
    }

private:
    // What begins with the dollar: appends what it stands for, and returns its length.
    std::size_t reference(std::string_view text, std::size_t dollar, const std::vector<std::size_t>& closing, int depth,
                          std::string& result)
    {
        const std::string_view rest = text.substr(dollar);
        if (rest.starts_with("$$")) return literal("$", 2, result);
        if (rest.starts_with("${")) {
            const std::size_t close = closing[dollar + 1];
            const std::string_view inside =
                close == std::string_view::npos ? std::string_view() : rest.substr(2, close - dollar - 2);
            if (depth < deepest_default && is_reference(inside)) {
                result += replaced(inside, depth);
                return inside.size() + 3;
            }
            refuse({"it has a \"${\" that does not refer to a variable; write a dollar sign as $$"});
            return literal("$", 1, result);
        }
        const std::size_t end = std::min(rest.find_first_not_of(name_characters, 1), rest.size());
        const std::string_view name = rest.substr(1, end - 1);
        if (!is_shell_name(name)) return literal("$", 1, result);
        result += plain(name);
        return end;
    }

    // Of a name without a default.
    std::string plain(std::string_view name)
    {
        std::optional<std::string> value = lookup_(name);
        if (!value && unset_ != nullptr) unset_->emplace_back(name);
        return std::move(value).value_or("");
    }

    static std::size_t literal(std::string_view text, std::size_t length, std::string& result)
    {
        result += text;
        return length;
    }

    static bool is_reference(std::string_view inside)
    {
        const std::size_t end = std::min(inside.find_first_not_of(name_characters), inside.size());
        if (!is_shell_name(inside.substr(0, end))) return false;
        std::string_view rest = inside.substr(end);
        if (rest.starts_with(':')) rest.remove_prefix(1);
        return inside.size() == end || (!rest.empty() && std::string_view("-?+").find(rest.front()) != rest.npos);
    }

    std::string replaced(std::string_view inside, int depth)
    {
        const std::size_t end = std::min(inside.find_first_of(":-?+"), inside.size());
        const std::string name(inside.substr(0, end));
        std::string_view rest = inside.substr(end);
        if (rest.empty()) return plain(name);
        const std::optional<std::string> value = lookup_(name);
        const bool colon = rest.starts_with(':');
        if (colon) rest.remove_prefix(1);
        const bool is_set = value && !(colon && value->empty());
        const std::string_view operand = rest.substr(1);
        if (rest.front() == '-') return is_set ? *value : of(operand, depth + 1);
        if (rest.front() == '+') return is_set ? of(operand, depth + 1) : value.value_or("");
        if (!is_set)
            refuse({"the variable ", datum("variable", name),
                    " is required, and has no value: ", datum("reason", of(operand, depth + 1))});
        return value.value_or("");
    }

    void refuse(Message why)
    {
        if (problems_ != nullptr && problems_->empty()) problems_->push_back(worded(why));
    }

    const Lookup& lookup_;
    std::vector<Worded>* problems_;
    std::vector<std::string>* unset_;
};

}  // namespace

std::string interpolate(std::string_view text, const Lookup& lookup, std::vector<Worded>* problems,
                        std::vector<std::string>* unset)
{
    return Interpolation(lookup, problems, unset).of(text, 0);
}

Lookup lookup_in(const Variables& variables)
{
    return [&variables](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

std::string interpolate(std::string_view text, const Variables& variables)
{
    return interpolate(text, lookup_in(variables));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "model/glob_pattern.hpp"

#include <algorithm>
#include <iterator>

namespace mailstate {
namespace {

Failure bad_glob(std::string message)
{
    return fail(text_error({}, std::move(message)));
}

using Texts = std::vector<std::string>;

class Expander {
public:
    explicit Expander(std::string_view pattern) : pattern_(pattern) {}

    Result<Texts> whole()
    {
        auto texts = TRY(sequence(0));
        if (!at_end()) return bad_glob("'}' without '{' before it");
        return texts;
    }

private:
    [[nodiscard]] bool at_end() const { return at_ == pattern_.size(); }

    // Up to the end, or up to the ',' or '}' of the braces around it.
    Result<Texts> sequence(std::size_t depth)
    {
        Texts texts = {""};
        while (!at_end()) {
            const char c = pattern_[at_];
            if (c == '}' || (c == ',' && depth > 0)) break;
            if (c == '{') {
                const auto group = TRY(braces(depth + 1));
                texts = TRY(product(texts, group));
            } else {
                const auto piece = TRY(plain_piece());
                for (auto& text : texts) text += piece;
            }
        }
        return texts;
    }

    Result<Texts> braces(std::size_t depth)
    {
        if (depth > deepest_braces) return bad_glob("braces are nested too deeply");
        Texts texts;
        do {
            ++at_;  // '{' or ','
            auto branch = TRY(sequence(depth));
            std::move(branch.begin(), branch.end(), std::back_inserter(texts));
            if (at_end()) return bad_glob("'{' is never closed");
        } while (pattern_[at_] == ',');
        ++at_;
        return texts;
    }

    Result<std::string_view> plain_piece()
    {
        const auto begin = at_;
        if (pattern_[at_] == '\\') {
            if (at_ + 1 == pattern_.size()) return bad_glob("nothing follows the backslash");
            at_ += 2;
        } else if (pattern_[at_] == '[') {
            at_ = end_of_set(pattern_, begin);
            if (at_ == std::string_view::npos) return bad_glob("'[' is never closed");
        } else {
            ++at_;
        }
        return pattern_.substr(begin, at_ - begin);
    }

    static Result<Texts> product(const Texts& left, const Texts& right)
    {
        if (left.size() * right.size() > most_alternatives)
            return bad_glob("the braces have more than " + std::to_string(most_alternatives) + " alternatives");
        Texts texts;
        texts.reserve(left.size() * right.size());
        for (const auto& head : left) {
            for (const auto& tail : right) texts.push_back(head + tail);
        }
        return texts;
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
};

// Reversed ranges and look-alikes of other dialects never match what was meant.
Result<> check_set(std::string_view set)
{
    const auto inner = set.substr(1, set.size() - 2);
    if (inner.starts_with('^')) return bad_glob("'[^' does not negate here, '[!' does");
    if (inner.find("[:") != std::string_view::npos) return bad_glob("classes such as [:alpha:] are not known here");
    if (inner.find('/') != std::string_view::npos) return bad_glob("a set cannot hold '/'");
    for (std::size_t at = inner.starts_with('!') ? 1 : 0; at < inner.size();) {
        const auto [low, high] = take_element(inner, at);
        if (low > high) return bad_glob("a range in '[…]' runs backwards");
    }
    return {};
}

Result<> check_component(std::string_view component)
{
    if (component.empty())
        return bad_glob("an empty component; paths are relative to the entry, without '/' at either end");
    if (component == "." || component == "..") return bad_glob("'" + std::string(component) + "' is not a file name");
    if (component == "**") return {};
    for (std::size_t i = 0; i < component.size(); ++i) {
        if (component[i] == '\\') {
            ++i;
        } else if (component[i] == '[') {
            const auto end = end_of_set(component, i);
            if (end == std::string_view::npos) return bad_glob("a set cannot hold '/'");
            TRY(check_set(component.substr(i, end - i)));
            i = end - 1;
        } else if (component.substr(i).starts_with("**")) {
            return bad_glob("'**' is a whole component, as in 'a/**'; within one, '*' is enough");
        }
    }
    return {};
}

bool ends_in_escape(std::string_view text)
{
    const auto last = text.find_last_not_of('\\');
    return (text.size() - (last == std::string_view::npos ? 0 : last + 1)) % 2 == 1;
}

}  // namespace

std::size_t end_of_set(std::string_view pattern, std::size_t begin)
{
    auto at = begin + 1;
    if (at < pattern.size() && pattern[at] == '!') ++at;
    if (at < pattern.size() && pattern[at] == ']') ++at;
    for (; at < pattern.size(); ++at) {
        if (pattern[at] == ']') return at + 1;
        if (pattern[at] == '\\') ++at;
    }
    return std::string_view::npos;
}

SetElement take_element(std::string_view inner, std::size_t& at)
{
    const auto one = [&] {
        if (inner[at] == '\\' && at + 1 < inner.size()) ++at;
        return static_cast<unsigned char>(inner[at++]);
    };
    const auto low = one();
    if (at + 1 >= inner.size() || inner[at] != '-') return {low, low};
    ++at;
    return {low, one()};
}

Result<std::vector<std::string>> expand_braces(std::string_view pattern)
{
    if (pattern.empty()) return bad_glob("the glob is empty; '.' is the entry itself");
    if (pattern.size() > longest_glob)
        return bad_glob("the glob is longer than " + std::to_string(longest_glob) + " bytes");
    return Expander(pattern).whole();
}

Result<std::vector<std::string>> split_components(std::string_view pattern)
{
    std::vector<std::string> components;
    if (pattern == ".") return components;
    for (;;) {
        const auto end = pattern.find('/');
        const auto component = pattern.substr(0, end);
        if (end != std::string_view::npos && ends_in_escape(component)) return bad_glob("a backslash before '/'");
        TRY(check_component(component));
        components.emplace_back(component);
        if (end == std::string_view::npos) break;
        pattern.remove_prefix(end + 1);
    }
    if (components.size() > 1 && components.back() == "**") components.emplace_back("*");
    return components;
}

}  // namespace mailstate

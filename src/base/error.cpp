// SPDX-License-Identifier: MIT
#include "mailstate/base/error.hpp"

#include <cerrno>
#include <cstring>

#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {
namespace {

bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

// The C library's words, "Device or resource busy", as the start of a clause; "RFS specific error" stays.
std::string errno_words(int number)
{
    const char* const words = strerrordesc_np(number);
    if (words == nullptr) return "unknown error";
    std::string text = words;
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && (is_lower(text[1]) || text[1] == ' '))
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

std::string what_was_tried(const Error& error)
{
    auto text = escape(error.call, Backslash::keep);
    if (!text.empty() && !error.subject.empty()) text += ' ';
    return text + printable(error.subject);
}

std::string what_happened(const Error& error)
{
    auto text = escape(error.message, Backslash::keep);
    if (error.number == 0) return text;
    if (text.empty()) text = errno_words(error.number);
    return text + " (" + errno_name(error.number) + ')';
}

}  // namespace

std::string describe(const Error& error)
{
    auto text = what_was_tried(error);
    const auto outcome = what_happened(error);
    if (!text.empty() && !outcome.empty()) text += ": ";
    text += outcome;
    while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
    return text.empty() ? "unknown error" : text;
}

std::string describe_outcome(const Error& error)
{
    if (error.number == 0 || error.call.empty()) return describe({error.number, "", "", error.message, ""});
    const std::string words = error.message.empty() ? errno_words(error.number) : error.message;
    return escape(words, Backslash::keep) + " (" + escape(error.call, Backslash::keep) + ": " +
           errno_name(error.number) + ')';
}

bool is_absent(const Error& error)
{
    return error.number == ENOENT || error.number == ENOTDIR || error.number == ELOOP;
}

bool is_lack_of_space(const Error& error)
{
    return error.number == ENOSPC || error.number == EDQUOT;
}

std::string errno_name(int number)
{
    const char* const name = number > 0 ? strerrorname_np(number) : nullptr;
    return name == nullptr ? "E" + std::to_string(number) : name;
}

Error system_error(std::string call, std::string subject, std::string hint)
{
    const int number = errno;
    return {number, std::move(call), std::move(subject), {}, std::move(hint)};
}

Error text_error(std::string subject, std::string message, std::string hint)
{
    return {0, {}, std::move(subject), std::move(message), std::move(hint)};
}

}  // namespace mailstate

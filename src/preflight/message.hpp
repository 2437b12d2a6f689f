// SPDX-License-Identifier: MIT
// What a finding of check says: words for people, and by name the values that they are made of.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "mailstate/model/finding.hpp"

namespace mailstate {

// A part of a message: words, or a value, which machines get by its name in the finding's data. A string that has no
// name does not compile: what a message is made of is in the data. Never a secret.
struct Part {
    std::string_view name;    // of the value; empty: words
    std::string value, text;  // text: the value as people read it

    Part(const char* words) : text(words) {}  // NOLINT(google-explicit-constructor)
    Part(std::string_view name_of_value, std::string_view raw, std::string shown);
};
using Message = std::initializer_list<Part>;

Part datum(std::string_view name, std::string_view value);
Part datum(std::string_view name, std::string_view value, std::string text);
Part counted(std::string_view name, std::uint64_t count, std::string_view one, std::string_view many);
Part amount(std::string_view name, std::uint64_t bytes);

// "user:password@host" without what is before the "@": people write a login where only a host is meant.
std::string without_login(std::string_view text);

// A message put together: at most 1,000 bytes, whatever a file says.
struct Worded {
    std::string text;
    std::map<std::string, std::string> data;
};
Worded worded(Message message);

// A finding of a parser, or of check itself.
struct Problem {
    Finding finding;
    std::map<std::string, std::string> data;
};
// The finding with this message, after what it has of one.
Problem problem_of(Finding finding, Message message);
Problem problem_of(Finding finding, Worded message);

}  // namespace mailstate

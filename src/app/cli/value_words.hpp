// SPDX-License-Identifier: MIT
// What the placeholders of the tables stand for: "text|json" is a choice of two words, "LAYOUT|FILE" the name of a
// layout or a file, "ENTRY,…" a list of entries. The completions are made of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_table.hpp"

namespace mailstate {

struct ValueWords {
    std::vector<std::string> words;
    bool is_list = false;  // several of the words, with commas between them
    bool files = false, directories = false;
    [[nodiscard]] bool empty() const { return words.empty() && !files && !directories; }
};

// Of "SECONDS", "ADDRESS" and the like, which nobody can foresee: empty.
ValueWords value_words(std::string_view placeholder);

struct ArgumentWords {    // one of the words that may follow a command
    std::string word;     // "show"
    ValueWords followed;  // by what
};

// "list | show LAYOUT|FILE" into "list", and "show" with layouts and files; "bash|zsh|fish" into its three words.
std::vector<ArgumentWords> argument_words(const CommandDesc& command);

// "[-- CMD ARG…]": another program's command line may follow "--".
bool starts_program(const CommandDesc& command);

}  // namespace mailstate

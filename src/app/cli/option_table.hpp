// SPDX-License-Identifier: MIT
// The options: one row each. The parser, the environment, the help, the man page and the completions read the same
// rows.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/cli/command_table.hpp"
#include "app/cli/options.hpp"

namespace mailstate {

enum class OptionGroup { place, decision, run, output };
std::string_view heading(OptionGroup group);

struct OptionDesc {
    std::string_view name;         // "lock-timeout"
    std::string_view placeholder;  // "SECONDS", "text|json"; empty: a switch. What it stands for: value_words.hpp
    OptionGroup group = OptionGroup::run;
    CommandSet commands = every_command;
    std::string_view help;
    std::string_view fallback;  // the default as the help shows it; empty: none
    // Error: message only ("'many' is not a number"); for a switch the value is "true" or the text after "=".
    Result<> (*assign)(Options& options, std::string_view value) = nullptr;
};

struct SwitchDesc {  // what asks the program about itself
    char letter = 0;
    std::string_view name, help;
};
std::span<const SwitchDesc> switch_table();

std::span<const OptionDesc> option_table();
const OptionDesc* find_option(std::string_view name);  // without dashes; null where there is none

std::string variable_of(const OptionDesc& option);  // "MAILSTATE_LOCK_TIMEOUT"
bool belongs_to(const OptionDesc& option, Command command);
// May be given to every command and before it, as wrappers and the environment do; where it does not belong to the
// command it changes nothing.
bool is_common(const OptionDesc& option);

}  // namespace mailstate

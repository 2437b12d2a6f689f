// SPDX-License-Identifier: MIT
// NAME=value files of container engines and of the systems' own configuration (mailserver.env, mailu.env,
// mailcow.conf), as far as their readers agree, with what they do not agree about.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "mailstate/finding.hpp"

namespace mailstate {

struct Setting {
    std::string value;             // quotes undone, trailing comment cut off: what compose makes of it
    std::string where;             // "mailserver.env:3"
    bool quoted = false;           // quotes stand around it: docker run --env-file passes them on
    bool commented = false;        // " #" follows: the same
    bool carriage_return = false;  // the line ends in CRLF
    std::string file = {};         // NAME_FILE: where the value stands, or would stand if it had been seen
    bool unseen = false;           // that file was not; value is empty
    bool from_file = true;         // false: of a process or of a compose file; quotes are part of the value
};

using SettingMap = std::map<std::string, Setting, std::less<>>;

struct EnvFile {
    SettingMap settings;            // the last line of a name wins
    std::vector<Finding> problems;  // code env.line; the rest of the file was read. Values are never quoted
};

// Who reads it. compose takes quotes and comments off, so neither is worth a word; docker run --env-file does not.
enum class EnvReader { unknown, compose };

EnvFile parse_env_file(std::string_view file_name, std::string_view text, EnvReader reader = EnvReader::unknown);

}  // namespace mailstate

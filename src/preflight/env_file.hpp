// SPDX-License-Identifier: MIT
// NAME=value files of container engines and of the systems' own configuration (mailserver.env, mailu.env,
// mailcow.conf), as their readers read them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "preflight/interpolate.hpp"
#include "preflight/message.hpp"

namespace mailstate {

struct Setting {
    std::string value;          // quotes undone, without trailing comment: as compose reads it
    std::string where;          // "mailserver.env:3"
    bool quoted = false;        // quotes stand around it: docker run --env-file passes them on
    bool commented = false;     // " #" follows: the same
    std::string file = {};      // NAME_FILE: the file that has the value, or would have it if it had been seen
    bool unseen = false;        // that file was not; value is empty
    bool from_file = true;      // false: of a process or of a compose file; quotes are part of the value
    bool has_no_value = false;  // of a compose file: "NAME" without a value, which nothing gives one
};

using SettingMap = std::map<std::string, Setting, std::less<>>;

struct EnvFile {
    SettingMap settings;            // the last line of a name wins
    std::vector<Problem> problems;  // code env.line; the rest of the file was read. Values are never quoted
};

// Line by line, for readers that do not agree: docker run --env-file, bash. Carriage returns at line ends are nobody's.
EnvFile parse_env_file(std::string_view file_name, std::string_view text);

// As compose reads env_file and .env (compose-go, dotenv/parser.go): quotes over several lines, escapes, comments,
// ${NAME} of `lookup` or of an earlier line. What compose refuses is an error in `problems`.
EnvFile parse_dotenv(std::string_view file_name, std::string_view text, const Lookup& lookup);

// env_file with "format: raw": everything after the first "=" is the value.
EnvFile parse_raw_env(std::string_view file_name, std::string_view text);

}  // namespace mailstate

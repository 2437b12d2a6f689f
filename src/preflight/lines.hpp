// SPDX-License-Identifier: MIT
// Lines of a configuration file as people really have it: BOM, CRLF, no newline at its end, any bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

struct TextLine {
    int number = 1;
    std::string_view text;  // without its newline and carriage return; a view of the file's text
    bool carriage_return = false;
};

struct TextLines {
    std::vector<TextLine> lines;
    int carriage_returns = 0;  // lines that end in CRLF
    int first_carriage_return = 0;
    bool final_newline = true;  // of a file that is not empty
    bool byte_order_mark = false;
};

// The text must live as long as the lines.
TextLines split_lines(std::string_view text);

bool is_comment(std::string_view line);  // blank, or '#' is the first that is not
std::string_view first_word(std::string_view line);
std::string_view rest_of(std::string_view line);        // after the first word and its blanks
std::string lower_case(std::string_view text);          // ASCII only, as Postfix folds keys
std::string place_of(std::string_view file, int line);  // "postfix-virtual.cf:12"

}  // namespace mailstate

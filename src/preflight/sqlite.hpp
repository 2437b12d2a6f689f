// SPDX-License-Identifier: MIT
// As much of SQLite's file format as it takes to read one word of one table: sqlite.org/fileformat2.html.
#pragma once

#include <string>
#include <string_view>

namespace mailstate {

// The text in the first column of the table's first row; empty where there is none, or where the file is no database.
// Any bytes.
std::string first_text(std::string_view database, std::string_view table);

}  // namespace mailstate

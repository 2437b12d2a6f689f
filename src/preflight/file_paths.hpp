// SPDX-License-Identifier: MIT
// Paths as texts.
#pragma once

#include <string>
#include <string_view>

namespace mailstate {

std::string base_name(std::string_view path);
std::string parent_of(std::string_view path);                               // "." of a bare name
std::string without_end_slashes(std::string path);                          // "/" stays
std::string normal_path(const std::string& path);                           // without ".", "..", and slashes at its end
std::string joined(const std::string& directory, const std::string& path);  // path itself where it is absolute

// A path beside a file that is shown as `shown_file`, as it is shown then: "deploy/.env" beside "deploy/compose.yaml".
std::string shown_path(const std::string& shown_file, const std::string& file, const std::string& path);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The digest of what an open file holds.
#pragma once

#include "mailstate/fs/reader.hpp"

namespace mailstate {

// From the current offset, of at most so many bytes.
Result<Digest> digest_of(int fd, const std::string& subject, std::uint64_t bytes);

// For what is in memory anyway; equal to the other for equal bytes.
Digest digest_of(std::string_view bytes);

// A field of a text that is digested.
void add_number(std::string& text, std::uint64_t number);

}  // namespace mailstate

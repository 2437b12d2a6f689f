// SPDX-License-Identifier: MIT
// The ledger's files: <workspace>/ledger.<n>.json, the highest number counts. A new one is written whole under another
// name, and appears under the next number by a rename that never replaces: of two runs that have read the same ledger
// only one gets it, and the other reads anew. "ledger.json", of versions before the numbers, counts as number 0. A few
// old ones are kept.
//
// Where a filesystem can neither rename without replacing nor make hard links, a number is first taken by an empty
// file: that is a ledger which is still being written, and is skipped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailstate/fs/writer.hpp"
#include "mailstate/model/ledger.hpp"

namespace mailstate {

inline constexpr const char* first_ledger_name = "ledger.json";
inline constexpr std::size_t ledger_limit = 16U << 20U;  // bytes; a ledger has a few kilobytes

std::string ledger_name(std::uint64_t number);

struct StoredLedger {
    std::uint64_t number = 0;
    std::string name;  // of the file; empty: there is none
    std::optional<Ledger> ledger;
    std::optional<Ledger> said;  // word for word, where others than root can write it: see ledger_trust.hpp
};

// Their numbers, the lowest first; 0 where there is a first_ledger_name.
Result<std::vector<std::uint64_t>> ledger_numbers(const Reader& reader, const DirectoryRef& workspace);

// The newest. Error as of parse_ledger, with its path as subject; without a number where the file is broken, ENOTSUP
// where it is newer.
Result<StoredLedger> read_newest_ledger(const Reader& reader, const DirectoryRef& workspace);
bool is_unread(const Error& error);  // of these: a call failed, so that what the ledger says is not known
// Nothing where there is none.
Result<std::optional<Ledger>> read_ledger(const Reader& reader, const DirectoryRef& workspace);

// Whole and durable under this number; EEXIST where another run has that, or a later one. temporary: a name in staging
// that only this run makes.
Result<> write_ledger(const Reader& reader, Writer& writer, const DirectoryRef& workspace, const Name& temporary,
                      std::uint64_t number, const Ledger& ledger);

}  // namespace mailstate

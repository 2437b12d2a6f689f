// SPDX-License-Identifier: MIT
// Whose word is a ledger? In a workspace that is not root's own (a share of a service's user, NFS with root_squash), or
// where others can write, it may say anything. What it says of users' numbers would give files away, so it is
// forgotten.
#pragma once

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/ledger.hpp"

namespace mailstate {

// Not where a server or a program in user space decides on owners and modes: a workspace there may look like anything.
bool keeps_owners_and_modes(const FilesystemFacts& facts);

// Do the workspace and the ledger of this name in it belong to root, and can nobody else write them? Where the
// filesystem keeps owners, root's own that was merely opened to others is root's: the next run closes it.
Result<bool> is_roots_own(const Reader& reader, const Name& file);

// Without names, numbers and a translation that was begun: nothing follows from them any more.
void forget_numbers(Ledger& ledger);

// Where a ledger that is not root's would have had owners translated.
std::optional<Finding> disbelieved_numbers(const Ledger& said, const Identities& now, const std::string& subject);

}  // namespace mailstate

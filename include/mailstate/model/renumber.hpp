// SPDX-License-Identifier: MIT
// Renumbered users: an image gives the same names other numbers, and the volume still carries the old ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailstate/fs/renumbering.hpp"
#include "mailstate/posix/identity.hpp"

namespace mailstate {

// By name. A name that the new image lacks keeps its number. Where several names shared an old number, the first in
// alphabetical order that is still there decides.
Renumbering renumbered(const Identities& from, const Identities& to);
Renumbering renumbered(const std::optional<Identities>& from, const Identities& to);  // empty without `from`

// Those of them whose old number nobody has now: a file that still has it was not translated, whatever its times are.
Renumbering vacated(const Renumbering& all, const Identities& to);

// What to write down: the new names and numbers, and those old names that this image lacks while nobody else has their
// number. Where nothing could be read (no users at all), what was known before.
Identities remembered(const std::optional<Identities>& before, const Identities& now);

// Names of `from` that `to` lacks while another user now has their number: their files would get that owner.
std::vector<std::string> reused_numbers(const Identities& from, const Identities& to);

}  // namespace mailstate

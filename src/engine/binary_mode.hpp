// SPDX-License-Identifier: MIT
// Binaries of the image that need special bits: postdrop and postqueue, SGID postdrop.
#pragma once

#include <optional>

#include "engine/ownership_rules.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

struct BinaryState : Name {
    Attributes seen;
    Wanted wanted;
    bool right = false;
    // Where it is not right and is left as it is: a symbolic link, or one of several names of a file. SGID for all of
    // those names (busybox, a copy kept elsewhere) would be a gift to whoever can run them.
    std::optional<Finding> left;
};

// Nothing where the image does not have it. Right is also a mode that differs only in the owner's write bit: Debian
// ships 2555, and a change would copy the whole file up from an overlay's lower layer.
Result<std::optional<BinaryState>> look_at_binary(const Reader& reader, const Binary& binary,
                                                  const Identities& identities);

}  // namespace mailstate

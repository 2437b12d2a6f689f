// SPDX-License-Identifier: MIT
// Of a removal: the name stays, and nothing that this program may do changes that.
#pragma once

#include <cerrno>

#include "mailstate/base/error.hpp"

namespace mailstate {

// Immutable or append-only, kept by a security module, or read-only below an overlay.
inline bool is_irremovable(const Error& error)
{
    return error.number == EPERM || error.number == EACCES || error.number == EROFS;
}

}  // namespace mailstate

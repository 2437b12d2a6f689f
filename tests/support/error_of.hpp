// SPDX-License-Identifier: MIT
// The errno that a Result failed with, for comparisons that also fail well where it did not.
#pragma once

#include "mailstate/base/result.hpp"

namespace mailstate {

// 0 where it did not fail.
template <class T>
int error_of(const Result<T>& result)
{
    return result ? 0 : result.error().number;
}

}  // namespace mailstate

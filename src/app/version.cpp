// SPDX-License-Identifier: MIT
#include "app/version.hpp"

namespace mailstate {

std::string_view version()
{
    return MAILSTATE_VERSION;
}

}  // namespace mailstate

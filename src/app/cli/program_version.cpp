// SPDX-License-Identifier: MIT
#include "app/cli/program_version.hpp"

namespace mailstate {

std::string_view version()
{
    return MAILSTATE_VERSION;
}

std::string_view release_date()
{
    return MAILSTATE_RELEASE_DATE;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/output/outcome_text.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

std::string no_volume_text(const std::string& state_dir)
{
    return "nothing to do: there is no " + printable(state_dir) + ", so the services keep their state where it is; " +
           "mount a volume there to keep the state when the container is recreated";
}

}  // namespace mailstate

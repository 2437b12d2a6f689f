// SPDX-License-Identifier: MIT
#include "engine/tree_walk.hpp"

#include <cerrno>

#include "mailstate/base/text.hpp"

namespace mailstate {

Error stopped_error(const std::string& path)
{
    return Error{ECANCELED, "", path, "stopped by a signal", "Start again: nothing is half done."};
}

Error too_deep_error(const std::string& path)
{
    // The path of this error is thousands of names long: the first ones say enough.
    return Error{E2BIG, "", path.substr(0, 200) + "…",
                 "the tree is deeper than " + std::to_string(depth_limit) + " levels",
                 "Find the program that created it; mailstate leaves it alone."};
}

}  // namespace mailstate

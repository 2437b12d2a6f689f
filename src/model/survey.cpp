// SPDX-License-Identifier: MIT
#include "mailstate/model/survey.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

std::string describe_foreign_copy(const EntrySurvey& seen)
{
    const TreeSize& there = seen.foreign_copy->destination;
    const TreeSize whole = seen.size.value_or(TreeSize{});
    const std::string has =
        "the destination has " + human_count(there.files, "file", "files") + " (" + human_bytes(there.data) + ")";
    const std::string of = human_count(whole.files, "file", "files") + " (" + human_bytes(whole.data) + ")";
    if (seen.foreign_copy->likeness == Likeness::smaller)
        return has + ", some of them not at the origin, and the origin has " + of;
    return has + " of the origin's " + of + ", and nothing else";
}

}  // namespace mailstate

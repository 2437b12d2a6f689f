// SPDX-License-Identifier: MIT
#include "mailstate/model/survey.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

std::string describe_foreign_copy(const EntrySurvey& seen)
{
    const TreeSize& there = seen.foreign_copy->destination;
    const TreeSize whole = seen.size.value_or(TreeSize{});
    return "the destination has " + human_count(there.files, "file", "files") + " (" + human_bytes(there.data) +
           ") of the origin's " + human_count(whole.files, "file", "files") + " (" + human_bytes(whole.data) +
           "), and nothing of its own";
}

}  // namespace mailstate

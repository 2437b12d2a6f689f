// SPDX-License-Identifier: MIT
#include "engine/retire.hpp"

#include <algorithm>

#include "engine/displaced_list.hpp"
#include "engine/displaced_name.hpp"
#include "engine/remove_tree.hpp"
#include "model/adoption.hpp"

namespace mailstate {

namespace {

// The ledger is believed for names of this entry's only.
bool is_of_entry(const std::string& name, const std::string& entry)
{
    return is_displaced_name(name) && entry_in_displaced(name) == entry;
}

Result<bool> is_there(const Run& run, const std::string& name)
{
    return TRY(find(run.world.reader, {run.workspace.displaced(), name})).has_value();
}

}  // namespace

Result<> retire_generations(const Run& run, const Entry& entry, std::vector<Generation>& generations)
{
    std::vector<Generation> there;
    for (Generation& each : generations)
        if (is_of_entry(each.name, entry.name) && TRY(is_there(run, each.name))) there.push_back(std::move(each));
    generations = std::move(there);
    for (const Generation& old : superseded(generations)) {
        const Result<> removed = remove_displaced(run.world, run.writer, run.workspace, old.name,
                                                  TRY(Removal::superseded_generation(generations, old)));
        if (removed) std::erase(generations, old);  // else a later refresh tries again
    }
    return {};
}

}  // namespace mailstate

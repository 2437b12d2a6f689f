// SPDX-License-Identifier: MIT
#include "engine/at_work.hpp"

#include "engine/workspace.hpp"
#include "mailstate/model/finding_table.hpp"
#include "mailstate/posix/lock_state.hpp"

namespace mailstate {

std::optional<Finding> run_at_work(const World& world)
{
    const Result<DirectoryRef> volume = world.reader.open(Path(world.layout.state_dir));
    if (!volume) return std::nullopt;
    const Result<DirectoryRef> workspace = world.reader.open_directory({*volume, workspace_name}, Cross::no);
    if (!workspace) return std::nullopt;
    const Result<boost::filesystem::path> place = world.reader.outer_location(*workspace);
    const std::optional<std::string> who = place ? holder_at_work(place->string()) : std::nullopt;
    if (!who) return std::nullopt;
    return make_finding("run.at-work", world.layout.state_dir, *who + ": nothing was judged");
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/workspace_state.hpp"

#include <algorithm>

#include "engine/ledger_trust.hpp"
#include "engine/removal.hpp"
#include "engine/workspace_names.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr std::uint32_t write_bits = 022, look_bits = 055;

bool is_own_directory(std::string_view name)
{
    return name == staging_directory || name == displaced_name || name == aside_name;
}

// A list of access rights shows in the mode, too: as the bits of the group.
bool is_open(const Attributes& seen)
{
    return (seen.mode.bits & write_bits) != 0;
}

// Of one name that only mailstate makes. What only root could put there is refused by whoever opens it.
WorkspaceState state_of(const Attributes& seen, Kind kind, Uid mine, Was was)
{
    const bool is_as_made = seen.kind == kind && (kind == Kind::directory || seen.links == 1);
    const bool is_replaced = was == Was::open && kind == Kind::directory && !is_as_made;
    if (seen.owner.uid != mine || is_replaced) return WorkspaceState::foreign;
    return is_as_made && is_open(seen) ? WorkspaceState::widened : WorkspaceState::sound;
}

}  // namespace

Result<WorkspaceState> state_of_workspace(const Reader& reader, const DirectoryRef& volume, Uid mine, Was was)
{
    const std::optional<Attributes> found = TRY(find(reader, {volume, workspace_name}));
    if (!found || found->kind != Kind::directory) return WorkspaceState::sound;
    if (!keeps_owners_and_modes(TRY(reader.filesystem(volume)))) return WorkspaceState::sound;
    if (found->owner.uid != mine) return mine == Uid{0} ? WorkspaceState::foreign : WorkspaceState::sound;
    WorkspaceState worst = is_open(*found)                       ? WorkspaceState::widened
                           : (found->mode.bits & look_bits) != 0 ? WorkspaceState::readable
                                                                 : WorkspaceState::sound;
    if (is_open(*found)) was = Was::open;
    const Result<DirectoryRef> workspace = reader.open_directory({volume, workspace_name}, Cross::no);
    if (!workspace) return worst;  // the user who opens it is told why
    TRY(each_name(reader, *workspace, [&](const std::string& name) -> Result<> {
        const bool is_directory = is_own_directory(name);
        if (!is_directory && !Removal::own({*workspace, name})) return {};
        const std::optional<Attributes> seen = TRY(find(reader, {*workspace, name}));
        if (seen) worst = std::max(worst, state_of(*seen, is_directory ? Kind::directory : Kind::regular, mine, was));
        return {};
    }));
    return worst;
}

std::optional<Finding> workspace_finding(WorkspaceState state, const std::string& path)
{
    if (state == WorkspaceState::widened)
        return make_finding("volume.workspace-widened", path,
                            "users other than root could write to the workspace: Kubernetes' fsGroup, chmod -R or "
                            "setfacl -R has changed the modes of the volume");
    if (state == WorkspaceState::foreign)
        return make_finding("volume.workspace-foreign", path,
                            "the workspace or a record in it belongs to another user, so its content is not trusted: "
                            "chown -R has changed the owners of the volume, or that user created it");
    return std::nullopt;
}

}  // namespace mailstate

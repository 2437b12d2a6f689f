// SPDX-License-Identifier: MIT
// Did others change the workspace since? Kubernetes' fsGroup, chmod -R, chown -R and setfacl -R go over a whole volume.
#pragma once

#include <optional>
#include <string>

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

// By its own mode and owner, and by those of the records and directories of mailstate's own in it. Who is not root is
// told nothing of another user's. mine: who runs this. Was::open: others could write in it until now.
enum class Was : bool { closed, open };
Result<WorkspaceState> state_of_workspace(const Reader& reader, const DirectoryRef& volume, Uid mine,
                                          Was was = Was::closed);

// A warning that names the likely cause, where others could write.
std::optional<Finding> workspace_finding(WorkspaceState state, const std::string& path);

}  // namespace mailstate

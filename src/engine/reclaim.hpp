// SPDX-License-Identifier: MIT
// A workspace that others have changed. Root's own that was merely opened to others is closed again, and its records
// become new inodes. One that belongs to another user is not believed: it is renamed aside and a new one begins, which
// keeps it (aside/<run>) and takes over what had been set aside in it.
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// The directory, opened; created where it is missing. From then on nobody else can enter it, and it was root's all the
// time. closes: the filesystem keeps owners and modes. run: names what is renamed aside.
struct Reclaimed {
    DirectoryRef workspace;
    WorkspaceState state = WorkspaceState::sound;  // what it was
};
enum class Closes : bool { no, yes };
Result<Reclaimed> open_closed(const Reader& reader, Writer& writer, const DirectoryRef& volume, Closes closes,
                              const std::string& run);

// Mode 0700. Nothing is changed where it has that.
Result<> close_directory(const Reader& reader, Writer& writer, const DirectoryRef& directory);

// As new inodes, since a writer may hold the old ones open. One that cannot be read, has several names or is of another
// kind is moved into aside.
Result<> renew_records(const Reader& reader, Writer& writer, const DirectoryRef& workspace, const std::string& run);

// Foreign workspaces beside this one, also of an interrupted run, into this one. One that says nothing else than one
// that is kept already is removed. Of one that cannot be kept now the next run takes care.
Result<> keep_foreign_aside(const World& world, Writer& writer, const DirectoryRef& volume,
                            const DirectoryRef& workspace);

}  // namespace mailstate

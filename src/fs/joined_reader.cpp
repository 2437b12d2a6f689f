// SPDX-License-Identifier: MIT
#include "fs/joined_reader.hpp"

#include <fcntl.h>

#include "fs/posix_directory.hpp"
#include "fs/posix_filesystem.hpp"
#include "posix/below.hpp"
#include "posix/calls.hpp"

namespace mailstate {

JoinedReader::JoinedReader(Fd root, Fd other, std::string volume, Renumbering owners)
    : PosixReader(std::move(root)),
      other_(std::move(other), std::make_shared<const Renumbering>(std::move(owners))),
      volume_(std::move(volume))
{
}

Result<DirectoryRef> JoinedReader::open(const Path& absolute) const
{
    return is_at_or_below(volume_, absolute.native()) ? PosixReader::open(absolute) : other_.open(absolute);
}

Result<FilesystemFacts> JoinedReader::filesystem(const DirectoryRef& directory) const
{
    FilesystemFacts facts = TRY(PosixReader::filesystem(directory));
    facts.read_only = facts.read_only || is_foreign(directory);
    return facts;
}

// The volume's mounts hang on the other root's mounts then, as they would if it were mounted there.
Result<MountTable> JoinedReader::mounts() const
{
    const MountTable here = TRY(PosixReader::mounts()), there = TRY(other_.mounts());
    std::vector<Mount> joined;
    for (const Mount& mount : there.all())
        if (!is_at_or_below(volume_, mount.mount_point)) joined.push_back(mount);
    const Mount* const above = there.covering(volume_);
    const Mount* const volume = here.at(volume_);
    for (const Mount& mount : here.all()) {
        if (!is_at_or_below(volume_, mount.mount_point)) continue;
        joined.push_back(mount);
        if (above != nullptr && volume != nullptr && mount.id == volume->id) joined.back().parent = above->id;
    }
    return MountTable(std::move(joined));
}

Result<Path> JoinedReader::location(const DirectoryRef& directory) const
{
    return is_foreign(directory) ? other_.location(directory) : PosixReader::location(directory);
}

Result<std::unique_ptr<Reader>> make_joined_reader(const Path& root, const Path& other, const std::string& volume,
                                                   Renumbering owners)
{
    Fd here = TRY(open_root(root)), there = TRY(open_root(other));
    return std::unique_ptr<Reader>(
        std::make_unique<JoinedReader>(std::move(here), std::move(there), volume, std::move(owners)));
}

}  // namespace mailstate

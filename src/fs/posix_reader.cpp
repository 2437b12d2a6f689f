// SPDX-License-Identifier: MIT
#include "fs/posix_reader.hpp"

#include <fcntl.h>
#include <sys/statfs.h>

#include <thread>

#include "fs/digest.hpp"
#include "fs/extended_attributes.hpp"
#include "fs/filesystem_facts.hpp"
#include "fs/outer_path.hpp"
#include "fs/posix_directory.hpp"
#include "fs/posix_filesystem.hpp"
#include "fs/posix_listing.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/posix/process.hpp"
#include "posix/acting_as.hpp"
#include "posix/below.hpp"
#include "posix/calls.hpp"
#include "posix/listener.hpp"
#include "posix/open.hpp"

namespace mailstate {
namespace {

At place(const DirectoryRef& directory)
{
    return {fd_of(directory), directory->path()};
}

// The line of this process's whole table: a root of its own changes mount points, not ids.
const Mount* find_mount(const Result<MountTable>& table, std::uint64_t id)
{
    if (!table || id == 0) return nullptr;
    for (const auto& mount : table->all()) {
        if (static_cast<std::uint64_t>(mount.id) == id) return &mount;
    }
    return nullptr;
}

// The file may be replaced by a rename between the look and the open, as our own ledger is: then look again.
Result<Fd> open_regular(const At& at, std::string_view name, std::size_t limit)
{
    constexpr int attempts = 8;
    for (int i = 1;; ++i) {
        const auto seen = TRY(stat_at(at, name));
        if (seen.kind != Kind::regular) return fail({EINVAL, "open", at.path.text(name), "is not a regular file", {}});
        if (seen.size > limit) return fail({EFBIG, "open", at.path.text(name), {}, {}});
        auto file = open_file_at(at, name, seen);
        if (file || file.error().number != ESTALE || i == attempts) return file;
    }
}

}  // namespace

Result<DirectoryRef> PosixReader::open(const Path& absolute) const
{
    const auto& text = absolute.native();
    if (text.empty() || text.front() != '/' || text.find('\0') != std::string::npos)
        return fail({EINVAL, "open", text, "this is not an absolute path", {}});
    auto fd = TRY(open_in_root(root_.get(), text));
    TreePath path(text);
    const auto mount_id = TRY(stat_directory({fd.get(), path})).mount_id;
    return DirectoryRef(
        std::make_shared<PosixDirectory>(std::move(path), std::move(fd), mount_id, std::nullopt, foreign_));
}

namespace {

Result<DirectoryRef> open_acting_as(const Name& item, Cross cross, const std::optional<Owner>& user)
{
    const ActingAs acting(user);
    const auto mount_points = cross == Cross::yes ? MountPoints::enter : MountPoints::refuse;
    auto fd = TRY(open_directory_at(place(item.at), item.name, mount_points));
    auto path = item.at->path().child(item.name);
    auto mount_id = static_cast<const PosixDirectory&>(*item.at).mount_id();
    if (cross == Cross::yes) mount_id = TRY(stat_directory({fd.get(), path})).mount_id;
    return DirectoryRef(
        std::make_shared<PosixDirectory>(std::move(path), std::move(fd), mount_id, user, foreign_of(item.at)));
}

}  // namespace

Result<DirectoryRef> PosixReader::open_directory(const Name& item, Cross cross) const
{
    return open_acting_as(item, cross, item.at->acting_as());
}

Result<DirectoryRef> PosixReader::open_directory_as(const Name& item, Cross cross, Owner user) const
{
    return open_acting_as(item, cross, user);
}

Result<Attributes> PosixReader::attributes(const DirectoryRef& directory) const
{
    const ActingAs acting(directory->acting_as());
    return as_here(directory, TRY(stat_directory(place(directory))));
}

Result<Attributes> PosixReader::attributes(const Name& item) const
{
    const ActingAs acting(item.at->acting_as());
    return as_here(item.at, TRY(stat_at(place(item.at), item.name)));
}

Result<> PosixReader::check_changeable(const DirectoryRef& directory) const
{
    return check_changeable_at(place(directory));  // access(2) is asked for the real user, whoever works there
}

Result<Attributes> PosixReader::fresh_attributes(const Name& item) const
{
    const ActingAs acting(item.at->acting_as());
    return as_here(item.at, TRY(stat_fresh(place(item.at), item.name)));
}

Result<std::unique_ptr<Listing>> PosixReader::list(const DirectoryRef& directory) const
{
    const ActingAs acting(directory->acting_as());
    auto fd = TRY(reopen_directory(place(directory)));
    return std::unique_ptr<Listing>(std::make_unique<PosixListing>(directory->path(), std::move(fd)));
}

Result<std::string> PosixReader::read_link(const Name& item) const
{
    const ActingAs acting(item.at->acting_as());
    return read_link_at(place(item.at), item.name);
}

Result<std::string> PosixReader::read_file(const Name& item, std::size_t limit) const
{
    const ActingAs acting(item.at->acting_as());
    const auto file = TRY(open_regular(place(item.at), item.name, limit));
    return read_all(file.get(), item.path(), limit);
}

Result<std::string> PosixReader::read_beginning(const Name& item, std::size_t bytes) const
{
    const ActingAs acting(item.at->acting_as());
    const auto file = TRY(open_regular(place(item.at), item.name, std::numeric_limits<std::size_t>::max()));
    return read_first(file.get(), item.path(), bytes);
}

Result<Digest> PosixReader::digest_of_beginning(const Name& item, const Attributes& seen, std::uint64_t bytes) const
{
    const ActingAs acting(item.at->acting_as());
    const auto file = TRY(open_file_at(place(item.at), item.name, seen));
    return digest_of(file.get(), item.path(), bytes);
}

Result<std::vector<ExtendedAttribute>> PosixReader::extended_attributes(const Name& item) const
{
    const ActingAs acting(item.at->acting_as());
    return extended_attributes_at(place(item.at), item.name);
}

Result<bool> PosixReader::has_listener(const Name& item) const
{
    const ActingAs acting(item.at->acting_as());
    return mailstate::has_listener(place(item.at), item.name);
}

bool PosixReader::is_foreign_process(int pid) const
{
    return mailstate::is_foreign_process(pid);
}

void PosixReader::wait(std::chrono::milliseconds time) const
{
    std::this_thread::sleep_for(time);
}

Result<ProcessFacts> PosixReader::process() const
{
    return process_facts();
}

Holder PosixReader::holder() const
{
    return this_holder();
}

Result<FilesystemFacts> PosixReader::filesystem(const DirectoryRef& directory) const
{
    const ActingAs acting(directory->acting_as());
    struct statfs found {};
    if (retry([&] { return ::fstatfs(fd_of(directory), &found); }) == -1)
        return fail(system_error("statfs", directory->path().text()));
    const auto table = mount_table_of_process();  // without it the magic number says the type
    return facts_from(found, find_mount(table, TRY(stat_directory(place(directory))).mount_id));
}

Result<MountTable> PosixReader::mounts() const
{
    const auto table = TRY(mount_table_of_process());
    return table.inside(TRY(outer_path(root_.get())));
}

Result<Path> PosixReader::location(const DirectoryRef& directory) const
{
    const auto root = TRY(outer_path(root_.get()));
    const auto place_outside = TRY(outer_path(fd_of(directory)));
    if (!is_at_or_below(root, place_outside))
        return fail({EXDEV, "readlink", place_outside, "this is outside the root " + printable(root), {}});
    const auto rest = rest_below(root, place_outside);
    return Path(rest.empty() ? "/" : std::string(rest));
}

Result<Path> PosixReader::outer_location(const DirectoryRef& directory) const
{
    return Path(TRY(outer_path(fd_of(directory))));
}

// ".." of the root is the root itself. The mount is compared too: what a directory is mounted on may be itself, below.
Result<std::vector<Attributes>> PosixReader::ancestry(const DirectoryRef& directory) const
{
    const ActingAs acting(directory->acting_as());
    std::vector<Attributes> all{TRY(stat_directory(place(directory)))};
    Fd at = TRY(reopen_directory(place(directory)));
    for (;;) {
        Fd above(retry([&] { return ::openat(at.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC); }));
        if (!above) return fail(system_error("openat", directory->path().text("..")));
        const Attributes found = TRY(stat_directory({above.get(), directory->path()}));
        if (same_inode(found, all.back()) && found.mount_id == all.back().mount_id) return all;
        all.push_back(found);
        at = std::move(above);
    }
}

Result<std::vector<OpenFile>> PosixReader::held_open(const Name& item) const
{
    return open_below((TRY(outer_location(item.at)) / std::string(item.name)).string());
}

Result<std::unique_ptr<Reader>> make_posix_reader_of(const DirectoryRef& root)
{
    const ActingAs acting(root->acting_as());
    return std::unique_ptr<Reader>(std::make_unique<PosixReader>(TRY(reopen_directory(place(root)))));
}

Result<Fd> open_root(const Path& root)
{
    Fd fd(retry([&] { return ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!fd) return fail(system_error("open", root.native()));
    return fd;
}

Result<std::unique_ptr<Reader>> make_posix_reader(const Path& root)
{
    return std::unique_ptr<Reader>(std::make_unique<PosixReader>(TRY(open_root(root))));
}

}  // namespace mailstate

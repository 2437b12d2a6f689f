// SPDX-License-Identifier: MIT
// Names: directories, links and nodes made, renamed, removed.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>

#include "fs/check_proof.hpp"
#include "fs/inode.hpp"
#include "fs/posix_writer.hpp"
#include "fs/xattr.hpp"
#include "posix/acting_as.hpp"
#include "posix/open.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {

namespace {

mode_t type_of(Kind kind)
{
    switch (kind) {
        case Kind::regular:
            return S_IFREG;
        case Kind::fifo:
            return S_IFIFO;
        case Kind::socket:
            return S_IFSOCK;
        case Kind::char_device:
            return S_IFCHR;
        case Kind::block_device:
            return S_IFBLK;
        default:
            return 0;
    }
}

// mkdir(2) obeys the umask, drops SGID from what is asked and takes it from the parent: only chmod(2) is exact.
Result<DirectoryRef> finish_directory(const Name& item, Mode mode)
{
    Fd fd = TRY(open_directory_at(at_of(item.at), item.name, MountPoints::refuse));
    const std::string subject = item.path();
    if (hands_down_acl(item.at)) TRY(remove_inherited_acls({fd.get(), Opened::fully, subject}));
    if (retry([&] { return ::fchmod(fd.get(), mode.bits); }) == -1) return fail(system_error("fchmod", subject));
    const Attributes made = TRY(stat_fd(fd.get(), subject));
    return DirectoryRef(std::make_shared<PosixDirectory>(item.at->path().child(item.name), std::move(fd), made.mount_id,
                                                         item.at->acting_as()));
}

// Of link(2): the filesystem does not support hard links, or none for this kind of file.
bool lacks_links(int number)
{
    return number == EPERM || number == EOPNOTSUPP || number == ENOSYS || number == EINVAL || number == EMLINK;
}

// What a name is made by where mknodat(2) is absent. A path through /proc, since neither call takes a descriptor.
Result<> make_other_node(const Name& name, mode_t type, std::uint64_t rdev)
{
    const std::string path = "/proc/self/fd/" + std::to_string(fd_of(name.at)) + "/" + std::string(name.name);
    int result = -1;
    errno = ENOSYS;
    if (type == S_IFSOCK) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (!socket) return fail(system_error("socket", name.path()));
        if (path.size() >= sizeof address.sun_path) return fail({ENAMETOOLONG, "bind", name.path(), {}, {}});
        path.copy(static_cast<char*>(address.sun_path), path.size());
        (void)::fchmod(socket.get(), 0600);  // what bind(2) makes gets this mode, but for the umask
        result = ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);  // NOLINT
        if (result == -1 && errno == EADDRINUSE) errno = EEXIST;
    }
#ifdef SYS_mknod
    else {
        result = static_cast<int>(::syscall(SYS_mknod, path.c_str(), type | 0600, rdev));
    }
#endif
    return result == 0 ? Result<>{} : Result<>(fail(system_error("mknod", name.path())));
}

Result<> make_node_by_hand(const Name& name, mode_t type, std::uint64_t rdev)
{
    if (type != S_IFREG) return make_other_node(name, type, rdev);
    (void)TRY(create_file(name));
    return {};
}

struct Renaming {
    const Name &from, &to;
    std::string from_text, to_text;
};

Result<Renaming> checked_renaming(const Name& from, const Name& to)
{
    std::string from_text = TRY(checked_name("renameat2", at_of(from.at), from.name));
    std::string to_text = TRY(checked_name("renameat2", at_of(to.at), to.name));
    return Renaming{from, to, std::move(from_text), std::move(to_text)};
}

// Without flags it is renameat(2); with flags ENOSYS where renameat2(2) is absent.
int rename_with(const Renaming& names, unsigned flags)
{
    const int from = fd_of(names.from.at), to = fd_of(names.to.at);
    if (flags == 0) return ::renameat(from, names.from_text.c_str(), to, names.to_text.c_str());
    if (!is_absent(SystemCall::renameat2))
        return ::renameat2(from, names.from_text.c_str(), to, names.to_text.c_str(), flags);
    errno = ENOSYS;
    return -1;
}

Result<> call_rename(const Renaming& names, unsigned flags)
{
    if (rename_with(names, flags) == 0) return {};
    return fail(system_error("renameat2", names.from.path() + " to " + names.to.path()));
}

// A client that repeats a request whose answer was lost is told EEXIST or ENOENT for what it has done itself.
Result<> unless_done(Result<> done, const Renaming& names, const Attributes& moved)
{
    if (done) return done;
    const int number = done.error().number;
    if (number != EEXIST && number != ENOENT && number != ENOTEMPTY) return done;
    const auto there = stat_fresh(at_of(names.to.at), names.to.name);
    return there && same_inode(*there, moved) ? Result<>{} : done;
}

bool is_taken(int number)
{
    return number == EEXIST || number == ENOTEMPTY || number == ENOTDIR;
}

// rename(2) puts a directory over nothing but an empty one. An NFS client tells changes of a directory by its times: of
// two in one tick of the server's clock it may miss the second, and say ENOENT of a name from then on, however it is
// asked (nfs(5), "Attribute caching"). A mkdir that the server refuses makes it forget that, so that the next look
// finds what is there; where mkdir succeeds, the name was free by then, and the empty directory is ours.
Result<> move_directory(const Renaming& names, const Attributes& moved)
{
    auto done = unless_done(call_rename(names, 0), names, moved);
    if (done || !is_taken(done.error().number)) return done;
    const auto there = stat_fresh(at_of(names.to.at), names.to.name);
    const bool is_unseen = !there && there.error().number == ENOENT;
    if (is_unseen && ::mkdirat(fd_of(names.to.at), names.to_text.c_str(), 0700) == 0)
        return unless_done(call_rename(names, 0), names, moved);
    return fail({EEXIST, "renameat2", names.to.path(), {}, {}});
}

// The name is taken first, by an empty file that nobody else can have made; what replaces that is ours.
Result<> move_over_own_placeholder(const Renaming& names)
{
    const Fd placeholder = TRY(create_file(names.to));
    auto done = call_rename(names, 0);
    if (!done) unlink_if_ours(names.to, placeholder.get());
    return done;
}

// link(2) never replaces. A kill before the first name goes leaves one file under both.
Result<> move_by_link(const Renaming& names, const Attributes& moved)
{
    const int result =
        ::linkat(fd_of(names.from.at), names.from_text.c_str(), fd_of(names.to.at), names.to_text.c_str(), 0);
    auto linked = result == 0 ? Result<>{} : Result<>(fail(system_error("linkat", names.to.path())));
    // Some FUSE programs answer a call that they do not know with EIO; a disk that fails fails the next call, too.
    const bool is_refused = !linked && (lacks_links(linked.error().number) || linked.error().number == EIO);
    if (is_refused) return move_over_own_placeholder(names);
    TRY(unless_done(std::move(linked), names, moved));
    if (::unlinkat(fd_of(names.from.at), names.from_text.c_str(), 0) == 0 || errno == ENOENT) return {};
    return fail(system_error("unlinkat", names.from.path()));
}

// NFS and some FUSE servers do not know RENAME_NOREPLACE.
Result<> rename_onto_nothing(const Renaming& names)
{
    const Attributes moved = TRY(stat_at(at_of(names.from.at), names.from.name));
    return moved.kind == Kind::directory ? move_directory(names, moved) : move_by_link(names, moved);
}

Result<bool> holds_directory(const Renaming& names)
{
    return TRY(stat_at(at_of(names.from.at), names.from.name)).kind == Kind::directory ||
           TRY(stat_at(at_of(names.to.at), names.to.name)).kind == Kind::directory;
}

}  // namespace

Result<DirectoryRef> PosixWriter::make_directory(const Name& item, Mode mode)
{
    TRY(check_ours(item.at, "mkdirat"));
    const ActingAs acting(item.at->acting_as());
    const auto text = TRY(checked_name("mkdirat", at_of(item.at), item.name));
    if (::mkdirat(fd_of(item.at), text.c_str(), 0700) == -1) return fail(system_error("mkdirat", item.path()));
    auto made = finish_directory(item, mode);
    // It is empty, or it is not ours: rmdir does no harm, and the failure before is the one to tell.
    if (!made) (void)::unlinkat(fd_of(item.at), text.c_str(), AT_REMOVEDIR);
    return made;
}

Result<> PosixWriter::make_link(const Name& item, std::string_view text)
{
    TRY(check_ours(item.at, "symlinkat"));
    const ActingAs acting(item.at->acting_as());
    const auto link = TRY(checked_name("symlinkat", at_of(item.at), item.name));
    if (::symlinkat(std::string(text).c_str(), fd_of(item.at), link.c_str()) == 0) return {};
    return fail(system_error("symlinkat", item.path()));
}

Result<> PosixWriter::make_hard_link(const Name& from, const Name& to)
{
    TRY(check_ours(from.at, "linkat"));
    TRY(check_ours(to.at, "linkat"));
    const ActingAs acting(to.at->acting_as());
    const auto old_name = TRY(checked_name("linkat", at_of(from.at), from.name));
    const auto new_name = TRY(checked_name("linkat", at_of(to.at), to.name));
    if (::linkat(fd_of(from.at), old_name.c_str(), fd_of(to.at), new_name.c_str(), 0) == 0) return {};
    return fail(system_error("linkat", to.path()));
}

Result<> PosixWriter::make_node(const Name& item, Kind kind, std::uint64_t rdev)
{
    TRY(check_ours(item.at, "mknodat"));
    const ActingAs acting(item.at->acting_as());
    const auto text = TRY(checked_name("mknodat", at_of(item.at), item.name));
    const mode_t type = type_of(kind);
    if (type == 0) return fail({EINVAL, "mknodat", item.path(), "mknod cannot create this", {}});
    if (is_absent(SystemCall::mknodat)) return make_node_by_hand(item, type, rdev);
    if (::mknodat(fd_of(item.at), text.c_str(), type | 0600, rdev) == 0) return {};
    return fail(system_error("mknodat", item.path()));
}

Result<> PosixWriter::rename(const Name& from, const Name& to, Replace replace)
{
    TRY(check_ours(from.at, "renameat2"));
    TRY(check_ours(to.at, "renameat2"));
    const ActingAs acting(to.at->acting_as());
    const Renaming names = TRY(checked_renaming(from, to));
    if (replace == Replace::exchange) {
        const bool refused = !limits_.exchanges_directories && TRY(holds_directory(names));
        return refused ? Result<>(fail({EXDEV, "renameat2", names.to.path(), {}, {}}))
                       : call_rename(names, RENAME_EXCHANGE);
    }
    auto done = call_rename(names, RENAME_NOREPLACE);
    if (replace == Replace::never) return done;
    if (!done && (done.error().number == EINVAL || done.error().number == ENOSYS)) return rename_onto_nothing(names);
    return done;
}

Result<> PosixWriter::replace(const Name& from, const Name& to, const Proof& proof)
{
    TRY(check_ours(from.at, "renameat2"));
    TRY(check_ours(to.at, "renameat2"));
    const ActingAs acting(to.at->acting_as());
    const Renaming names = TRY(checked_renaming(from, to));
    TRY(check_proof(names.to, proof));
    return call_rename(names, 0);
}

Result<> PosixWriter::remove_file(const Name& item, const Proof& proof)
{
    TRY(check_ours(item.at, "unlinkat"));
    const ActingAs acting(item.at->acting_as());
    const auto text = TRY(checked_name("unlinkat", at_of(item.at), item.name));
    TRY(check_proof(item, proof));
    if (::unlinkat(fd_of(item.at), text.c_str(), 0) == 0) return {};
    return fail(system_error("unlinkat", item.path()));
}

Result<> PosixWriter::remove_directory(const Name& item, const Proof& /*proof*/)
{
    TRY(check_ours(item.at, "unlinkat"));
    const ActingAs acting(item.at->acting_as());
    const auto text = TRY(checked_name("unlinkat", at_of(item.at), item.name));
    if (::unlinkat(fd_of(item.at), text.c_str(), AT_REMOVEDIR) == 0) return {};
    return fail(system_error("unlinkat", item.path()));
}

}  // namespace mailstate

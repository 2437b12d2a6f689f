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
Result<DirectoryRef> finish_directory(const DirectoryRef& at, std::string_view name, Mode mode)
{
    Fd fd = TRY(open_directory_at(at_of(at), name, MountPoints::refuse));
    const std::string subject = at->path().text(name);
    if (hands_down_acl(at)) TRY(remove_inherited_acls({fd.get(), Opened::fully, subject}));
    if (retry([&] { return ::fchmod(fd.get(), mode.bits); }) == -1) return fail(system_error("fchmod", subject));
    const Attributes made = TRY(stat_fd(fd.get(), subject));
    return DirectoryRef(
        std::make_shared<PosixDirectory>(at->path().child(name), std::move(fd), made.mount_id, at->acting_as()));
}

// Of link(2): the filesystem does not support hard links, or none for this kind of file.
bool lacks_links(int number)
{
    return number == EPERM || number == EOPNOTSUPP || number == ENOSYS || number == EINVAL || number == EMLINK;
}

// What a name is made by where mknodat(2) is absent. A path through /proc, since neither call takes a descriptor.
Result<> make_other_node(const Name& name, mode_t type, std::uint64_t rdev)
{
    const std::string path = "/proc/self/fd/" + std::to_string(name.at.fd) + "/" + std::string(name.name);
    int result = -1;
    errno = ENOSYS;
    if (type == S_IFSOCK) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (!socket) return fail(system_error("socket", name.text()));
        if (path.size() >= sizeof address.sun_path) return fail({ENAMETOOLONG, "bind", name.text(), {}, {}});
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
    return result == 0 ? Result<>{} : Result<>(fail(system_error("mknod", name.text())));
}

Result<> make_node_by_hand(const Name& name, mode_t type, std::uint64_t rdev)
{
    if (type != S_IFREG) return make_other_node(name, type, rdev);
    (void)TRY(create_file(name));
    return {};
}

struct Renaming {
    Name from, to;
    std::string from_text, to_text;
};

// Without flags it is renameat(2); with flags ENOSYS where renameat2(2) is absent.
int rename_with(const Renaming& names, unsigned flags)
{
    const int from = names.from.at.fd, to = names.to.at.fd;
    if (flags == 0) return ::renameat(from, names.from_text.c_str(), to, names.to_text.c_str());
    if (!is_absent(SystemCall::renameat2))
        return ::renameat2(from, names.from_text.c_str(), to, names.to_text.c_str(), flags);
    errno = ENOSYS;
    return -1;
}

Result<> call_rename(const Renaming& names, unsigned flags)
{
    if (rename_with(names, flags) == 0) return {};
    return fail(system_error("renameat2", names.from.text() + " to " + names.to.text()));
}

// A client that repeats a request whose answer was lost is told EEXIST or ENOENT for what it has done itself.
Result<> unless_done(Result<> done, const Renaming& names, const Attributes& moved)
{
    if (done) return done;
    const int number = done.error().number;
    if (number != EEXIST && number != ENOENT && number != ENOTEMPTY) return done;
    const auto there = stat_fresh(names.to.at, names.to.name);
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
    const auto there = stat_fresh(names.to.at, names.to.name);
    const bool is_unseen = !there && there.error().number == ENOENT;
    if (is_unseen && ::mkdirat(names.to.at.fd, names.to_text.c_str(), 0700) == 0)
        return unless_done(call_rename(names, 0), names, moved);
    return fail({EEXIST, "renameat2", names.to.text(), {}, {}});
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
    const int result = ::linkat(names.from.at.fd, names.from_text.c_str(), names.to.at.fd, names.to_text.c_str(), 0);
    auto linked = result == 0 ? Result<>{} : Result<>(fail(system_error("linkat", names.to.text())));
    // Some FUSE programs answer a call that they do not know with EIO; a disk that fails fails the next call, too.
    const bool is_refused = !linked && (lacks_links(linked.error().number) || linked.error().number == EIO);
    if (is_refused) return move_over_own_placeholder(names);
    TRY(unless_done(std::move(linked), names, moved));
    if (::unlinkat(names.from.at.fd, names.from_text.c_str(), 0) == 0 || errno == ENOENT) return {};
    return fail(system_error("unlinkat", names.from.text()));
}

// NFS and some FUSE servers do not know RENAME_NOREPLACE.
Result<> rename_onto_nothing(const Renaming& names)
{
    const Attributes moved = TRY(stat_at(names.from.at, names.from.name));
    return moved.kind == Kind::directory ? move_directory(names, moved) : move_by_link(names, moved);
}

Result<bool> holds_directory(const Renaming& names)
{
    return TRY(stat_at(names.from.at, names.from.name)).kind == Kind::directory ||
           TRY(stat_at(names.to.at, names.to.name)).kind == Kind::directory;
}

}  // namespace

Result<DirectoryRef> PosixWriter::make_directory(const DirectoryRef& at, std::string_view name, Mode mode)
{
    TRY(check_ours(at, "mkdirat"));
    const ActingAs acting(at->acting_as());
    const auto text = TRY(checked_name("mkdirat", at_of(at), name));
    if (::mkdirat(fd_of(at), text.c_str(), 0700) == -1) return fail(system_error("mkdirat", at->path().text(name)));
    auto made = finish_directory(at, name, mode);
    // It is empty, or it is not ours: rmdir does no harm, and the failure before is the one to tell.
    if (!made) (void)::unlinkat(fd_of(at), text.c_str(), AT_REMOVEDIR);
    return made;
}

Result<> PosixWriter::make_link(const DirectoryRef& at, std::string_view name, std::string_view text)
{
    TRY(check_ours(at, "symlinkat"));
    const ActingAs acting(at->acting_as());
    const auto link = TRY(checked_name("symlinkat", at_of(at), name));
    if (::symlinkat(std::string(text).c_str(), fd_of(at), link.c_str()) == 0) return {};
    return fail(system_error("symlinkat", at->path().text(name)));
}

Result<> PosixWriter::make_hard_link(const DirectoryRef& from, std::string_view from_name, const DirectoryRef& to,
                                     std::string_view to_name)
{
    TRY(check_ours(from, "linkat"));
    TRY(check_ours(to, "linkat"));
    const ActingAs acting(to->acting_as());
    const auto old_name = TRY(checked_name("linkat", at_of(from), from_name));
    const auto new_name = TRY(checked_name("linkat", at_of(to), to_name));
    if (::linkat(fd_of(from), old_name.c_str(), fd_of(to), new_name.c_str(), 0) == 0) return {};
    return fail(system_error("linkat", to->path().text(to_name)));
}

Result<> PosixWriter::make_node(const DirectoryRef& at, std::string_view name, Kind kind, std::uint64_t rdev)
{
    TRY(check_ours(at, "mknodat"));
    const ActingAs acting(at->acting_as());
    const auto text = TRY(checked_name("mknodat", at_of(at), name));
    const mode_t type = type_of(kind);
    if (type == 0) return fail({EINVAL, "mknodat", at->path().text(name), "this is nothing that mknod makes", {}});
    if (is_absent(SystemCall::mknodat)) return make_node_by_hand({at_of(at), name}, type, rdev);
    if (::mknodat(fd_of(at), text.c_str(), type | 0600, rdev) == 0) return {};
    return fail(system_error("mknodat", at->path().text(name)));
}

Result<> PosixWriter::rename(const DirectoryRef& from, std::string_view name, const DirectoryRef& to,
                             std::string_view to_name, Replace replace)
{
    TRY(check_ours(from, "renameat2"));
    TRY(check_ours(to, "renameat2"));
    const ActingAs acting(to->acting_as());
    const Renaming names{{at_of(from), name},
                         {at_of(to), to_name},
                         TRY(checked_name("renameat2", at_of(from), name)),
                         TRY(checked_name("renameat2", at_of(to), to_name))};
    if (replace == Replace::exchange) {
        const bool refused = !limits_.exchanges_directories && TRY(holds_directory(names));
        return refused ? Result<>(fail({EXDEV, "renameat2", names.to.text(), {}, {}}))
                       : call_rename(names, RENAME_EXCHANGE);
    }
    auto done = call_rename(names, RENAME_NOREPLACE);
    if (replace == Replace::never) return done;
    if (!done && (done.error().number == EINVAL || done.error().number == ENOSYS)) return rename_onto_nothing(names);
    return done;
}

Result<> PosixWriter::replace(const DirectoryRef& from, std::string_view name, const DirectoryRef& to,
                              std::string_view to_name, const Proof& proof)
{
    TRY(check_ours(from, "renameat2"));
    TRY(check_ours(to, "renameat2"));
    const ActingAs acting(to->acting_as());
    const Renaming names{{at_of(from), name},
                         {at_of(to), to_name},
                         TRY(checked_name("renameat2", at_of(from), name)),
                         TRY(checked_name("renameat2", at_of(to), to_name))};
    TRY(check_proof(names.to, proof));
    return call_rename(names, 0);
}

Result<> PosixWriter::remove_file(const DirectoryRef& at, std::string_view name, const Proof& proof)
{
    TRY(check_ours(at, "unlinkat"));
    const ActingAs acting(at->acting_as());
    const auto text = TRY(checked_name("unlinkat", at_of(at), name));
    TRY(check_proof({at_of(at), name}, proof));
    if (::unlinkat(fd_of(at), text.c_str(), 0) == 0) return {};
    return fail(system_error("unlinkat", at->path().text(name)));
}

Result<> PosixWriter::remove_directory(const DirectoryRef& at, std::string_view name, const Proof& /*proof*/)
{
    TRY(check_ours(at, "unlinkat"));
    const ActingAs acting(at->acting_as());
    const auto text = TRY(checked_name("unlinkat", at_of(at), name));
    if (::unlinkat(fd_of(at), text.c_str(), AT_REMOVEDIR) == 0) return {};
    return fail(system_error("unlinkat", at->path().text(name)));
}

}  // namespace mailstate

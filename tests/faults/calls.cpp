// SPDX-License-Identifier: MIT
#include "faults/calls.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>

namespace faults {

namespace {

#ifndef SYS_fchmodat2
constexpr long SYS_fchmodat2 = 452;  // Linux 6.6; the number is the same everywhere
#endif

constexpr Call table[] = {
    {SYS_mkdirat, "mkdirat", Does::changes, 1, -1, -1},
    {SYS_openat, "openat", Does::reads, 1, -1, -1},
    {SYS_openat2, "openat2", Does::reads, 1, -1, -1},
    {SYS_write, "write", Does::changes, -1, -1, 2},
    {SYS_pwrite64, "pwrite64", Does::changes, -1, -1, 2},
    {SYS_writev, "writev", Does::changes, -1, -1, -1},
    {SYS_copy_file_range, "copy_file_range", Does::changes, -1, -1, 4},
    {SYS_sendfile, "sendfile", Does::changes, -1, -1, 3},
    {SYS_ftruncate, "ftruncate", Does::changes, -1, -1, -1},
    {SYS_fallocate, "fallocate", Does::changes, -1, -1, -1},
    {SYS_ioctl, "ioctl", Does::nothing, -1, -1, -1},
    {SYS_fchown, "fchown", Does::changes, -1, -1, -1},
    {SYS_fchownat, "fchownat", Does::changes, 1, -1, -1},
    {SYS_fchmod, "fchmod", Does::changes, -1, -1, -1},
    {SYS_fchmodat, "fchmodat", Does::changes, 1, -1, -1},
    {SYS_fchmodat2, "fchmodat2", Does::changes, 1, -1, -1},
    {SYS_utimensat, "utimensat", Does::changes, -1, -1, -1},
    {SYS_setxattr, "setxattr", Does::changes, 0, -1, -1},
    {SYS_lsetxattr, "lsetxattr", Does::changes, 0, -1, -1},
    {SYS_fsetxattr, "fsetxattr", Does::changes, 1, -1, -1},
    {SYS_removexattr, "removexattr", Does::changes, 0, -1, -1},
    {SYS_lremovexattr, "lremovexattr", Does::changes, 0, -1, -1},
    {SYS_fremovexattr, "fremovexattr", Does::changes, 1, -1, -1},
    {SYS_symlinkat, "symlinkat", Does::changes, 0, 2, -1},
    {SYS_linkat, "linkat", Does::changes, 1, 3, -1},
    {SYS_mknodat, "mknodat", Does::changes, 1, -1, -1},
    {SYS_renameat2, "renameat2", Does::changes, 1, 3, -1},
    {SYS_renameat, "renameat", Does::changes, 1, 3, -1},
    {SYS_unlinkat, "unlinkat", Does::changes, 1, -1, -1},
    {SYS_fsync, "fsync", Does::changes, -1, -1, -1},
    {SYS_fdatasync, "fdatasync", Does::changes, -1, -1, -1},
    {SYS_syncfs, "syncfs", Does::changes, -1, -1, -1},
    {SYS_fcntl, "fcntl", Does::nothing, -1, -1, -1},
    {SYS_flock, "flock", Does::changes, -1, -1, -1},
#ifdef SYS_open  // absent on arm64
    {SYS_open, "open", Does::reads, 0, -1, -1},
    {SYS_mkdir, "mkdir", Does::changes, 0, -1, -1},
    {SYS_rmdir, "rmdir", Does::changes, 0, -1, -1},
    {SYS_unlink, "unlink", Does::changes, 0, -1, -1},
    {SYS_rename, "rename", Does::changes, 0, 1, -1},
    {SYS_symlink, "symlink", Does::changes, 0, 1, -1},
    {SYS_link, "link", Does::changes, 0, 1, -1},
    {SYS_chown, "chown", Does::changes, 0, -1, -1},
    {SYS_lchown, "lchown", Does::changes, 0, -1, -1},
    {SYS_chmod, "chmod", Does::changes, 0, -1, -1},
#endif
    {SYS_statx, "statx", Does::reads, 1, -1, -1},
    {SYS_getdents64, "getdents64", Does::reads, -1, -1, -1},
    {SYS_read, "read", Does::reads, -1, -1, -1},
    {SYS_pread64, "pread64", Does::reads, -1, -1, -1},
    {SYS_lseek, "lseek", Does::reads, -1, -1, -1},
    {SYS_readlinkat, "readlinkat", Does::reads, 1, -1, -1},
    {SYS_fstatfs, "fstatfs", Does::reads, -1, -1, -1},
    {SYS_flistxattr, "flistxattr", Does::reads, -1, -1, -1},
    {SYS_listxattr, "listxattr", Does::reads, 0, -1, -1},
    {SYS_llistxattr, "llistxattr", Does::reads, 0, -1, -1},
    {SYS_fgetxattr, "fgetxattr", Does::reads, 1, -1, -1},
    {SYS_getxattr, "getxattr", Does::reads, 0, -1, -1},
};

bool read_memory(pid_t thread, std::uint64_t address, void* to, std::size_t size)
{
    iovec local{to, size};
    iovec remote{reinterpret_cast<void*>(address), size};
    return ::process_vm_readv(thread, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

// Byte by byte to the end of the string: a longer piece may reach over the end of what is mapped.
std::string read_text(pid_t thread, std::uint64_t address)
{
    constexpr std::size_t limit = 300;
    std::string text;
    char byte = '\0';
    while (text.size() < limit && read_memory(thread, address + text.size(), &byte, 1) && byte != '\0')
        text += byte == '\n' || byte == ' ' ? '?' : byte;
    return text;
}

constexpr std::uint64_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

std::uint64_t open_flags(const Call& call, const Stopped& stopped)
{
    if (call.name == "openat2") {
        open_how how{};
        return read_memory(stopped.thread, stopped.arguments[2], &how, sizeof how) ? how.flags : 0;
    }
    return stopped.arguments[call.name == "open" ? 1 : 2];
}

bool locks(const Stopped& stopped)
{
    const auto command = static_cast<int>(stopped.arguments[1]);
    return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
}

bool is_standard_stream(std::uint64_t descriptor)
{
    return static_cast<int>(descriptor) <= 2;
}

}  // namespace

std::span<const Call> calls()
{
    return table;
}

const Call* find_call(long number)
{
    const auto* const found =
        std::find_if(std::begin(table), std::end(table), [&](const Call& call) { return call.number == number; });
    return found == std::end(table) ? nullptr : found;
}

Does what_it_does(const Call& call, const Stopped& stopped)
{
    const auto& arguments = stopped.arguments;
    if (call.name == "openat" || call.name == "openat2" || call.name == "open")
        return (open_flags(call, stopped) & writing) != 0 ? Does::changes : Does::reads;
    if (call.name == "ioctl") return arguments[1] == FICLONE ? Does::changes : Does::nothing;
    if (call.name == "fcntl") return locks(stopped) ? Does::changes : Does::nothing;
    if ((call.name.starts_with("write") || call.name == "read") && is_standard_stream(arguments[0]))
        return Does::nothing;
    return call.does;
}

std::string describe(const Call& call, const Stopped& stopped)
{
    std::string text(call.name);
    if (call.first_path < 0) return text;
    text += " " + read_text(stopped.thread, stopped.arguments[static_cast<std::size_t>(call.first_path)]);
    if (call.second_path < 0) return text;
    return text + " > " + read_text(stopped.thread, stopped.arguments[static_cast<std::size_t>(call.second_path)]);
}

}  // namespace faults

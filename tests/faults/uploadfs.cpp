// SPDX-License-Identifier: MIT
// A filesystem over a directory that keeps a file's content only when it is closed, as those over object stores do:
// what was written is uploaded at close(2), and a failure is reported there and nowhere else. fsync succeeds and does
// nothing, renameat2 knows no flags, and what failed to be uploaded reads as zeros.
//
//   uploadfs STORE WHERE CONTROL LOG
//
//   CONTROL  a file that may come and go: "NUMBER ERRNO" fails the upload of that number, counted from 1 since the
//   mount;
//            "NUMBER ERRNO onward" that and every later one
//   LOG      gets a line for each upload: "ok NAME" or "failed NAME"
//
// It runs in the foreground until it is unmounted, and dies with its parent.
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>

namespace {

std::string store, control, log_file;
std::set<std::uint64_t> dirty;  // descriptors with content that is not uploaded
long uploads = 0;

std::string inside(const char* path)
{
    return store + path;
}

int result_of(long outcome)
{
    return outcome == -1 ? -errno : static_cast<int>(outcome);
}

int descriptor_of(const fuse_file_info* file)
{
    return static_cast<int>(file->fh);
}

int wanted_failure()
{
    long number = 0;
    int error = 0;
    std::string onward;
    std::ifstream orders(control);
    if (!(orders >> number >> error)) return 0;
    orders >> onward;
    return uploads == number || (onward == "onward" && uploads > number) ? error : 0;
}

// Size and times stay, as where the metadata is another server's.
void lose_content(int descriptor)
{
    struct stat seen {};
    if (::fstat(descriptor, &seen) == -1 || ::ftruncate(descriptor, 0) == -1) return;
    (void)::ftruncate(descriptor, seen.st_size);
    const std::array<timespec, 2> times{seen.st_atim, seen.st_mtim};
    (void)::futimens(descriptor, times.data());
}

std::string name_of(int descriptor)
{
    std::array<char, 512> name{};
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    (void)::readlink(link.c_str(), name.data(), name.size() - 1);
    return name.data();
}

int upload(const char*, fuse_file_info* file)
{
    if (dirty.erase(file->fh) == 0) return 0;
    ++uploads;
    const int error = wanted_failure();
    if (error != 0) lose_content(descriptor_of(file));
    std::ofstream(log_file, std::ios::app) << (error == 0 ? "ok " : "failed ") << name_of(descriptor_of(file)) << "\n";
    return -error;
}

void* start(fuse_conn_info*, fuse_config* options)
{
    options->use_ino = 1;
    options->hard_remove = 1;  // a file that is open and unlinked goes on by its descriptor, without a path
    options->nullpath_ok = 1;
    options->attr_timeout = options->entry_timeout = options->negative_timeout = 0;
    return nullptr;
}

int look(const char* path, struct stat* seen, fuse_file_info* file)
{
    return result_of(path == nullptr ? ::fstat(descriptor_of(file), seen) : ::lstat(inside(path).c_str(), seen));
}

DIR* directory_of(const fuse_file_info* file)
{
    return reinterpret_cast<DIR*>(file->fh);
}

int open_directory(const char* path, fuse_file_info* file)
{
    DIR* directory = ::opendir(inside(path).c_str());
    file->fh = reinterpret_cast<std::uint64_t>(directory);
    return directory == nullptr ? -errno : 0;
}

int list(const char*, void* buffer, fuse_fill_dir_t fill, off_t, fuse_file_info* file, fuse_readdir_flags)
{
    ::rewinddir(directory_of(file));
    while (const dirent* entry = ::readdir(directory_of(file)))
        if (fill(buffer, entry->d_name, nullptr, 0, fuse_fill_dir_flags{}) != 0) break;
    return 0;
}

int close_directory(const char*, fuse_file_info* file)
{
    return result_of(::closedir(directory_of(file)));
}

int read_link(const char* path, char* text, std::size_t size)
{
    const ssize_t length = ::readlink(inside(path).c_str(), text, size - 1);
    if (length == -1) return -errno;
    text[length] = '\0';
    return 0;
}

int rename_without_flags(const char* from, const char* to, unsigned flags)
{
    return flags != 0 ? -EINVAL : result_of(::rename(inside(from).c_str(), inside(to).c_str()));
}

int change_mode(const char* path, mode_t mode, fuse_file_info* file)
{
    return result_of(path == nullptr ? ::fchmod(descriptor_of(file), mode) : ::chmod(inside(path).c_str(), mode));
}

int change_owner(const char* path, uid_t user, gid_t group, fuse_file_info* file)
{
    return result_of(path == nullptr ? ::fchown(descriptor_of(file), user, group)
                                     : ::lchown(inside(path).c_str(), user, group));
}

int change_size(const char* path, off_t size, fuse_file_info* file)
{
    if (file == nullptr) return result_of(::truncate(inside(path).c_str(), size));
    dirty.insert(file->fh);
    return result_of(::ftruncate(descriptor_of(file), size));
}

int change_times(const char* path, const timespec* times, fuse_file_info* file)
{
    return result_of(path == nullptr ? ::futimens(descriptor_of(file), times)
                                     : ::utimensat(AT_FDCWD, inside(path).c_str(), times, AT_SYMLINK_NOFOLLOW));
}

int open_for(const char* path, int flags, mode_t mode, fuse_file_info* file)
{
    const int descriptor = ::open(inside(path).c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode);
    if (descriptor == -1) return -errno;
    file->fh = static_cast<std::uint64_t>(descriptor);
    if ((flags & (O_CREAT | O_TRUNC)) != 0) dirty.insert(file->fh);
    return 0;
}

int open_file(const char* path, fuse_file_info* file)
{
    return open_for(path, file->flags & ~O_APPEND, 0, file);
}

int create_file(const char* path, mode_t mode, fuse_file_info* file)
{
    return open_for(path, (file->flags & ~O_APPEND) | O_CREAT, mode, file);
}

int read_file(const char*, char* to, std::size_t size, off_t at, fuse_file_info* file)
{
    return result_of(::pread(descriptor_of(file), to, size, at));
}

int write_file(const char*, const char* from, std::size_t size, off_t at, fuse_file_info* file)
{
    dirty.insert(file->fh);
    return result_of(::pwrite(descriptor_of(file), from, size, at));
}

int sync_nothing(const char*, int, fuse_file_info*)
{
    return 0;
}

int close_file(const char*, fuse_file_info* file)
{
    dirty.erase(file->fh);
    return result_of(::close(descriptor_of(file)));
}

fuse_operations operations()
{
    fuse_operations all{};
    all.init = start;
    all.getattr = look;
    all.opendir = open_directory;
    all.readdir = list;
    all.releasedir = close_directory;
    all.fsyncdir = sync_nothing;
    all.readlink = read_link;
    all.mknod = [](const char* path, mode_t mode, dev_t device) {
        return result_of(::mknod(inside(path).c_str(), mode, device));
    };
    all.mkdir = [](const char* path, mode_t mode) { return result_of(::mkdir(inside(path).c_str(), mode)); };
    all.unlink = [](const char* path) { return result_of(::unlink(inside(path).c_str())); };
    all.rmdir = [](const char* path) { return result_of(::rmdir(inside(path).c_str())); };
    all.symlink = [](const char* text, const char* path) { return result_of(::symlink(text, inside(path).c_str())); };
    all.link = [](const char* old, const char* path) {
        return result_of(::link(inside(old).c_str(), inside(path).c_str()));
    };
    all.rename = rename_without_flags;
    all.chmod = change_mode;
    all.chown = change_owner;
    all.truncate = change_size;
    all.utimens = change_times;
    all.open = open_file;
    all.create = create_file;
    all.read = read_file;
    all.write = write_file;
    all.flush = upload;
    all.fsync = sync_nothing;
    all.release = close_file;
    all.statfs = [](const char* path, struct statvfs* facts) {
        return result_of(::statvfs(inside(path).c_str(), facts));
    };
    all.setxattr = [](const char* path, const char* name, const char* value, std::size_t size, int flags) {
        return result_of(::lsetxattr(inside(path).c_str(), name, value, size, flags));
    };
    all.getxattr = [](const char* path, const char* name, char* value, std::size_t size) {
        return result_of(::lgetxattr(inside(path).c_str(), name, value, size));
    };
    all.listxattr = [](const char* path, char* names, std::size_t size) {
        return result_of(::llistxattr(inside(path).c_str(), names, size));
    };
    all.removexattr = [](const char* path, const char* name) {
        return result_of(::lremovexattr(inside(path).c_str(), name));
    };
    return all;
}

}  // namespace

int main(int count, char** arguments)
{
    if (count != 5) {
        std::fprintf(stderr, "usage: uploadfs STORE WHERE CONTROL LOG\n");
        return 64;
    }
    store = arguments[1];
    control = arguments[3];
    log_file = arguments[4];
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::umask(0);
    char in_foreground[] = "-f", in_one_thread[] = "-s", with[] = "-o",
         options[] = "allow_other,default_permissions,fsname=bucket,subtype=geesefs";
    char* as_fuse_has_it[] = {arguments[0], arguments[2], in_foreground, in_one_thread, with, options, nullptr};
    const fuse_operations all = operations();
    return fuse_main(6, as_fuse_has_it, &all, nullptr);
}

// SPDX-License-Identifier: MIT
// The system calls that no tool can do without, and nothing else: nothing is compared, recorded or made safe. What it
// takes is the machine's own share of the work, and the limit of what a program can reach that does more.
//
// usage: bare_calls move ORIGIN DESTINATION   each file opened, read, made, written, owned, dated; a syncfs; unlinked
//        bare_calls own TREE UID GID          each entry given to UID:GID, without a look at whose it is
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Name {
    ino_t inode;
    unsigned char type;
    std::string text;
};

void must(bool done, const char* what)
{
    if (done) return;
    std::perror(what);
    std::_Exit(1);
}

/// In the order of the inodes, which is how a cold disk is read fastest. Closes nothing.
std::vector<Name> names_in(int directory)
{
    DIR* stream = ::fdopendir(::dup(directory));
    must(stream != nullptr, "fdopendir");
    std::vector<Name> names;
    while (const dirent* entry = ::readdir(stream)) {
        if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
            names.push_back({entry->d_ino, entry->d_type, entry->d_name});
    }
    ::closedir(stream);
    std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.inode < b.inode; });
    return names;
}

/// As many as the program has, so that one waits for the disk while another works.
unsigned at_once()
{
    return std::clamp(4 * std::thread::hardware_concurrency(), 4U, 16U);
}

/// Directories, each handed to whoever is free; `at` gets one with its names, after the one that it is in.
class Directories {
public:
    using Visit = std::function<void(const std::string& below, int directory, const std::vector<Name>& names)>;

    explicit Directories(const std::string& top) : top_(top), waiting_{""} {}

    void visit(const Visit& at)
    {
        std::vector<std::thread> threads;
        for (unsigned number = at_once(); number > 0; --number) threads.emplace_back([this, &at] { work(at); });
        for (std::thread& thread : threads) thread.join();
    }

private:
    void work(const Visit& at)
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return !waiting_.empty() || busy_ == 0; });
            if (waiting_.empty()) return;
            const std::string below = waiting_.back();
            waiting_.pop_back();
            ++busy_;
            lock.unlock();
            const int directory = ::open((top_ + below).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            must(directory >= 0, "open");
            const std::vector<Name> names = names_in(directory);
            at(below, directory, names);
            ::close(directory);
            lock.lock();
            for (const Name& name : names) {
                if (name.type == DT_DIR) waiting_.push_back(below + "/" + name.text);
            }
            --busy_;
            changed_.notify_all();
        }
    }

    std::string top_;
    std::vector<std::string> waiting_;
    unsigned busy_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
};

void copy_file(int from, int to, const char* name)
{
    thread_local std::vector<char> buffer(1 << 20);
    const int origin = ::openat(from, name, O_RDONLY | O_NOATIME | O_CLOEXEC);
    struct stat seen {};
    must(origin >= 0 && ::fstat(origin, &seen) == 0, name);
    const int copy = ::openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, seen.st_mode & 07777);
    must(copy >= 0, name);
    for (off_t left = seen.st_size; left > 0;) {
        const ssize_t part = ::read(origin, buffer.data(), std::min(buffer.size(), static_cast<std::size_t>(left)));
        must(part > 0 && ::write(copy, buffer.data(), static_cast<std::size_t>(part)) == part, name);
        left -= part;
    }
    const timespec times[] = {seen.st_atim, seen.st_mtim};
    must(::fchown(copy, seen.st_uid, seen.st_gid) == 0 && ::futimens(copy, times) == 0, name);
    ::close(copy);
    ::close(origin);
}

void move_tree(const std::string& origin, const std::string& destination)
{
    must(::mkdir(destination.c_str(), 0700) == 0, destination.c_str());
    std::mutex mutex;
    std::vector<std::string> directories;
    Directories(origin).visit([&](const std::string& below, int from, const std::vector<Name>& names) {
        {
            const std::lock_guard lock(mutex);
            directories.push_back(origin + below);
        }
        const int to = ::open((destination + below).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct stat seen {};
        must(to >= 0 && ::fstat(from, &seen) == 0, below.c_str());
        for (const Name& name : names) {
            if (name.type == DT_DIR)
                must(::mkdirat(to, name.text.c_str(), 0700) == 0, name.text.c_str());
            else
                copy_file(from, to, name.text.c_str());
        }
        const timespec times[] = {seen.st_atim, seen.st_mtim};
        must(::fchown(to, seen.st_uid, seen.st_gid) == 0 && ::fchmod(to, seen.st_mode & 07777) == 0 &&
                 ::futimens(to, times) == 0,
             below.c_str());
        ::close(to);
    });
    const int volume = ::open(destination.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    must(volume >= 0 && ::syncfs(volume) == 0, "syncfs");
    ::close(volume);
    Directories(origin).visit([](const std::string&, int from, const std::vector<Name>& names) {
        for (const Name& name : names) {
            if (name.type != DT_DIR) must(::unlinkat(from, name.text.c_str(), 0) == 0, name.text.c_str());
        }
    });
    for (auto below = directories.rbegin(); below != directories.rend(); ++below)
        must(::rmdir(below->c_str()) == 0, "rmdir");
}

void own_tree(const std::string& top, uid_t uid, gid_t gid)
{
    must(::lchown(top.c_str(), uid, gid) == 0, top.c_str());
    Directories(top).visit([=](const std::string&, int directory, const std::vector<Name>& names) {
        for (const Name& name : names)
            must(::fchownat(directory, name.text.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW) == 0, name.text.c_str());
    });
}

}  // namespace

int main(int count, char** words)
{
    const std::string work = count > 1 ? words[1] : "";
    if (work == "move" && count == 4) {
        move_tree(words[2], words[3]);
        return 0;
    }
    if (work == "own" && count == 5) {
        own_tree(words[2], static_cast<uid_t>(std::atol(words[3])), static_cast<gid_t>(std::atol(words[4])));
        return 0;
    }
    std::fputs("usage: bare_calls move ORIGIN DESTINATION | own TREE UID GID\n", stderr);
    return 64;
}

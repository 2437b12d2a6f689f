// SPDX-License-Identifier: MIT
// A service's user at work against root: in its own tree it swaps directories and files for links to a victim, plants
// hard links and FIFOs, and renames under the feet of whoever walks there. Runs until it is killed, and keeps the
// number of its swaps in stdout, a file. It keeps nothing open and stands nowhere in the tree, so that nobody takes the
// tree for being in use. As root it swaps the scratch of a rehearsal in TREE, which nobody else could.
//
// usage: racer UID GID TREE VICTIM directories|files|hard-links|origin|everything|scratch
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

std::string tree, victim;
std::uint64_t swaps = 0;

std::string in(const char* name)
{
    return tree + "/" + name;
}

void exchange_names(const std::string& one, const std::string& other)
{
    if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) ++swaps;
}

void move(const std::string& from, const std::string& to)
{
    if (::rename(from.c_str(), to.c_str()) == 0) ++swaps;
}

void make_file(const std::string& path)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (file < 0) return;
    (void)!::write(file, "mine\n", 5);
    (void)::close(file);
}

void make_directory(const std::string& path)
{
    (void)::mkdir(path.c_str(), 0700);
}

// What root has moved or removed meanwhile is made anew; what is there stays. Failures are the other side's luck.
void prepare()
{
    make_directory(tree);
    make_directory(in("directory"));
    make_directory(in("directory/inner"));
    for (const char* name : {"directory/open", "directory/secret", "directory/inner/secret", "file", "plain"})
        make_file(in(name));
    (void)!::symlink(victim.c_str(), in("link").c_str());
    (void)!::symlink((victim + "/secret").c_str(), in("link-to-file").c_str());
    (void)::mkfifo(in("fifo").c_str(), 0600);
    make_directory(in("deep"));
    make_directory(in("deep/one"));
    make_directory(in("deep/one/two"));
    make_file(in("deep/one/two/secret"));
    (void)!::symlink(victim.c_str(), (tree + "-link").c_str());
}

void swap_directories()
{
    exchange_names(in("directory"), in("link"));
    exchange_names(in("directory/inner"), in("link"));
}

void swap_files()
{
    exchange_names(in("file"), in("link-to-file"));
    exchange_names(in("plain"), in("fifo"));
    exchange_names(in("file"), in("fifo"));
}

void plant_hard_links()
{
    if (::link((victim + "/open").c_str(), in("hard").c_str()) == 0) ++swaps;
    if (::link((victim + "/secret").c_str(), in("hard-secret").c_str()) == 0) ++swaps;  // fs.protected_hardlinks
    exchange_names(in("hard"), in("file"));
    move(in("hard"), in("plain"));
    (void)::unlink(in("hard").c_str());
    (void)::unlink(in("hard-secret").c_str());
    (void)::unlink(in("file").c_str());
    make_file(in("file"));
}

void rename_underfoot()
{
    move(in("deep/one/two"), in("two"));
    move(in("deep/one"), in("two/one"));
    move(in("two/one"), in("deep/one"));
    move(in("two"), in("deep/one/two"));
}

void swap_origin()
{
    exchange_names(tree, tree + "-link");
}

// "link" and the scratch, back and forth.
void swap_scratch()
{
    (void)!::symlink(victim.c_str(), in("link").c_str());
    DIR* const directory = ::opendir(tree.c_str());
    if (directory == nullptr) return;
    while (const dirent* const entry = ::readdir(directory))
        if (std::string(entry->d_name).starts_with(".mailstate-rehearsal."))
            exchange_names(in(entry->d_name), in("link"));
    (void)::closedir(directory);
}

void attack(const std::string& how)
{
    if (how == "scratch") return swap_scratch();
    const bool all = how == "everything";
    if (all || how == "directories") swap_directories();
    if (all || how == "files") swap_files();
    if (all || how == "hard-links") plant_hard_links();
    if (all) rename_underfoot();
    if (how == "origin") swap_origin();
}

}  // namespace

int main(int count, char** arguments)
{
    if (count != 6) return 64;
    const auto uid = static_cast<uid_t>(std::atoi(arguments[1]));
    const auto gid = static_cast<gid_t>(std::atoi(arguments[2]));
    tree = arguments[3];
    victim = arguments[4];
    const std::string how = arguments[5];
    if (::setgroups(0, nullptr) != 0 || ::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0) return 1;
    constexpr int rounds = 32;
    for (;;) {
        if (how != "scratch") prepare();
        for (int i = 0; i < rounds; ++i) attack(how);
        if (::pwrite(STDOUT_FILENO, &swaps, sizeof swaps, 0) != sizeof swaps) return 1;
    }
}

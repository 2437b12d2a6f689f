// SPDX-License-Identifier: MIT
// The walk that the kernel does for RESOLVE_IN_ROOT, for systems without it: path_resolution(7).
#include <deque>
#include <vector>

#include "posix/calls.hpp"
#include "posix/open.hpp"

namespace mailstate {
namespace {

constexpr int link_limit = 40;  // as in the kernel: MAXSYMLINKS

class Walk {
public:
    Walk(int root, const std::string& path) : root_(root), path_(path) { push_front(path); }

    Result<Fd> finish()
    {
        while (!ahead_.empty()) {
            const auto name = std::move(ahead_.front());
            ahead_.pop_front();
            TRY(step(name));
        }
        Fd opened(open_without_atime(O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                                     [&](int flags) { return retry([&] { return ::openat(here(), ".", flags); }); }));
        if (!opened) return failure(errno);
        return opened;
    }

private:
    [[nodiscard]] int here() const { return behind_.empty() ? root_ : behind_.back().get(); }
    [[nodiscard]] Failure failure(int number) const { return fail({number, "openat", path_, {}, {}}); }

    Result<> step(const std::string& name)
    {
        if (name == ".") return {};
        if (name == "..") {  // back to the directory we came through, which is never above the root
            if (!behind_.empty()) behind_.pop_back();
            return {};
        }
        Fd found(retry([&] { return ::openat(here(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC); }));
        if (!found) return failure(errno);
        const auto kind = TRY(stat_fd(found.get(), path_)).kind;
        if (kind == Kind::symlink) return follow(name);
        if (kind != Kind::directory) return failure(ENOTDIR);
        behind_.push_back(std::move(found));
        return {};
    }

    Result<> follow(const std::string& name)
    {
        if (++links_ > link_limit) return failure(ELOOP);
        const TreePath where(path_);
        const auto text = TRY(read_link_at({here(), where}, name));
        if (text.empty()) return failure(ENOENT);
        if (text.front() == '/') behind_.clear();
        push_front(text);
        return {};
    }

    void push_front(std::string_view path)
    {
        std::vector<std::string> names;
        while (!path.empty()) {
            const auto end = std::min(path.find('/'), path.size());
            if (end > 0) names.emplace_back(path.substr(0, end));
            path.remove_prefix(std::min(end + 1, path.size()));
        }
        ahead_.insert(ahead_.begin(), std::make_move_iterator(names.begin()), std::make_move_iterator(names.end()));
    }

    int root_;
    const std::string& path_;
    std::vector<Fd> behind_;         // the directories below the root that led here
    std::deque<std::string> ahead_;  // the names still to go
    int links_ = 0;
};

}  // namespace

Result<Fd> open_in_root_by_hand(int root, const std::string& path)
{
    return Walk(root, path).finish();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// walk: one parallel walk of a tree, used by measuring, copying, comparing, emptying and ownership.
//
// Directories, and slices of the names in them, are tasks on one stack that all threads share. A directory is listed a
// batch at a time, and what remains of it goes below its slices and its children on the stack: the walk runs depth
// first, so that memory and descriptors grow with the depth of the tree, not with its size. A directory is listed by
// one thread at a time; its names are visited by several, since one large directory on a slow filesystem (NFS) must not
// mean one operation at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "mailstate/base/noncopyable.hpp"
#include "mailstate/engine/stop.hpp"
#include "mailstate/fs/reader.hpp"

namespace mailstate {

inline constexpr int depth_limit = 4096;  // levels below the root of a walk; deeper is E2BIG

struct Place : Name {  // as it was seen
    Attributes attributes;
    std::size_t root_length = 0;  // of the relative path of the walk's root, its slash included
    [[nodiscard]] std::string relative() const { return at->path().relative(name).substr(root_length); }
};

// For a Place's root_length: paths in a walk are relative to where the walk began.
inline std::size_t root_length_of(const DirectoryRef& root)
{
    const std::string relative = root->path().relative();
    return relative.empty() ? 0 : relative.size() + 1;
}

enum class Descend : bool { no, yes };

// Context is what a visitor keeps for each directory. Methods are called from several threads, visit() for different
// names of one directory too.
template <class Context>
class TreeVisitor : NonCopyable {
public:
    virtual ~TreeVisitor() = default;

    // Every name. Only the answer for a directory matters.
    virtual Result<Descend> visit(const Place& place, Context& context) = 0;
    // A directory that visit() wants to descend into, opened. The parent may be listed by another thread meanwhile.
    virtual Result<Context> enter(const Place& place, const Context& parent, const DirectoryRef& opened) = 0;
    // All names of a directory were visited; what lies below its subdirectories may be under way.
    virtual Result<> leave(const DirectoryRef& /*directory*/, Context& /*context*/) { return {}; }
    // Everything in a directory was visited, down to the leaves. It is no longer open: in a deep tree that would be a
    // descriptor for each level.
    virtual Result<> complete(Context& /*context*/) { return {}; }
    // A directory could not be opened: EXDEV is a mount point, ENOENT has vanished. A failure ends the walk.
    virtual Result<> refused(const Place& /*place*/, const Error& error) { return fail(error); }
    // A name was listed and is gone.
    virtual Result<> vanished(const Name& /*item*/) { return {}; }
};

struct Nothing {};

// For a visitor that keeps nothing for a directory.
class PlainVisitor : public TreeVisitor<Nothing> {
public:
    Result<Nothing> enter(const Place& /*place*/, const Nothing& /*parent*/, const DirectoryRef& /*opened*/) override
    {
        return Nothing{};
    }
};

struct WalkOptions {
    int jobs = 1;
    Cross cross = Cross::no;
    const Stop* stop = nullptr;  // ECANCELED when requested
    int deepest = depth_limit;   // levels below the root
};

Error stopped_error(const std::string& path);
Error too_deep_error(const std::string& path);

namespace walking {

inline constexpr std::size_t slice_size = 16;  // names
inline constexpr std::chrono::milliseconds worth_threads{5};

template <class Context>
struct OpenDirectory {
    DirectoryRef directory;
    std::unique_ptr<Listing> listing;
    Context context;
    std::shared_ptr<OpenDirectory> above;  // null for the root
    std::size_t slices =
        1;  // the listing, and slices that are not visited yet; guarded by the walk's mutex, as is below
    std::size_t below = 1;  // this directory, until it is left, and subdirectories that are not complete
};

template <class Context>
struct Task {
    DirectoryRef parent;  // of a directory that is not open yet
    std::string name;
    Attributes attributes;
    std::shared_ptr<OpenDirectory<Context>> above;  // the parent's, which may have been left meanwhile

    std::shared_ptr<OpenDirectory<Context>> open;  // one that is being listed,
    std::vector<std::string> names;                // or some of its names
};

template <class Context>
class Walk {
public:
    Walk(const Reader& reader, TreeVisitor<Context>& visitor, const WalkOptions& options)
        : reader_(reader), visitor_(visitor), options_(options)
    {
    }

    Result<> run(const DirectoryRef& root, Context context)
    {
        root_length_ = root_length_of(root);
        root_depth_ = root->path().depth();
        tasks_.push_back(list_of(root, std::move(context), nullptr));
        work();
        for (std::thread& thread : threads_) thread.join();
        if (error_) return fail(*error_);
        return {};
    }

private:
    using Tasks = std::vector<Task<Context>>;
    using Open = std::shared_ptr<OpenDirectory<Context>>;

    static Task<Context> list_of(const DirectoryRef& directory, Context context, Open above)
    {
        Task<Context> task;
        task.open = Open(new OpenDirectory<Context>{directory, nullptr, std::move(context), std::move(above)});
        return task;
    }

    void work()
    {
        while (std::optional<Task<Context>> task = take()) {
            Tasks more;
            const Result<> result = process(*task, more);
            give_back(result, std::move(more));
        }
    }

    std::optional<Task<Context>> take()
    {
        std::unique_lock lock(mutex_);
        while (tasks_.empty() && busy_ > 0 && !error_) wake_.wait(lock);
        if (tasks_.empty() || error_) {
            wake_.notify_all();
            return std::nullopt;
        }
        Task<Context> task = std::move(tasks_.back());
        tasks_.pop_back();
        ++busy_;
        return task;
    }

    void give_back(const Result<>& result, Tasks more)
    {
        const std::lock_guard lock(mutex_);
        --busy_;
        if (!result && !error_) error_ = result.error();
        push(std::move(more));
        if (error_ || (tasks_.empty() && busy_ == 0)) wake_.notify_all();
    }

    // The last one is taken first. Called with the mutex held. No more threads are woken than there is work for: on a
    // filesystem that answers at once most of them sleep.
    void push(Tasks more)
    {
        for (Task<Context>& task : more) {
            tasks_.push_back(std::move(task));
            wake_.notify_one();
        }
        if (!error_ && !tasks_.empty()) add_threads();
    }

    // What is done in a few milliseconds is done by the calling thread alone: threads would cost more.
    void add_threads()
    {
        const auto wanted = static_cast<std::size_t>(std::max(options_.jobs, 1)) - 1;
        if (threads_.size() >= wanted || threads_refused_) return;
        if (std::chrono::steady_clock::now() - begun_ < worth_threads) return;
        while (threads_.size() < wanted && !threads_refused_) {
            try {
                threads_.emplace_back([this] { work(); });
            } catch (const std::system_error&) {
                threads_refused_ = true;  // a limit on processes: fewer will do
            }
        }
    }

    Result<> process(Task<Context>& task, Tasks& more)
    {
        if (!task.open) return open(task, more);
        if (task.names.empty()) return list(task, more);
        for (const std::string& name : task.names) TRY(visit(task.open, name, more));
        return finish_slice(task.open);
    }

    Result<> open(Task<Context>& task, Tasks& more)
    {
        const Place place{{task.parent, task.name}, task.attributes, root_length_};
        if (task.parent->path().depth() - root_depth_ >= options_.deepest) return fail(too_deep_error(place.path()));
        Result<DirectoryRef> opened = reader_.open_directory({task.parent, task.name}, options_.cross);
        if (!opened) {
            TRY(visitor_.refused(place, opened.error()));
            return complete(task.above);
        }
        Context context = TRY(visitor_.enter(place, task.above->context, *opened));
        Task<Context> found = list_of(*opened, std::move(context), task.above);
        return list(found, more);
    }

    // The next batch of names, in slices for whoever is idle; this thread takes the last one at once.
    Result<> list(Task<Context>& task, Tasks& more)
    {
        const Open open = task.open;
        if (!open->listing) open->listing = TRY(reader_.list(open->directory));
        std::vector<std::string> names;
        TRY(open->listing->next(names));
        if (names.empty()) {
            open->listing.reset();
            return finish_slice(open);
        }
        Tasks slices;
        slices.push_back(std::move(task));  // the rest of it, below
        std::size_t begin = 0;
        for (; names.size() - begin > slice_size; begin += slice_size) {
            Task<Context> slice;
            slice.open = open;
            slice.names.assign(
                std::make_move_iterator(names.begin() + static_cast<std::ptrdiff_t>(begin)),
                std::make_move_iterator(names.begin() + static_cast<std::ptrdiff_t>(begin + slice_size)));
            slices.push_back(std::move(slice));
        }
        {
            const std::lock_guard lock(mutex_);
            open->slices += slices.size();  // the rest stands for the slice that is visited here
            push(std::move(slices));
        }
        for (; begin < names.size(); ++begin) TRY(visit(open, names[begin], more));
        return finish_slice(open);
    }

    Result<> finish_slice(const Open& open)
    {
        {
            const std::lock_guard lock(mutex_);
            if (--open->slices > 0) return {};
        }
        TRY(visitor_.leave(open->directory, open->context));
        open->directory.reset();
        return complete(open);
    }

    // One thing less that a directory waits for; the last one completes it, and may be the last of the one above.
    Result<> complete(Open open)
    {
        for (; open; open = open->above) {
            {
                const std::lock_guard lock(mutex_);
                if (--open->below > 0) return {};
            }
            TRY(visitor_.complete(open->context));
        }
        return {};
    }

    Result<> visit(const Open& open, const std::string& name, Tasks& children)
    {
        const DirectoryRef& at = open->directory;
        if (options_.stop != nullptr && options_.stop->requested()) return fail(stopped_error(at->path().text(name)));
        const std::optional<Attributes> attributes = TRY(find(reader_, {at, name}));
        if (!attributes) return visitor_.vanished({at, name});
        const Descend descend = TRY(visitor_.visit({{at, name}, *attributes, root_length_}, open->context));
        if (descend == Descend::no || attributes->kind != Kind::directory) return {};
        {
            const std::lock_guard lock(mutex_);
            ++open->below;
        }
        children.push_back({at, name, *attributes, open, {}, {}});
        return {};
    }

    const Reader& reader_;
    TreeVisitor<Context>& visitor_;
    const WalkOptions& options_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::mutex mutex_;
    std::condition_variable wake_;
    Tasks tasks_;
    std::vector<std::thread> threads_;
    std::optional<Error> error_;
    std::size_t root_length_ = 0;
    int root_depth_ = 0;
    bool threads_refused_ = false;
    int busy_ = 0;
};

}  // namespace walking

// The first error of any thread ends the walk and is returned.
template <class Context>
Result<> walk(const Reader& reader, const DirectoryRef& root, Context context, TreeVisitor<Context>& visitor,
              const WalkOptions& options)
{
    return walking::Walk<Context>(reader, visitor, options).run(root, std::move(context));
}

}  // namespace mailstate

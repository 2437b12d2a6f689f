// SPDX-License-Identifier: MIT
// walk: one parallel walk of a tree, used by measuring, copying, comparing, emptying and ownership.
//
// Directories are tasks on one stack that all threads share. A directory is listed a batch at a time, and what remains
// of it goes below its children on the stack: the walk runs depth first, so that memory and descriptors grow with the
// depth of the tree, not with its size. A directory is worked on by one thread at a time; different directories by
// several.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "mailstate/engine.hpp"
#include "mailstate/reader.hpp"

namespace mailstate {

inline constexpr int depth_limit = 4096;  // levels below the root of a walk; deeper is E2BIG

struct Place {  // a name in an open directory, as it was seen
    const DirectoryRef& at;
    const std::string& name;
    const Attributes& attributes;
    std::size_t root_length = 0;  // of the relative path of the walk's root, its slash included
    [[nodiscard]] std::string path() const { return at->path().text(name); }
    [[nodiscard]] std::string relative() const { return at->path().relative(name).substr(root_length); }
};

// For a Place's root_length: paths in a walk are relative to where the walk began.
inline std::size_t root_length_of(const DirectoryRef& root)
{
    const std::string relative = root->path().relative();
    return relative.empty() ? 0 : relative.size() + 1;
}

enum class Descend : bool { no, yes };

// Context is what a visitor keeps for each directory. Methods are called from several threads, for different
// directories.
template <class Context>
class TreeVisitor {
public:
    virtual ~TreeVisitor() = default;
    TreeVisitor() = default;
    TreeVisitor(const TreeVisitor&) = delete;
    TreeVisitor& operator=(const TreeVisitor&) = delete;
    TreeVisitor(TreeVisitor&&) = delete;
    TreeVisitor& operator=(TreeVisitor&&) = delete;

    // Every name. Only the answer for a directory matters.
    virtual Result<Descend> visit(const Place& place, Context& context) = 0;
    // A directory that visit() wants to descend into, opened. The parent may be listed by another thread meanwhile.
    virtual Result<Context> enter(const Place& place, const Context& parent, const DirectoryRef& opened) = 0;
    // All names of a directory were visited; what lies below its subdirectories may be under way.
    virtual Result<> leave(const DirectoryRef& /*directory*/, Context& /*context*/) { return {}; }
    // A directory could not be opened: EXDEV is a mount point, ENOENT has vanished. A failure ends the walk.
    virtual Result<> refused(const Place& /*place*/, const Error& error) { return fail(error); }
    // A name was listed and is gone.
    virtual Result<> vanished(const DirectoryRef& /*at*/, const std::string& /*name*/) { return {}; }
};

struct WalkOptions {
    int jobs = 1;
    Cross cross = Cross::no;
    const Stop* stop = nullptr;  // ECANCELED when requested
};

Error stopped_error(const std::string& path);
Error too_deep_error(const std::string& path);

namespace walking {

template <class Context>
struct Task {
    DirectoryRef parent;  // of a directory that is not open yet
    std::string name;
    Attributes attributes;
    std::shared_ptr<Context> parent_context;

    DirectoryRef directory;  // of one that is being listed
    std::unique_ptr<Listing> listing;
    std::shared_ptr<Context> context;
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
        Task<Context> first;
        first.directory = root;
        first.context = std::make_shared<Context>(std::move(context));
        tasks_.push_back(std::move(first));
        work();
        for (std::thread& thread : threads_) thread.join();
        if (error_) return fail(*error_);
        return {};
    }

private:
    void work()
    {
        while (std::optional<Task<Context>> task = take()) {
            std::vector<Task<Context>> children;
            const Result<> result = process(*task, children);
            give_back(std::move(*task), std::move(children), result);
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

    void give_back(Task<Context> task, std::vector<Task<Context>> children, const Result<>& result)
    {
        const std::lock_guard lock(mutex_);
        --busy_;
        if (!result && !error_) error_ = result.error();
        if (task.listing) tasks_.push_back(std::move(task));  // more of it, below its children
        for (Task<Context>& child : children) tasks_.push_back(std::move(child));
        if (!error_ && tasks_.size() > 1 && visited_ > 256) add_threads();
        wake_.notify_all();
    }

    // A small tree is walked by the calling thread alone: a thread costs more than a few hundred files.
    void add_threads()
    {
        while (static_cast<int>(threads_.size()) + 1 < options_.jobs && !threads_refused_) {
            try {
                threads_.emplace_back([this] { work(); });
            } catch (const std::system_error&) {
                threads_refused_ = true;  // a limit on processes: fewer will do
            }
        }
    }

    Result<> process(Task<Context>& task, std::vector<Task<Context>>& children)
    {
        if (!task.directory && !TRY(open(task))) return {};
        if (!task.listing) task.listing = TRY(reader_.list(task.directory));
        std::vector<std::string> names;
        TRY(task.listing->next(names));
        for (const std::string& name : names) TRY(visit(task, name, children));
        {
            const std::lock_guard lock(mutex_);
            visited_ += names.size();
        }
        if (!names.empty()) return {};
        task.listing.reset();
        return visitor_.leave(task.directory, *task.context);
    }

    Result<bool> open(Task<Context>& task)
    {
        const Place place{task.parent, task.name, task.attributes, root_length_};
        if (task.parent->path().depth() - root_depth_ >= depth_limit) return fail(too_deep_error(place.path()));
        Result<DirectoryRef> opened = reader_.open_directory(task.parent, task.name, options_.cross);
        if (!opened) {
            TRY(visitor_.refused(place, opened.error()));
            return false;
        }
        task.context = std::make_shared<Context>(TRY(visitor_.enter(place, *task.parent_context, *opened)));
        task.directory = std::move(*opened);
        task.parent.reset();
        task.parent_context.reset();
        return true;
    }

    Result<> visit(Task<Context>& task, const std::string& name, std::vector<Task<Context>>& children)
    {
        if (options_.stop != nullptr && options_.stop->requested())
            return fail(stopped_error(task.directory->path().text(name)));
        const std::optional<Attributes> attributes = TRY(find(reader_, task.directory, name));
        if (!attributes) return visitor_.vanished(task.directory, name);
        const Descend descend = TRY(visitor_.visit({task.directory, name, *attributes, root_length_}, *task.context));
        if (descend == Descend::yes && attributes->kind == Kind::directory)
            children.push_back({task.directory, name, *attributes, task.context, {}, {}, {}});
        return {};
    }

    const Reader& reader_;
    TreeVisitor<Context>& visitor_;
    const WalkOptions& options_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Task<Context>> tasks_;
    std::vector<std::thread> threads_;
    std::optional<Error> error_;
    std::uint64_t visited_ = 0;
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

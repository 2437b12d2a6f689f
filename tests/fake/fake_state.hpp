// SPDX-License-Identifier: MIT
// The tree behind the fake filesystem: nodes, mounts, a clock. Whoever uses it holds the mutex.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "fake/fake_behaviour.hpp"
#include "fake/fake_client.hpp"
#include "fake/fake_node.hpp"
#include "mailstate/fs/writer.hpp"

namespace mailstate {

struct FakeMount {
    Mount line;  // mount_point is not kept here: it follows the node that is covered
    FakeNodeRef root, covered;
    FakeNodeRef covered_in;  // the directory that holds the covered name
    std::string covered_name;
    FilesystemFacts facts;
};

// A place: a node as seen through a mount.
struct FakePlace {
    FakeNodeRef node;
    int mount = 0;
};

class FakeDirectory final : public Directory {
public:
    FakeDirectory(TreePath path, FakePlace place, std::optional<Owner> acting_as = std::nullopt)
        : Directory(std::move(path), acting_as), place_(std::move(place))
    {
    }
    [[nodiscard]] const FakePlace& place() const { return place_; }

private:
    FakePlace place_;
};

inline const FakePlace& place_of(const DirectoryRef& directory)
{
    return static_cast<const FakeDirectory&>(*directory).place();
}

class FakeState {
public:
    explicit FakeState(std::uint32_t machine);
    FakeState(const FakeState& other);  // all but the mounts, the hook and the locks: see FakeFilesystem::copies
    FakeState& operator=(const FakeState&) = delete;
    FakeState(FakeState&&) = delete;
    FakeState& operator=(FakeState&&) = delete;
    ~FakeState() = default;

    [[nodiscard]] std::unique_lock<std::recursive_mutex> hold() const { return std::unique_lock(mutex_); }
    // The hook's errno for this call, as a failure.
    [[nodiscard]] Result<> ask(std::string_view call, const std::string& subject) const;

    [[nodiscard]] FakePlace root() const;
    [[nodiscard]] FakePlace enter(const FakePlace& at) const;  // the top of what is mounted here
    [[nodiscard]] std::optional<FakePlace> child(const FakePlace& at, std::string_view name) const;
    // The same as this machine sees it: where the volume is a server's, what it remembers of the name may be old.
    [[nodiscard]] std::optional<FakePlace> seen_child(const FakePlace& at, std::string_view name, FakeLook look) const;
    [[nodiscard]] std::vector<std::string> seen_names(const FakePlace& at) const;
    void opened(const FakePlace& directory) const { client.forget(*directory.node); }  // close-to-open: nfs(5)
    [[nodiscard]] bool is_mount_point(const FakePlace& at, std::string_view name) const;
    [[nodiscard]] bool read_only(const FakePlace& at) const;
    [[nodiscard]] Result<FakePlace> walk(std::string_view absolute) const;  // follows links and mounts
    [[nodiscard]] std::string path_of(const FakePlace& directory) const;
    [[nodiscard]] Attributes attributes_of(const FakePlace& place) const;
    [[nodiscard]] MountTable table() const;
    [[nodiscard]] FakeMount& mount_of(int id);
    [[nodiscard]] const FakeMount& mount_of(int id) const;

    Timestamp tick() { return {1'700'000'000 + machine_, ++ticks_}; }
    FakeNodeRef make(Kind kind, Mode mode, std::uint64_t device);
    void insert(FakeNode& directory, std::string_view name, const FakeNodeRef& node);
    void take_out(FakeNode& directory, std::string_view name);  // and counts the node's links down
    void changed(FakeNode& node);
    void written(FakeNode& node);
    void forget();  // what only a client remembers: each owner is what the server has again

    FakeHook hook;
    FakeQuirks quirks;
    ProcessFacts process;  // root with all capabilities, unless set
    Holder holder;
    std::set<int> processes;
    std::vector<FakeMount> mounts;
    std::optional<MountTable> told;  // set_mounts
    int next_mount = 2;
    std::uint64_t next_device;
    mutable FakeClient client;

    std::map<FakeNodeRef, Owner> remembered;  // the owners that the server has
    std::vector<OpenFile> open_files;         // what other processes hold

    // Locks that are held, by directory; freed is signalled when one goes.
    std::map<const FakeNode*, std::string> locks;
    std::condition_variable_any freed;

private:
    mutable std::recursive_mutex mutex_;  // a hook may use the filesystem, too
    // Machines that share a volume number what they make apart, and whatever the other does, alike each time.
    std::uint32_t machine_ = 0;
    std::uint32_t ticks_ = 0;
    std::uint64_t next_inode_ = 2;
};

std::unique_ptr<Reader> make_fake_reader(std::shared_ptr<FakeState> state);
std::unique_ptr<Writer> make_fake_writer(std::shared_ptr<FakeState> state);

Failure fake_failure(int number, std::string_view call, std::string subject, std::string message = {});

// Mounted over what is at a path.
Result<> cover_fake(FakeState& state, const Path& at, FakeMount mount);

// A name is one component: ENOENT where it is empty, EINVAL where it holds a slash, a NUL or is a dot directory.
Result<> check_fake_name(std::string_view call, const Name& item);

}  // namespace mailstate

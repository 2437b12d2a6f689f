// SPDX-License-Identifier: MIT
// FakeFilesystem: the seam in memory, for tests. One tree, a Reader and a Writer over it; inodes, hard links, owners,
// modes, extended attributes, mounts and a clock behave as the kernel's do. Everything below acts as root.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "fake/fake_behaviour.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/writer.hpp"

namespace mailstate {

class FakeState;
struct FakeClient;

class FakeFilesystem {
public:
    // An empty root directory, 0755, root:root. Filesystems that share a volume belong to machines of other numbers.
    explicit FakeFilesystem(std::uint32_t machine = 0);

    [[nodiscard]] const Reader& reader() const;
    [[nodiscard]] Writer& writer();

    void set_hook(FakeHook hook);
    void set_quirks(FakeQuirks quirks);

    // What Reader::filesystem says of the mount that a path is on; a local ext4 unless set.
    void set_facts(const Path& on, FilesystemFacts facts);

    // A new, empty filesystem on a directory. Of the line, id, parent, device and mount_point are filled in here.
    Result<> mount(const Path& at, Mount line);
    // The source, a directory or a file, shown once more at another place of the same kind: equal device and inode
    // numbers, another mount id.
    Result<> bind(const Path& source, const Path& at);
    Result<> unmount(const Path& at);
    // What another machine has mounted there, mounted here too: both see what the other changes. Each has locks of its
    // own: they exclude nobody on another machine. They must not be used at the same time.
    Result<> share(const FakeFilesystem& other, const Path& there, const Path& at);
    // Copies, each with whatever it has mounted; what is shared among them is shared among the copies.
    [[nodiscard]] static std::vector<FakeFilesystem> copies(const std::vector<const FakeFilesystem*>& all);

    // What this machine has learnt of the volumes that it shares, and what it remembers of them.
    [[nodiscard]] FakeClient& client();
    // All that is on them, as far as it can matter to a program. Waits for nobody: no call may be in the middle of
    // work.
    [[nodiscard]] Digest shared_state() const;
    // Replaces what Reader::mounts says, and nothing else.
    void set_mounts(MountTable table);

    // What a service could do behind our back.
    Result<> write_at(const Path& file, std::uint64_t offset, std::string_view bytes);
    Result<> set_size(const Path& file, std::uint64_t size);
    Result<> set_attribute(const Path& file, std::string name, std::string value);
    Result<> set_times(const Path& file, Timestamp atime, Timestamp mtime);
    Result<> set_immutable(const Path& file, bool immutable);
    Result<> make_socket(const Path& path);
    Result<> listen_on(const Path& socket);  // until it is removed
    void set_process(ProcessFacts process);  // what we are and may do; root with all capabilities unless set
    void set_processes(std::set<int> pids);  // that run besides this one and its ancestors
    // What other processes hold open: their number and name, and the path.
    void set_open_files(std::vector<OpenFile> files);

private:
    explicit FakeFilesystem(std::shared_ptr<FakeState> state);

    std::shared_ptr<FakeState> state_;
    std::unique_ptr<Reader> reader_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace mailstate

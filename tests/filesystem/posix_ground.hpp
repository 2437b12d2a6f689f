// SPDX-License-Identifier: MIT
// PosixReader and PosixWriter in a new directory of a real filesystem.
#pragma once

#include <vector>

#include "filesystem/disk.hpp"
#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

class PosixGround final : public Ground {
public:
    explicit PosixGround(Disk& disk);
    ~PosixGround() override;

    [[nodiscard]] const Reader& reader() const override { return *reader_; }
    Writer& writer() override { return *writer_; }
    [[nodiscard]] Path top() const override { return top_; }

    void bind(const Path& source, const Path& at) override;
    void write_at(const Path& file, std::uint64_t offset, std::string_view bytes) override;
    void set_size(const Path& file, std::uint64_t size) override;
    void set_attribute(const Path& file, const std::string& name, const std::string& value) override;
    void set_times(const Path& file, Timestamp atime, Timestamp mtime) override;
    void make_socket(const Path& path) override;

    [[nodiscard]] std::string outer(const Path& path) const { return root_ + path.string(); }
    void unmount_at_the_end(std::string at) { mounts_.push_back(std::move(at)); }

private:
    std::string root_;
    Path top_;
    std::unique_ptr<Reader> reader_;
    std::unique_ptr<Writer> writer_;
    std::vector<std::string> mounts_;
};

// The disk of that type that this process's tests share; null, with the reason, where there is none.
Disk* shared_disk(DiskType type, std::string& reason);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The Reader of the POSIX implementation.
#pragma once

#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/renumbering.hpp"
#include "posix/fd.hpp"

namespace mailstate {

class PosixReader : public Reader {
public:
    // foreign: see PosixDirectory.
    explicit PosixReader(Fd root, std::shared_ptr<const Renumbering> foreign = nullptr)
        : root_(std::move(root)), foreign_(std::move(foreign))
    {
    }

    Result<DirectoryRef> open(const Path& absolute) const override;
    Result<DirectoryRef> open_directory(const Name& item, Cross cross) const override;
    Result<DirectoryRef> open_directory_as(const Name& item, Cross cross, Owner user) const override;
    Result<Attributes> attributes(const DirectoryRef& directory) const override;
    Result<Attributes> attributes(const Name& item) const override;
    Result<> check_changeable(const DirectoryRef& directory) const override;
    Result<Attributes> fresh_attributes(const Name& item) const override;
    Result<std::unique_ptr<Listing>> list(const DirectoryRef& directory) const override;
    Result<std::string> read_link(const Name& item) const override;
    Result<std::string> read_file(const Name& item, std::size_t limit) const override;
    Result<std::string> read_beginning(const Name& item, std::size_t bytes) const override;
    Result<Digest> digest_of_beginning(const Name& item, const Attributes& seen, std::uint64_t bytes) const override;
    Result<std::vector<ExtendedAttribute>> extended_attributes(const Name& item) const override;
    Result<bool> has_listener(const Name& item) const override;
    [[nodiscard]] bool is_foreign_process(int pid) const override;
    void wait(std::chrono::milliseconds time) const override;
    [[nodiscard]] Result<ProcessFacts> process() const override;
    [[nodiscard]] Holder holder() const override;
    Result<FilesystemFacts> filesystem(const DirectoryRef& directory) const override;
    Result<MountTable> mounts() const override;
    Result<Path> location(const DirectoryRef& directory) const override;
    Result<Path> outer_location(const DirectoryRef& directory) const override;
    Result<std::vector<Attributes>> ancestry(const DirectoryRef& directory) const override;
    Result<std::vector<OpenFile>> held_open(const Name& item) const override;

private:
    Fd root_;
    std::shared_ptr<const Renumbering> foreign_;
};

// The root of a reader, by a path of this process.
Result<Fd> open_root(const Path& root);

}  // namespace mailstate

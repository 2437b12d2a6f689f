// SPDX-License-Identifier: MIT
// The Writer on the kernel's own calls. Its own header because its verbs stand in two sources.
#pragma once

#include "fs/copy_data.hpp"
#include "fs/posix_filesystem.hpp"

namespace mailstate {

class PosixWriter final : public Writer {
public:
    explicit PosixWriter(WriterLimits limits);
    Result<DirectoryRef> make_directory(const Name& item, Mode mode) override;
    Result<> make_link(const Name& item, std::string_view text) override;
    Result<> make_hard_link(const Name& from, const Name& to) override;
    Result<> make_node(const Name& item, Kind kind, std::uint64_t rdev) override;
    Result<Copied> copy_file(const Name& from, const Attributes& seen, const Name& to, Durable durable,
                             const std::function<bool(std::uint64_t bytes)>& keep_going) override;
    Result<> copy_attributes(const DirectoryRef& from, const Attributes& seen, const DirectoryRef& to) override;
    Result<> copy_attributes(const Name& from, const Attributes& seen, const Name& to) override;
    Result<> set_extended_attribute(const Name& item, const ExtendedAttribute& attribute) override;
    Result<> rename(const Name& from, const Name& to, Replace replace) override;
    Result<> replace(const Name& from, const Name& to, const Proof& proof) override;
    Result<> remove_file(const Name& item, const Proof& proof) override;
    Result<> remove_unchanged(const Name& item, const Proof& proof) override;
    Result<> remove_directory(const Name& item, const Proof& proof) override;
    Result<Attributes> change_ownership(const Name& item, const Attributes& seen, Owner owner, Mode mode) override;
    Result<> change_settled_owner(const Name& item, const Attributes& seen, Owner owner) override;
    Result<Attributes> change_ownership(const DirectoryRef& directory, const Attributes& seen, Owner owner,
                                        Mode mode) override;
    Result<> replace_file(const Name& item, std::string_view content, Mode mode, const Proof& proof) override;
    Result<> make_file(const Name& item, std::string_view content, Mode mode) override;
    Result<> append_line(const Name& item, std::string_view line) override;
    Result<> sync_directory(const DirectoryRef& directory) override;
    Result<> sync_filesystem(const DirectoryRef& directory) override;
    Result<Timestamp> clock(const DirectoryRef& at) override;
    Result<std::unique_ptr<Lock>> lock(const DirectoryRef& at, const LockWait& wait) override;

private:
    WriterLimits limits_;
    DataMethods methods_;
};

}  // namespace mailstate

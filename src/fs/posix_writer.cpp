// SPDX-License-Identifier: MIT
// Each verb in the words of the sources that do it; what makes and renames names is in posix_names.cpp.
#include "fs/posix_writer.hpp"

#include <unistd.h>

#include <cerrno>

#include "fs/change_ownership.hpp"
#include "fs/check_proof.hpp"
#include "fs/copy_attributes.hpp"
#include "fs/copy_file.hpp"
#include "fs/remove_unchanged.hpp"
#include "fs/small_file.hpp"
#include "fs/volume_clock.hpp"
#include "posix/acting_as.hpp"
#include "posix/lock.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {

PosixWriter::PosixWriter(WriterLimits limits) : limits_(limits)
{
    methods_.clone = limits.shares_data;
    methods_.copy_range = limits.shares_data;
}

Result<Copied> PosixWriter::copy_file(const Name& from, const Attributes& seen, const Name& to, Durable durable,
                                      const std::function<bool(std::uint64_t bytes)>& keep_going)
{
    TRY(check_ours(to.at, "openat"));
    // The source is opened as who we are; only what is made is the other user's doing.
    return mailstate::copy_file({from, to, durable, keep_going}, seen, methods_);
}

Result<> PosixWriter::copy_attributes(const DirectoryRef& from, const Attributes& seen, const DirectoryRef& to)
{
    TRY(check_ours(to, "fchown"));
    const ActingAs acting(to->acting_as());
    const AttributeHolder source{fd_of(from), Opened::fully, from->path().text()};
    const AttributeHolder made{fd_of(to), Opened::fully, to->path().text()};
    auto copied = mailstate::copy_attributes(source, seen, made, to->acting_as());
    forget_acl(to);
    return copied;
}

Result<> PosixWriter::copy_attributes(const Name& from, const Attributes& seen, const Name& to)
{
    TRY(check_ours(to.at, "fchown"));
    const Fd source = TRY(open_inode(from));
    const ActingAs acting(to.at->acting_as());
    const Fd made = TRY(open_inode(to));
    return mailstate::copy_attributes({source.get(), Opened::path_only, from.path()}, seen,
                                      {made.get(), Opened::path_only, to.path()}, to.at->acting_as());
}

Result<> PosixWriter::set_extended_attribute(const Name& item, const ExtendedAttribute& attribute)
{
    TRY(check_ours(item.at, "setxattr"));
    const ActingAs acting(item.at->acting_as());
    const Fd inode = TRY(open_inode(item));
    return set_value({inode.get(), Opened::path_only, item.path()}, attribute.name, attribute.value);
}

Result<> PosixWriter::remove_unchanged(const Name& item, const Proof& proof)
{
    TRY(check_ours(item.at, "unlinkat"));
    if (!proof.seen()) return fail({EINVAL, "unlinkat", item.path(), "the proof is of no file", {}});
    return mailstate::remove_unchanged(item, *proof.seen(), methods_);
}

Result<Attributes> PosixWriter::change_ownership(const Name& item, const Attributes& seen, Owner owner, Mode mode)
{
    TRY(check_ours(item.at, "fchown"));
    const ActingAs acting(item.at->acting_as());
    return mailstate::change_ownership(item, seen, owner, mode);
}

Result<Attributes> PosixWriter::change_ownership(const DirectoryRef& directory, const Attributes& seen, Owner owner,
                                                 Mode mode)
{
    TRY(check_ours(directory, "fchown"));
    const ActingAs acting(directory->acting_as());
    return mailstate::change_ownership(fd_of(directory), directory->path().text(), seen, owner, mode);
}

Result<> PosixWriter::change_settled_owner(const Name& item, const Attributes& seen, Owner owner)
{
    TRY(check_ours(item.at, "fchown"));
    const ActingAs acting(item.at->acting_as());
    return mailstate::change_settled_owner(item, seen, owner);
}

Result<> PosixWriter::replace_file(const Name& item, std::string_view content, Mode mode, const Proof& proof)
{
    TRY(check_ours(item.at, "openat"));
    const ActingAs acting(item.at->acting_as());
    TRY(check_proof(item, proof));
    return mailstate::replace_file(item, content, mode);
}

Result<> PosixWriter::make_file(const Name& item, std::string_view content, Mode mode)
{
    TRY(check_ours(item.at, "openat"));
    const ActingAs acting(item.at->acting_as());
    return mailstate::make_file(item, content, mode);
}

Result<> PosixWriter::append_line(const Name& item, std::string_view line)
{
    TRY(check_ours(item.at, "openat"));
    const ActingAs acting(item.at->acting_as());
    return mailstate::append_line(item, line);
}

Result<> PosixWriter::sync_directory(const DirectoryRef& directory)
{
    const ActingAs acting(directory->acting_as());
    return mailstate::sync_directory(directory);
}

Result<> PosixWriter::sync_filesystem(const DirectoryRef& directory)
{
    const ActingAs acting(directory->acting_as());
    // Without it each file was synced by itself: durable_on().
    if (is_absent(SystemCall::syncfs)) return mailstate::sync_directory(directory);
    if (retry([&] { return ::syncfs(fd_of(directory)); }) == 0) return {};
    return fail(system_error("syncfs", directory->path().text()));
}

Result<Timestamp> PosixWriter::clock(const DirectoryRef& at)
{
    TRY(check_ours(at, "openat"));
    const ActingAs acting(at->acting_as());
    return volume_clock(at);
}

Result<std::unique_ptr<Lock>> PosixWriter::lock(const DirectoryRef& at, const LockWait& wait)
{
    TRY(check_ours(at, "openat"));
    const ActingAs acting(at->acting_as());
    return take_lock(at_of(at), wait, LockPace{});
}

std::unique_ptr<Writer> make_posix_writer(WriterLimits limits)
{
    return std::make_unique<PosixWriter>(limits);
}

}  // namespace mailstate

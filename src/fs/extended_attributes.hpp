// SPDX-License-Identifier: MIT
// Extended attributes as they are compared and copied: xattr(7).
#pragma once

#include "mailstate/fs/reader.hpp"
#include "posix/calls.hpp"

namespace mailstate {

// False for what belongs to the place and not to the file: trusted.overlay.* is overlayfs's own bookkeeping,
// security.selinux is given by the volume's policy, security.evm holds the inode's number, and what a filesystem shows
// of itself (trusted.SGI_ACL_FILE is xfs's form of an ACL, system.nfs4_acl mirrors the mode, btrfs.compression) no
// other one takes. True for user.*, trusted.*, security.* and POSIX ACLs. Source: xattr(7), xattr.conf(5).
bool is_carried_along(std::string_view attribute);
bool is_acl(std::string_view attribute);

// Sorted by name, only those carried along; empty where the filesystem has none.
Result<std::vector<ExtendedAttribute>> extended_attributes_of(int fd, const std::string& subject);

// The same of a descriptor opened with O_PATH, which flistxattr(2) refuses.
Result<std::vector<ExtendedAttribute>> extended_attributes_of_inode(int fd, const std::string& subject);

// Of a name, whatever its kind, without following it. Through /proc/self/fd/N/name: the kernel resolves the descriptor
// to our directory and then a single name, which the l… calls do not follow. There is no call relative to a descriptor
// before Linux 6.13. The name "." is the directory itself.
Result<std::vector<ExtendedAttribute>> extended_attributes_at(const At& at, std::string_view name);

}  // namespace mailstate

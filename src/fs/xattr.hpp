// SPDX-License-Identifier: MIT
// Extended attributes, and ACLs among them, from one inode onto another.
#pragma once

#include <string>
#include <vector>

#include "fs/posix_directory.hpp"
#include "mailstate/base/result.hpp"

namespace mailstate {

// How to reach an inode's attributes: flistxattr and its like refuse O_PATH descriptors (EBADF), which /proc/self/fd
// stands in for; that names the inode itself, a link too.
enum class Opened : bool { path_only, fully };

struct AttributeHolder {
    int fd;
    Opened opened;
    std::string subject;
};

// May the copy hold attributes that the source lacks: inherited ACLs, or those of an earlier attempt?
enum class Leftovers : bool { impossible, possible };

// fsetxattr(2), whether the attribute is there already or not.
Result<> set_value(const AttributeHolder& holder, const std::string& name, const std::string& value);

// Makes the carried attributes of `to` those of `from`. EOPNOTSUPP and the like are failures: nothing is dropped in
// silence.
Result<> copy_extended(const AttributeHolder& from, const AttributeHolder& to, Leftovers leftovers);

// Removes ACLs that a new inode got from its directory's default ACL.
Result<> remove_inherited_acls(const AttributeHolder& made);

// Does this directory hand down a default ACL? The answer is kept with the directory.
bool hands_down_acl(const DirectoryRef& directory);
void forget_acl(const DirectoryRef& directory);  // after its attributes were changed

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "fs/xattr.hpp"

#include <sys/xattr.h>

#include <algorithm>

#include "fs/extended_attributes.hpp"

namespace mailstate {

namespace {

std::string proc_path(const AttributeHolder& holder)
{
    return "/proc/self/fd/" + std::to_string(holder.fd);
}

Result<std::vector<ExtendedAttribute>> attributes_of(const AttributeHolder& holder)
{
    if (holder.opened == Opened::fully) return extended_attributes_of(holder.fd, holder.subject);
    return extended_attributes_of_inode(holder.fd, holder.subject);
}

Result<> remove_value(const AttributeHolder& holder, const std::string& name)
{
    const auto result = holder.opened == Opened::fully ? ::fremovexattr(holder.fd, name.c_str())
                                                       : ::removexattr(proc_path(holder).c_str(), name.c_str());
    if (result == 0 || errno == ENODATA) return {};
    return fail(system_error("removexattr", holder.subject, "The attribute is " + name + "."));
}

}  // namespace

Result<> set_value(const AttributeHolder& holder, const std::string& name, const std::string& value)
{
    const auto result = holder.opened == Opened::fully
                            ? ::fsetxattr(holder.fd, name.c_str(), value.data(), value.size(), 0)
                            : ::setxattr(proc_path(holder).c_str(), name.c_str(), value.data(), value.size(), 0);
    if (result == 0) return {};
    return fail(system_error("setxattr", holder.subject, "The volume does not accept the attribute " + name + "."));
}

Result<> copy_extended(const AttributeHolder& from, const AttributeHolder& to, Leftovers leftovers)
{
    const auto wanted = TRY(attributes_of(from));
    if (leftovers == Leftovers::possible) {
        for (const auto& [name, value] : TRY(attributes_of(to))) {
            if (std::ranges::find(wanted, name, &ExtendedAttribute::name) == wanted.end()) TRY(remove_value(to, name));
        }
    }
    for (const auto& [name, value] : wanted) TRY(set_value(to, name, value));
    return {};
}

Result<> remove_inherited_acls(const AttributeHolder& made)
{
    for (const auto& [name, value] : TRY(attributes_of(made))) {
        if (is_acl(name)) TRY(remove_value(made, name));
    }
    return {};
}

bool hands_down_acl(const DirectoryRef& directory)
{
    auto& known = static_cast<const PosixDirectory&>(*directory).hands_down();
    if (known.load(std::memory_order_relaxed) == HandsDown::not_asked) {
        const bool has = ::fgetxattr(fd_of(directory), "system.posix_acl_default", nullptr, 0) > 0;
        known.store(has ? HandsDown::yes : HandsDown::no, std::memory_order_relaxed);
    }
    return known.load(std::memory_order_relaxed) == HandsDown::yes;
}

void forget_acl(const DirectoryRef& directory)
{
    static_cast<const PosixDirectory&>(*directory).hands_down().store(HandsDown::not_asked, std::memory_order_relaxed);
}

}  // namespace mailstate

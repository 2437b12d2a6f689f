// SPDX-License-Identifier: MIT
#include "fs/extended_attributes.hpp"

#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace mailstate {
namespace {

// The two calls behind one name, for a descriptor and for a path.
struct OfDescriptor {
    int fd;
    ssize_t list(char* buffer, std::size_t size) const { return ::flistxattr(fd, buffer, size); }
    ssize_t get(const char* name, char* buffer, std::size_t size) const { return ::fgetxattr(fd, name, buffer, size); }
};

struct OfPath {
    const char* path;
    ssize_t list(char* buffer, std::size_t size) const { return ::llistxattr(path, buffer, size); }
    ssize_t get(const char* name, char* buffer, std::size_t size) const
    {
        return ::lgetxattr(path, name, buffer, size);
    }
};

// The calls that follow: /proc/self/fd/N leads to the inode that an O_PATH descriptor holds, a link itself included.
struct OfInode {
    const char* path;
    ssize_t list(char* buffer, std::size_t size) const { return ::listxattr(path, buffer, size); }
    ssize_t get(const char* name, char* buffer, std::size_t size) const { return ::getxattr(path, name, buffer, size); }
};

// Calls with a buffer large enough, also when the answer grows meanwhile. Call: ssize_t(char*, size_t).
// Most files have no attribute, and most attributes are short: then it is one system call.
template <class Call>
std::optional<std::string> with_buffer(Call call)
{
    std::array<char, 512> small;  // NOLINT(*-member-init): the call fills it
    auto length = call(small.data(), small.size());
    if (length >= 0) return std::string(small.data(), static_cast<std::size_t>(length));
    std::string large;
    while (length == -1 && errno == ERANGE) {
        length = call(nullptr, 0);
        if (length == -1) return std::nullopt;
        large.resize(static_cast<std::size_t>(length) + 1);  // never 0, which would ask for the size again
        length = call(large.data(), large.size());
    }
    if (length == -1) return std::nullopt;
    large.resize(static_cast<std::size_t>(length));
    return large;
}

std::vector<std::string> names_of(std::string_view list)
{
    std::vector<std::string> names;
    while (!list.empty()) {
        const auto end = std::min(list.find('\0'), list.size());
        const auto name = list.substr(0, end);
        if (is_carried_along(name)) names.emplace_back(name);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

// subject: a callable, because the path of a file is spelled out on failure only.
template <class Source, class Subject>
Result<std::vector<ExtendedAttribute>> read_attributes(const Source& source, Subject subject)
{
    const auto list = with_buffer([&](char* buffer, std::size_t size) { return source.list(buffer, size); });
    if (!list && errno == ENOTSUP) return std::vector<ExtendedAttribute>{};
    if (!list) return fail(system_error("listxattr", subject()));
    std::vector<ExtendedAttribute> attributes;
    for (auto& name : names_of(*list)) {
        auto value =
            with_buffer([&](char* buffer, std::size_t size) { return source.get(name.c_str(), buffer, size); });
        if (!value && errno == ENODATA) continue;  // removed meanwhile
        if (!value) return fail(system_error("getxattr", subject()));
        attributes.push_back({std::move(name), std::move(*value)});
    }
    return attributes;
}

}  // namespace

bool is_acl(std::string_view attribute)
{
    return attribute == "system.posix_acl_access" || attribute == "system.posix_acl_default";
}

bool is_carried_along(std::string_view attribute)
{
    const auto below = [&](std::string_view space) { return attribute.substr(0, space.size()) == space; };
    if (below("trusted.overlay.") || below("trusted.SGI_")) return false;
    if (attribute == "security.selinux" || attribute == "security.evm") return false;
    return below("user.") || below("trusted.") || below("security.") || is_acl(attribute);
}

Result<std::vector<ExtendedAttribute>> extended_attributes_of(int fd, const std::string& subject)
{
    return read_attributes(OfDescriptor{fd}, [&] { return subject; });
}

Result<std::vector<ExtendedAttribute>> extended_attributes_of_inode(int fd, const std::string& subject)
{
    const auto path = "/proc/self/fd/" + std::to_string(fd);
    return read_attributes(OfInode{path.c_str()}, [&] { return subject; });
}

Result<std::vector<ExtendedAttribute>> extended_attributes_at(const At& at, std::string_view name)
{
    const auto text = name == "." ? std::string(name) : TRY(checked_name("listxattr", at, name));
    const auto directory = "/proc/self/fd/" + std::to_string(at.fd);
    const auto path = directory + '/' + text;
    auto attributes = read_attributes(OfPath{path.c_str()}, [&] { return at.path.text(name); });
    if (attributes || attributes.error().number != ENOENT || ::access(directory.c_str(), F_OK) == 0) return attributes;
    auto error = attributes.error();
    error.hint = "Mount proc: mount -t proc proc /proc.";
    return fail(std::move(error));
}

}  // namespace mailstate

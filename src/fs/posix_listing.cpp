// SPDX-License-Identifier: MIT
#include "fs/posix_listing.hpp"

#include <sys/syscall.h>

#include <cstring>

#include "posix/calls.hpp"

namespace mailstate {
namespace {

constexpr std::size_t listing_buffer_size = std::size_t{32} << 10U;

// struct linux_dirent64: the length of a record at 16, its name, ended by a NUL, at 19. Source: getdents(2).
constexpr std::size_t length_at = 16, name_at = 19;

// Replaces the content of names, keeping the memory of its strings.
void take_names(const std::byte* records, std::size_t size, std::vector<std::string>& names)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < size;) {
        std::uint16_t length = 0;
        std::memcpy(&length, records + at + length_at, sizeof length);
        const std::string_view name = reinterpret_cast<const char*>(records + at + name_at);
        at += length;
        if (name == "." || name == "..") continue;
        if (count == names.size()) names.emplace_back();
        names[count++].assign(name);
    }
    names.resize(count);
}

}  // namespace

PosixListing::PosixListing(TreePath path, Fd fd)
    : path_(std::move(path)),
      fd_(std::move(fd)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(listing_buffer_size))
{
}

Result<> PosixListing::next(std::vector<std::string>& names)
{
    for (;;) {
        const auto size =
            retry([&] { return ::syscall(SYS_getdents64, fd_.get(), buffer_.get(), listing_buffer_size); });
        if (size == -1) return fail(system_error("getdents64", path_.text()));
        take_names(buffer_.get(), static_cast<std::size_t>(size), names);
        if (size == 0 || !names.empty()) return {};
    }
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "fs/copy_data.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "fs/filesystem_facts.hpp"

namespace mailstate {

namespace {

constexpr std::size_t copy_buffer_size = 65536;                // faster than 1 MiB: it stays in the cache
constexpr std::uint64_t block_size = 4096;                     // of a hole that is made, at least
constexpr std::uint64_t range_size = std::uint64_t{4} << 20U;  // of one copy_file_range, between two questions
constexpr std::uint64_t write_back_size = std::uint64_t{8} << 20U;
constexpr std::uint64_t worth_a_try = copy_buffer_size;  // smaller files are two calls anyway

// Bytes begin to go to the disk while the next ones are read, so that the sync at the end has less to wait for. Only a
// hint: what goes wrong with it, the sync says.
class WriteBack {
public:
    WriteBack(int file, std::uint64_t begin) : file_(file), begun_(begin) {}

    void up_to(std::uint64_t end)
    {
        if (end - begun_ < write_back_size) return;
        (void)::sync_file_range(file_, static_cast<off64_t>(begun_), static_cast<off64_t>(end - begun_),
                                SYNC_FILE_RANGE_WRITE);
        begun_ = end;
    }

private:
    int file_;
    std::uint64_t begun_;
};

Result<> ask(const DataCopy& copy, std::uint64_t bytes)
{
    if (!copy.keep_going || copy.keep_going(bytes)) return {};
    return fail({ECANCELED, "write", copy.to_name.path(), "the copy was stopped", {}});
}

Result<> write_at(const DataCopy& copy, const char* bytes, std::size_t count, std::uint64_t offset)
{
    while (count > 0) {
        const auto done = retry([&] { return ::pwrite(copy.to, bytes, count, static_cast<off_t>(offset)); });
        if (done == -1) return fail(system_error("write", copy.to_name.path()));
        bytes += done;
        count -= static_cast<std::size_t>(done);
        offset += static_cast<std::uint64_t>(done);
    }
    return {};
}

enum class Zeros : bool { write, skip };  // skip: a block of zeros becomes a hole of the copy

bool is_zero(const char* bytes, std::size_t count)
{
    return bytes[0] == '\0' && std::memcmp(bytes, bytes + 1, count - 1) == 0;
}

// How far one call may write: the blocks up to the next one that is all zeros, or not. Offsets are the file's.
std::size_t run_of_blocks(const char* bytes, std::size_t count, std::uint64_t offset, bool zeros)
{
    std::size_t length = 0;
    while (length < count) {
        const std::size_t block = std::min<std::size_t>(count - length, block_size - (offset + length) % block_size);
        if (is_zero(bytes + length, block) != zeros) break;
        length += block;
    }
    return length;
}

// The number of bytes that were written.
Result<std::uint64_t> write_around_zeros(const DataCopy& copy, const char* bytes, std::size_t count,
                                         std::uint64_t offset)
{
    std::uint64_t written = 0;
    for (std::size_t at = 0; at < count;) {
        at += run_of_blocks(bytes + at, count - at, offset + at, true);
        const std::size_t length = run_of_blocks(bytes + at, count - at, offset + at, false);
        TRY(write_at(copy, bytes + at, length, offset + at));
        written += length;
        at += length;
    }
    return written;
}

// From `begin` to `end`; where `end` is the end of the file as expected, on until the kernel says that nothing follows,
// or one byte more is there. A short read at the expected end is taken for its end: another read would only say so.
Result<DataCopied> read_and_write(const DataCopy& copy, std::uint64_t begin, std::uint64_t end, bool to_the_end,
                                  Zeros zeros)
{
    std::array<char, copy_buffer_size> buffer;  // NOLINT(*-member-init): read fills it
    DataCopied copied{begin, 0};
    WriteBack write_back(copy.to, begin);
    while (copied.end < end || (to_the_end && copied.end == end)) {
        const std::uint64_t left =
            to_the_end ? copy_buffer_size : std::min<std::uint64_t>(copy_buffer_size, end - copied.end);
        const auto count = static_cast<std::size_t>(left);
        const auto at = static_cast<off_t>(copied.end);
        const auto got = retry([&] { return ::pread(copy.from, buffer.data(), count, at); });
        if (got == -1) return fail(system_error("read", copy.from_name.path()));
        if (got == 0) break;
        auto written = static_cast<std::uint64_t>(got);
        if (zeros == Zeros::skip)
            written = TRY(write_around_zeros(copy, buffer.data(), written, copied.end));
        else
            TRY(write_at(copy, buffer.data(), written, copied.end));
        TRY(ask(copy, written));
        copied.data += written;
        copied.end += static_cast<std::uint64_t>(got);
        write_back.up_to(copied.end);
        if (static_cast<std::size_t>(got) < count && copied.end == end) break;
    }
    return copied;
}

bool refused_for_all(int number)
{
    return number == EXDEV || number == EOPNOTSUPP || number == EINVAL || number == ENOTTY || number == ENOSYS;
}

// How far the kernel came; the rest is read and written, which gives the true error where there is one.
Result<std::uint64_t> copy_ranges(const DataCopy& copy, std::uint64_t begin, std::uint64_t end, DataMethods& methods)
{
    std::uint64_t at = begin;
    while (at < end && methods.copy_range.load(std::memory_order_relaxed)) {
        auto from = static_cast<off64_t>(at), to = static_cast<off64_t>(at);
        const auto count = static_cast<std::size_t>(std::min(range_size, end - at));
        const auto done = retry([&] { return ::copy_file_range(copy.from, &from, copy.to, &to, count, 0); });
        if (done == -1 && errno != EINVAL && (refused_for_all(errno) || errno == EPERM))
            methods.copy_range.store(false);  // EPERM: seccomp
        if (done <= 0) break;
        at += static_cast<std::uint64_t>(done);
        TRY(ask(copy, static_cast<std::uint64_t>(done)));
    }
    return at;
}

bool clone(const DataCopy& copy, DataMethods& methods)
{
    if (!methods.clone.load(std::memory_order_relaxed)) return false;
    if (retry([&] { return ::ioctl(copy.to, FICLONE, copy.from); }) == 0) return true;
    if (refused_for_all(errno)) methods.clone.store(false);
    return false;
}

struct Segment {
    std::uint64_t begin, end;
};

// The next stretch of data at or after an offset; empty at `size` where only a hole is left. Nothing where the kernel
// does not say.
std::optional<Segment> next_data(const DataCopy& copy, std::uint64_t at, std::uint64_t size)
{
    const off_t data = ::lseek(copy.from, static_cast<off_t>(at), SEEK_DATA);
    if (data == -1 && errno == ENXIO) return Segment{size, size};
    if (data == -1) return std::nullopt;
    const off_t hole = ::lseek(copy.from, data, SEEK_HOLE);
    if (hole == -1) return std::nullopt;
    return Segment{static_cast<std::uint64_t>(data), std::min(static_cast<std::uint64_t>(hole), size)};
}

// What ends in a hole gets its size here.
Result<DataCopied> ended(const DataCopy& copy, const DataCopied& copied)
{
    if (retry([&] { return ::ftruncate(copy.to, static_cast<off_t>(copied.end)); }) == 0) return copied;
    return fail(system_error("ftruncate", copy.to_name.path()));
}

// Every byte from an offset on is read, whatever the kernel calls a hole.
Result<DataCopied> read_for_holes(const DataCopy& copy, const DataCopied& before, std::uint64_t size)
{
    DataCopied copied = TRY(read_and_write(copy, before.end, size, true, Zeros::skip));
    copied.data += before.data;
    return ended(copy, copied);
}

Result<DataCopied> copy_around_holes(const DataCopy& copy, std::uint64_t size, DataMethods& methods)
{
    DataCopied copied;
    while (copied.end < size) {
        const auto segment = next_data(copy, copied.end, size);
        if (!segment) return read_for_holes(copy, copied, size);
        if (segment->begin >= segment->end) break;
        const std::uint64_t ranged = TRY(copy_ranges(copy, segment->begin, segment->end, methods));
        copied.end = TRY(read_and_write(copy, ranged, segment->end, false, Zeros::write)).end;
        copied.data += copied.end - segment->begin;
        if (copied.end < segment->end) return copied;  // it became shorter
    }
    copied.end = size;
    return ended(copy, copied);
}

bool is_on_true_holes(int file)
{
    struct statfs found {};
    return retry([&] { return ::fstatfs(file, &found); }) == 0 && tells_true_holes(found);
}

}  // namespace

Result<DataCopied> copy_data(const DataCopy& copy, const Attributes& expected, DataMethods& methods)
{
    const bool large = expected.size > worth_a_try;
    if (large && clone(copy, methods)) {
        const std::uint64_t stored = std::min(expected.size, expected.blocks * 512);
        TRY(ask(copy, stored));
        return DataCopied{expected.size, stored};
    }
    const bool has_holes = expected.blocks * 512 < expected.size;
    if (has_holes && is_on_true_holes(copy.from)) return copy_around_holes(copy, expected.size, methods);
    if (has_holes) return read_for_holes(copy, {}, expected.size);
    const std::uint64_t ranged = large ? TRY(copy_ranges(copy, 0, expected.size, methods)) : 0;
    const std::uint64_t end = TRY(read_and_write(copy, ranged, expected.size, true, Zeros::write)).end;
    return DataCopied{end, end};
}

}  // namespace mailstate

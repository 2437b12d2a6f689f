// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>

#include "engine/ability_test.hpp"

namespace mailstate {

namespace {

constexpr Timestamp wanted_time{1'500'000'000, 123'456'789};

// u::rw-, u:UID:r--, g::---, m::r--, o::---, as the kernel keeps it (linux/posix_acl_xattr.h).
std::string access_list(Uid uid)
{
    constexpr std::uint32_t no_id = 0xffffffffU;
    std::string bytes;
    const auto number = [&](std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xffU);
    };
    const auto entry = [&](std::uint32_t tag, std::uint32_t permissions, std::uint32_t id) {
        number(tag, 2);
        number(permissions, 2);
        number(id, 4);
    };
    number(2, 4);
    entry(0x01, 6, no_id);
    entry(0x02, 4, static_cast<std::uint32_t>(uid));
    entry(0x04, 0, no_id);
    entry(0x10, 4, no_id);
    entry(0x20, 0, no_id);
    return bytes;
}

Result<Verdict> test_keeping(const Bench& bench, const ExtendedAttribute& attribute)
{
    const Name file = bench.named("file");
    TRY(bench.writer.set_extended_attribute(file, attribute));
    const std::vector<ExtendedAttribute> all = TRY(bench.reader.extended_attributes(file));
    return verdict_of(std::ranges::find(all, attribute) != all.end());
}

}  // namespace

Result<Verdict> test_attribute(const Bench& bench, Capabilities& /*found*/)
{
    return test_keeping(bench, {"user.mailstate", "kept"});
}

Result<Verdict> test_access_list(const Bench& bench, Capabilities& /*found*/)
{
    const Uid somebody = bench.owners.empty() ? Uid{0} : bench.owners.front().uid;
    return test_keeping(bench, {"system.posix_acl_access", access_list(somebody)});
}

Result<Verdict> test_fsync(const Bench& bench, Capabilities& /*found*/)
{
    TRY(bench.writer.append_line(bench.named("synced"), "a line"));
    TRY(bench.writer.sync_directory(bench.scratch));
    return verdict_of(TRY(bench.reader.read_file(bench.named("synced"), 64)) == "a line\n");
}

Result<Verdict> test_syncfs(const Bench& bench, Capabilities& /*found*/)
{
    TRY(bench.writer.sync_filesystem(bench.scratch));
    return Verdict::yes;
}

// Held once, it must be refused the second time.
Result<Verdict> test_lock(const Bench& bench, Capabilities& /*found*/)
{
    const std::unique_ptr<Lock> first = TRY(bench.writer.lock(bench.scratch, std::chrono::milliseconds(0)));
    const Result<std::unique_ptr<Lock>> second = bench.writer.lock(bench.scratch, std::chrono::milliseconds(0));
    if (second) return Verdict::excludes_nobody;
    if (second.error().number != EWOULDBLOCK) return fail(second.error());
    const Result<FilesystemFacts> facts = bench.reader.filesystem(bench.scratch);
    return facts && keeps_locks_here(*facts) ? Verdict::on_this_machine : Verdict::yes;
}

// As a move needs it: the times of one file put onto another.
Result<Verdict> test_times(const Bench& bench, Capabilities& /*found*/)
{
    Attributes seen = TRY(make_plain(bench, "timed"));
    (void)TRY(make_plain(bench, "times"));
    seen.mtime = seen.atime = wanted_time;
    TRY(bench.writer.copy_attributes(bench.named("timed"), seen, bench.named("times")));
    const Timestamp kept = TRY(bench.reader.attributes(bench.named("times"))).mtime;
    if (kept == wanted_time) return Verdict::yes;
    return kept.nanoseconds == 0 ? Verdict::whole_seconds : Verdict::coarse;
}

}  // namespace mailstate

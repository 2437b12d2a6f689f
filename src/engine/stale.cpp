// SPDX-License-Identifier: MIT
#include "engine/stale.hpp"

#include <cerrno>
#include <limits>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr std::size_t pid_file_limit = 256;  // bytes; Postfix pads its number to 20 columns

Result<std::optional<int>> pid_in(const Reader& reader, const Name& item)
{
    const Result<std::string> text = reader.read_file(item, pid_file_limit);
    if (!text && text.error().number == EFBIG) return std::optional<int>();
    const std::optional<std::uint64_t> pid = parse_decimal(trim(TRY(text)));
    if (!pid || *pid == 0 || *pid > std::numeric_limits<int>::max()) return std::optional<int>();
    return std::optional(static_cast<int>(*pid));
}

}  // namespace

Result<TraceFound> look_for_trace(const Reader& reader, const Name& item, const Attributes& seen)
{
    if (seen.kind == Kind::socket)
        return TraceFound{TRY(reader.has_listener(item)) ? Trace::alive : Trace::dead, std::nullopt};
    if (seen.kind != Kind::regular || seen.size > pid_file_limit) return TraceFound{};
    const std::optional<int> pid = TRY(pid_in(reader, item));
    if (!pid) return TraceFound{};
    return TraceFound{reader.is_foreign_process(*pid) ? Trace::alive : Trace::dead, pid};
}

Finding alive_finding(const std::string& path, const TraceFound& found, const std::string& entry)
{
    if (!found.pid)
        return make_finding("entry.alive", entry, printable(path) + " is a socket that a process listens on", "socket");
    return make_finding("entry.alive", entry,
                        printable(path) + " names process " + std::to_string(*found.pid) + ", which is running",
                        "pid file");
}

}  // namespace mailstate

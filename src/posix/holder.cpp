// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <array>
#include <climits>

#include "mailstate/base/text.hpp"
#include "mailstate/posix/process.hpp"
#include "posix/calls.hpp"
#include "posix/container.hpp"
#include "posix/process_status.hpp"

namespace mailstate {
namespace {

std::string system_text(const char* path)
{
    return read_system_file(path).value_or(std::string());
}

std::string host_name()
{
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// "btime 1763690000" of /proc/stat: seconds since 1970 at the boot. Source: proc_stat(5).
std::optional<std::uint64_t> boot_time()
{
    const auto text = system_text("/proc/stat");
    constexpr std::string_view key = "\nbtime ";
    const auto at = text.find(key);
    if (at == std::string::npos) return std::nullopt;
    const auto begin = at + key.size();
    return parse_decimal(std::string_view(text).substr(begin, text.find('\n', begin) - begin));
}

std::string start_time()
{
    const auto ticks = parse_start_ticks(system_text("/proc/self/stat"));
    const auto boot = boot_time();
    const auto per_second = ::sysconf(_SC_CLK_TCK);
    if (!ticks || !boot || per_second <= 0) return {};
    return utc_text(static_cast<std::int64_t>(*boot + *ticks / static_cast<std::uint64_t>(per_second)));
}

}  // namespace

Holder this_holder()
{
    Holder holder;
    holder.host = host_name();
    holder.container_id = container_id_of(system_text("/proc/self/mountinfo"), system_text("/proc/self/cgroup"));
    holder.boot_id = trim(system_text("/proc/sys/kernel/random/boot_id"));
    holder.started = start_time();
    holder.pid = ::getpid();
    return holder;
}

}  // namespace mailstate

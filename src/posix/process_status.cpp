// SPDX-License-Identifier: MIT
#include "posix/process_status.hpp"

#include <unistd.h>

#include <string>
#include <vector>

#include "mailstate/base/text.hpp"
#include "posix/calls.hpp"

namespace mailstate {
namespace {

// "PPid:\t1" at the start of a line.
std::optional<std::string_view> value_of(std::string_view text, std::string_view key)
{
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
        if (at != 0 && text[at - 1] != '\n') continue;
        const auto rest = text.substr(at + key.size());
        return trim(rest.substr(0, rest.find('\n')));
    }
    return std::nullopt;
}

std::optional<int> number_of(std::string_view text, std::string_view key)
{
    const auto value = value_of(text, key);
    const auto number = value ? parse_decimal(*value) : std::nullopt;
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

}  // namespace

std::optional<ProcessStatus> parse_process_status(std::string_view text)
{
    const auto parent = number_of(text, "PPid:");
    const auto leader = number_of(text, "Tgid:");
    const auto state = value_of(text, "State:");
    if (!parent || !leader || !state) return std::nullopt;
    return ProcessStatus{*parent, *leader, state->substr(0, 1) == "Z"};
}

std::optional<std::uint64_t> parse_start_ticks(std::string_view stat)
{
    const auto command_end = stat.rfind(')');
    if (command_end == std::string_view::npos) return std::nullopt;
    const auto fields = split_list(stat.substr(command_end + 1), ' ');
    constexpr std::size_t start = 22 - 3;  // the state, field 3, comes first
    return fields.size() > start ? parse_decimal(fields[start]) : std::nullopt;
}

std::optional<ProcessStatus> process_status(int pid)
{
    const auto text = read_system_file("/proc/" + std::to_string(pid) + "/status");
    return text ? parse_process_status(*text) : std::nullopt;
}

std::set<int> own_line()
{
    std::set<int> line{::getpid()};
    for (int pid = ::getppid(); pid > 0 && line.insert(pid).second;) {
        const auto status = process_status(pid);
        if (!status) break;
        pid = status->parent;
    }
    return line;
}

}  // namespace mailstate

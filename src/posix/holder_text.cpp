// SPDX-License-Identifier: MIT
#include "posix/holder_text.hpp"

#include <cerrno>

#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// printable() leaves neither control characters nor invalid UTF-8, so that only two characters are JSON's concern.
std::string quoted(std::string_view bytes)
{
    std::string text = "\"";
    for (const char c : printable(bytes)) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

// What follows "name": in the text; empty where it is not there.
std::string_view after_name(std::string_view text, std::string_view name)
{
    const std::string key = '"' + std::string(name) + "\":";
    const auto at = text.find(key);
    return at == std::string_view::npos ? std::string_view() : text.substr(at + key.size());
}

std::optional<std::string> string_member(std::string_view text, std::string_view name)
{
    const std::string_view rest = after_name(text, name);
    if (!rest.starts_with('"')) return std::nullopt;
    std::string value;
    for (std::size_t at = 1; at < rest.size(); ++at) {
        if (rest[at] == '"') return from_printable(value);
        if (rest[at] == '\\' && ++at == rest.size()) break;
        value += rest[at];
    }
    return std::nullopt;  // never closed: a torn line
}

std::optional<int> number_member(std::string_view text, std::string_view name)
{
    const std::string_view rest = after_name(text, name);
    const auto number = parse_decimal(rest.substr(0, rest.find_first_not_of("0123456789")));
    constexpr std::uint64_t largest_pid = std::uint64_t{1} << 22U;  // proc_sys_kernel(5), pid_max
    if (!number || *number > largest_pid) return std::nullopt;
    return static_cast<int>(*number);
}

}  // namespace

std::string to_line(const Holder& holder, std::string_view command)
{
    const std::string front = command.empty() ? "{" : "{\"command\":" + quoted(command) + ",";
    return front + "\"host\":" + quoted(holder.host) + ",\"container_id\":" + quoted(holder.container_id) +
           ",\"boot_id\":" + quoted(holder.boot_id) + ",\"pid\":" + std::to_string(holder.pid) +
           ",\"started\":" + quoted(holder.started) + "}\n";
}

std::optional<Holder> holder_from_line(std::string_view text)
{
    auto host = string_member(text, "host");
    auto container = string_member(text, "container_id");
    auto boot = string_member(text, "boot_id");
    auto started = string_member(text, "started");
    const auto pid = number_member(text, "pid");
    if (!host || !container || !boot || !started || !pid) return std::nullopt;
    return Holder{std::move(*host), std::move(*container), std::move(*boot), std::move(*started), *pid};
}

std::string describe(const Holder& holder)
{
    constexpr std::size_t short_id = 12;  // as docker ps shows it
    std::string text = "pid " + std::to_string(holder.pid);
    if (!holder.host.empty()) text += " on host " + excerpt(holder.host);
    if (!holder.container_id.empty()) text += " (container " + printable(holder.container_id.substr(0, short_id)) + ")";
    if (!holder.started.empty()) text += " since " + excerpt(holder.started);
    return text;
}

std::string describe_work(std::string_view line, std::string_view now)
{
    constexpr std::size_t date = 10;  // of 2026-11-28T07:02:45Z
    const auto holder = holder_from_line(line);
    const auto command = string_member(line, "command");
    std::string text = (command ? excerpt(*command) : std::string("another run")) + " is in progress";
    if (!holder) return text;
    const std::string& since = holder->started;
    const bool is_today = since.size() > date && std::string_view(since).substr(0, date) == now.substr(0, date);
    if (!since.empty())
        text = (command ? excerpt(*command) : std::string("another run")) + " has been in progress since " +
               (is_today ? excerpt(since.substr(date + 1, since.size() - date - 2)) + " UTC" : excerpt(since));
    text += ", pid " + std::to_string(holder->pid);
    return holder->host.empty() ? text : text + " on " + excerpt(holder->host);
}

Error held_by_another(std::string call, std::string subject, std::string_view holder_line)
{
    const auto holder = holder_from_line(holder_line);
    return {EWOULDBLOCK, std::move(call), std::move(subject),
            "held by " + (holder ? describe(*holder) : std::string("an unknown process")),
            "Another run works on this volume: wait for it, or give --lock-timeout more time."};
}

Error no_longer_waiting(std::string call, std::string subject)
{
    return {ECANCELED, std::move(call), std::move(subject), "interrupted while waiting for the lock", {}};
}

}  // namespace mailstate

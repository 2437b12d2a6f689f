// SPDX-License-Identifier: MIT
// The lines of /proc/self/mountinfo. Source: proc_pid_mountinfo(5); fs/proc_namespace.c, show_mountinfo().
//   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
#include <sys/sysmacros.h>

#include <algorithm>
#include <optional>

#include "mailstate/base/text.hpp"
#include "mailstate/posix/mount_table.hpp"

namespace mailstate {
namespace {

bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

// The kernel spells blank, tab, newline, backslash and # as \ooo; any other backslash stands for itself.
std::string unescaped(std::string_view field)
{
    std::string text;
    text.reserve(field.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
        const auto digits = field.substr(i + 1, 3);
        const bool escape = field[i] == '\\' && digits.size() == 3 && digits[0] <= '3' &&
                            std::all_of(digits.begin(), digits.end(), is_octal);
        if (!escape) {
            text += field[i];
            continue;
        }
        text += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
        i += 3;
    }
    return text;
}

std::optional<int> small_number(std::string_view field)
{
    const auto number = parse_decimal(field);
    if (!number || *number > 0x7fffffff) return std::nullopt;
    return static_cast<int>(*number);
}

std::optional<std::uint64_t> device_of(std::string_view field)
{
    const auto colon = field.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto major_number = small_number(field.substr(0, colon));
    const auto minor_number = small_number(field.substr(colon + 1));
    if (!major_number || !minor_number) return std::nullopt;
    return makedev(static_cast<unsigned>(*major_number), static_cast<unsigned>(*minor_number));
}

bool has_option(std::string_view options, std::string_view option)
{
    const auto list = split_list(options, ',');
    return std::find(list.begin(), list.end(), option) != list.end();
}

std::optional<Mount> mount_of(std::string_view line)
{
    // Single blanks; the source may be an empty one (mount("", …)).
    const auto fields = fields_between(' ', line);
    // Six fields, any number of optional ones ("shared:1"), a dash, then type, source and the superblock's options.
    const auto dash = fields.size() < 6 ? fields.end() : std::find(fields.begin() + 6, fields.end(), "-");
    if (fields.end() - dash < 3 || fields[4].empty() || fields[4].front() != '/' || dash[1].empty())
        return std::nullopt;
    const auto id = small_number(fields[0]);
    const auto parent = small_number(fields[1]);
    const auto device = device_of(fields[2]);
    if (!id || !parent || !device) return std::nullopt;
    const auto own = fields[5];
    const auto shared = fields.end() - dash > 3 ? dash[3] : std::string_view();

    Mount mount{*id,
                *parent,
                *device,
                unescaped(fields[3]),
                unescaped(fields[4]),
                unescaped(dash[1]),
                unescaped(dash[2]),
                unescaped(own),
                false,
                false};
    if (!shared.empty()) mount.options.append(",").append(unescaped(shared));
    // ext4 after an error with errors=remount-ro says emergency_ro, and "rw" all the same, since Linux 6.15.
    mount.read_only = has_option(own, "ro") || has_option(shared, "ro") || has_option(shared, "emergency_ro");
    mount.nosuid = has_option(own, "nosuid") || has_option(shared, "nosuid");
    return mount;
}

}  // namespace

Result<MountTable> parse_mountinfo(std::string_view text)
{
    std::vector<Mount> mounts;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        auto mount = mount_of(text.substr(0, end));
        if (!mount)
            return fail(text_error("mountinfo:" + std::to_string(number), "this is not a line of a mount table"));
        mounts.push_back(std::move(*mount));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return MountTable(std::move(mounts));
}

}  // namespace mailstate

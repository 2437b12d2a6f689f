// SPDX-License-Identifier: MIT
#include "fuzz/target.hpp"
#include "mailstate/posix/identity.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // passwd up to the first NUL, group behind it.
    const std::string_view text = text_of(data, size);
    const std::size_t end = text.find('\0') == std::string_view::npos ? text.size() : text.find('\0');
    const Identities ids = parse_identities(text.substr(0, end), text.substr(end));
    for (const auto& [name, uid] : ids.users) {
        promise(find_user(ids, name) == uid, "a user that was read is found");
        (void)user_name(ids, uid);
    }
    for (const auto& [name, gid] : ids.groups) promise(find_group(ids, name) == gid, "a group that was read is found");
    return 0;
}

// SPDX-License-Identifier: MIT
#include "fuzz/target.hpp"
#include "mailstate/posix/mount_table.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto table = parse_mountinfo(text_of(data, size));
    if (!table) {
        look_at(table.error());
        return 0;
    }
    // The paths that a probe would ask for, and each that the table itself names.
    for (const char* path : {"/", "/var/lib/redis", "/var/mail-state"}) {
        (void)table->at(path);
        (void)table->below(path);
        (void)table->inside(path);
        (void)table->covering(path);
    }
    for (const Mount& mount : table->all()) {
        const Mount* covering = table->covering(mount.mount_point);
        promise(
            covering == nullptr || mount.mount_point.starts_with(covering->mount_point) || covering->mount_point == "/",
            "what covers a path is at or above it");
        (void)table->at(mount.mount_point);
    }
    return 0;
}

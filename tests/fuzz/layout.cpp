// SPDX-License-Identifier: MIT
#include "fuzz/target.hpp"
#include "mailstate/model/layout_json.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto layout = parse_layout("file", text_of(data, size));
    if (!layout) {
        look_at(layout.error());
        return 0;
    }
    promise(layout->state_dir.starts_with("/"), "a state directory is absolute");
    for (const Entry& entry : layout->entries) {
        promise(entry.origin.starts_with("/"), "an origin is absolute");
        promise(!entry.destination.empty() && !entry.destination.starts_with("/"), "a destination is relative");
        for (const std::string& path : {entry.origin, "/" + entry.destination}) {
            promise((path + "/").find("/../") == std::string::npos, "no path goes up");
            promise(path.find('\0') == std::string::npos, "no path has a NUL");
        }
        promise(!(entry.destination + "/").starts_with(".mailstate/"), "no destination is the workspace");
    }
    return 0;
}

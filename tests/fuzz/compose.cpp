// SPDX-License-Identifier: MIT
#include "preflight/compose.hpp"

#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Variables variables{{"A", "1"}};
    Compose compose = parse_compose("file", text_of(data, size), variables);
    for (const ComposeService& service : compose.services) {
        for (const ComposeMount& mount : service.mounts) promise(!mount.target.empty(), "a mount has a target");
        (void)image_tag(service.image);
    }
    for (const Finding& finding : compose.problems) promise(!finding.subject.empty(), "a problem says where");
    const Compose same = compose;
    merge_compose(compose, same);
    promise(compose.services.size() >= same.services.size(), "merging loses no service");
    return 0;
}

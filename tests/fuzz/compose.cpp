// SPDX-License-Identifier: MIT
#include "preflight/compose_merge.hpp"
#include "preflight/compose_project.hpp"

#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Variables variables{{"A", "1"}};
    const Compose compose = parse_compose("file", text_of(data, size), variables);
    for (const ComposeService& service : compose.services) {
        for (const ComposeMount& mount : service.mounts) promise(!mount.target.empty(), "a mount has a target");
        (void)image_tag(service.image);
    }
    for (const Problem& problem : compose.problems) promise(!problem.finding.subject.empty(), "a problem says where");
    const YamlFile yaml = parse_yaml(text_of(data, size), nullptr);
    for (const YamlNode& document : yaml.documents)
        promise(merged_project(document, document).kind == YamlNode::Kind::map, "two files make a map");
    return 0;
}

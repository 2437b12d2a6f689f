// SPDX-License-Identifier: MIT
// How compose lays one file over another (compose-go, override/merge.go and uncity.go).
#pragma once

#include "preflight/yaml_tree.hpp"

namespace mailstate {

// `over` over `base`: maps grow, lists grow, scalars are replaced; !reset takes away, !override replaces. Of lists with
// a key (volumes by their target, variables by their name) the later item takes the place of the earlier.
YamlNode merged_project(YamlNode base, const YamlNode& over);

// A service over the one that it extends. Tags stay, for the files that are below.
YamlNode merged_service(YamlNode base, const YamlNode& over);

YamlNode without_tags(YamlNode node);  // what !reset marks is gone

// "source:target[:options]", a drive letter in front or not.
struct VolumeText {
    std::string source, target, options;
};
VolumeText split_volume(const std::string& text);

}  // namespace mailstate

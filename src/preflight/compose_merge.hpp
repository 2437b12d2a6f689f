// SPDX-License-Identifier: MIT
// How compose lays one file over another (compose-go, override/merge.go and uncity.go).
#pragma once

#include "preflight/yaml_tree.hpp"

namespace mailstate {

// `over` over `base`, both without tags: maps grow, lists grow, scalars are replaced. Of lists with a key (volumes by
// their target, variables by their name) the later item takes the place of the earlier.
YamlNode merged_project(YamlNode base, const YamlNode& over);

// A service over the one that it extends.
YamlNode merged_service(YamlNode base, const YamlNode& over);

// compose-go, loader/reset.go: what `written` tags with !reset or !override is taken out of `base`, at the same path of
// keys. A list has no keys: a variable of one stays, and so does one that an earlier file was laid over.
void take_out_tagged(YamlNode& base, const YamlNode& written);

YamlNode without_tags(YamlNode node);  // what !reset marks is gone

// "source:target[:options]", a drive letter in front or not.
struct VolumeText {
    std::string source, target, options;
};
VolumeText split_volume(const std::string& text);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// From the tree of a project to its services, volumes and secrets.
#pragma once

#include "preflight/compose.hpp"
#include "preflight/yaml_tree.hpp"

namespace mailstate {

void read_project(const YamlNode& model, Compose& compose);  // variables of the compose are those of the project

TextPlace text_place_of(const YamlMember& member);

std::vector<ComposeItem> items_of(const YamlNode& node, const char* field = nullptr);  // of lists, or of a lone text

}  // namespace mailstate

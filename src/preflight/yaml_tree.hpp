// SPDX-License-Identifier: MIT
// A YAML or JSON file as a tree of our own: anchors and merge keys are resolved, every node knows its file and line.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

struct YamlOrigin {
    std::string file;       // as it is named to people
    std::string directory;  // absolute: what relative paths in the file are relative to; may be empty
};

struct YamlMember;

struct YamlNode {
    enum class Kind { null, scalar, map, list };
    enum class Tag { none, reset, override };  // compose's !reset and !override

    Kind kind = Kind::null;
    Tag tag = Tag::none;
    std::string text;  // of a scalar; numbers and booleans without quotes are as Go prints them: 010 is 8
    std::vector<YamlMember> members;
    std::vector<YamlNode> items;
    std::shared_ptr<const YamlOrigin> origin;
    int line = 1;
    int text_line = 0;  // of a scalar: where its first line is; 0: its lines are not those of the file
};

struct YamlMember {
    std::string key;
    int line = 1;  // of the key
    YamlNode value;
};

struct YamlFile {
    std::vector<YamlNode> documents;
    std::string problem;  // empty: the whole file was read
    int problem_line = 1;
};

// Whatever the bytes. Bounded: 4 MiB; with what anchors stand for, 200,000 nodes and 16 MiB of text; 100 levels.
YamlFile parse_yaml(std::string_view text, const std::shared_ptr<const YamlOrigin>& origin);

// Each document by itself, so that one that is broken hides no other. The bounds are those of the whole; up to a
// hundred broken ones are told.
std::vector<YamlFile> parse_yaml_documents(std::string_view text, const std::shared_ptr<const YamlOrigin>& origin);

std::size_t weight_of(const YamlNode& node);  // about so many bytes of memory

const YamlNode* find_member(const YamlNode& node, std::string_view key);  // null: not there, or no map
YamlMember* find_entry(YamlNode& node, std::string_view key);
const YamlMember* find_entry(const YamlNode& node, std::string_view key);
std::string where_of(const YamlNode& node);                           // "compose.yaml:12"
std::string where_of(const YamlMember& member);                       // of its key
std::string text_of(const YamlNode* node);                            // of a scalar; else empty
std::string text_at(const YamlNode& node, std::string_view key);      // of a scalar member; else empty
const YamlNode& node_at(const YamlNode& node, std::string_view key);  // an empty node where there is none

}  // namespace mailstate

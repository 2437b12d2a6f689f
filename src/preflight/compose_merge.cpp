// SPDX-License-Identifier: MIT
#include "preflight/compose_merge.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "preflight/file_paths.hpp"

namespace mailstate {

namespace {

using NodeKind = YamlNode::Kind;
using Tag = YamlNode::Tag;

bool has_tags(const YamlNode& node)
{
    return node.tag != Tag::none || std::ranges::any_of(node.items, has_tags) ||
           std::ranges::any_of(node.members, [](const YamlMember& member) { return has_tags(member.value); });
}

constexpr std::array<std::string_view, 9> sequences{"annotations", "dns",         "dns_opt", "dns_search", "env_file",
                                                    "label_file",  "environment", "labels",  "tmpfs"};
constexpr std::array<std::string_view, 2> replaced_whole{"command", "entrypoint"};
// Of two forms each; the rules ask for none of them.
constexpr std::array<std::string_view, 6> of_any_form{"build",    "depends_on", "extra_hosts",
                                                      "networks", "models",     "sysctls"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& list, std::string_view word)
{
    return std::ranges::find(list, word) != list.end();
}

YamlNode item_of(const YamlMember& member)
{
    YamlNode item = member.value;
    item.kind = NodeKind::scalar;
    item.line = member.line;
    item.text = member.key + (member.value.kind == NodeKind::null ? "" : "=" + member.value.text);
    return item;
}

// {A: 1} is [A=1], and a lone text is a list of one.
YamlNode as_sequence(const YamlNode& node)
{
    if (node.kind == NodeKind::list || node.kind == NodeKind::null) return node;
    YamlNode list;
    list.kind = NodeKind::list;
    list.origin = node.origin;
    list.line = node.line;
    if (node.kind == NodeKind::scalar) list.items.push_back(node);
    for (const YamlMember& member : node.members) list.items.push_back(item_of(member));
    return list;
}

void append_items(YamlNode& base, const YamlNode& over)
{
    base.items.insert(base.items.end(), over.items.begin(), over.items.end());
}

YamlNode merged(YamlNode base, const YamlNode& over);

using Merge = YamlNode (*)(YamlNode base, const YamlNode& over);

void put(YamlMember& old, const YamlMember& member, Merge merge)
{
    old.value = merge(std::move(old.value), member.value);
    if (old.value.origin == member.value.origin) old.line = member.line;  // else it is still the base's
}

// By an index: a file of 4 MiB may have a hundred thousand members.
void put_all(YamlNode& base, const YamlNode& over, Merge (*merge_of)(std::string_view key))
{
    if (over.members.empty()) return;
    base.members.reserve(base.members.size() + over.members.size());  // the index points into it
    std::map<std::string_view, YamlMember*> index;
    for (YamlMember& member : base.members) index.emplace(member.key, &member);
    for (const YamlMember& member : over.members) {
        const auto found = index.find(member.key);
        if (found != index.end()) {
            put(*found->second, member, merge_of(member.key));
            continue;
        }
        base.members.push_back(member);
        index.emplace(base.members.back().key, &base.members.back());
    }
}

Merge merge_of_any(std::string_view /*key*/)
{
    return merged;
}

// Where an empty side decides; nothing where both are to be merged.
const YamlNode* decided(const YamlNode& base, const YamlNode& over)
{
    if (base.kind == NodeKind::null) return &over;
    return over.kind == NodeKind::null ? &base : nullptr;
}

YamlNode merged(YamlNode base, const YamlNode& over)
{
    if (const YamlNode* const one = decided(base, over)) return *one;
    if (base.kind != over.kind || base.kind == NodeKind::scalar) return over;
    append_items(base, over);
    put_all(base, over, merge_of_any);
    return base;
}

// Both of the type that put() wants.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
YamlNode merged_sequence(YamlNode base, const YamlNode& over)
{
    if (const YamlNode* const one = decided(base, over)) return *one;
    YamlNode list = as_sequence(base);
    append_items(list, as_sequence(over));
    return list;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param)
YamlNode only_over(YamlNode /*base*/, const YamlNode& over)
{
    return over;
}

YamlNode merged_services(YamlNode base, const YamlNode& over)
{
    if (const YamlNode* const one = decided(base, over)) return *one;
    put_all(base, over, [](std::string_view /*key*/) -> Merge { return merged_service; });
    return base;
}

Merge merge_of_section(std::string_view section)
{
    return section == "services" ? merged_services : merged;
}

Merge merge_in_service(std::string_view key)
{
    if (contains(sequences, key)) return merged_sequence;
    return contains(replaced_whole, key) || contains(of_any_form, key) ? only_over : merged;
}

std::string key_of_item(std::string_view list, const YamlNode& item)
{
    const bool is_map = item.kind == NodeKind::map;
    if (list == "volumes")
        return without_end_slashes(is_map ? text_at(item, "target") : split_volume(item.text).target);
    if (list == "secrets" || list == "configs") {
        const std::string target = is_map ? text_at(item, "target") : "";
        const std::string name = is_map ? text_at(item, "source") : item.text;
        return target.empty() ? (list == "secrets" ? "/run/secrets/" : "/") + name : target;
    }
    if (list == "env_file") return is_map ? text_at(item, "path") : item.text;
    if (list == "ports")
        return is_map ? text_at(item, "host_ip") + ":" + text_at(item, "published") + ":" + text_at(item, "target") +
                            "/" + text_at(item, "protocol")
                      : item.text;
    return item.text.substr(0, item.text.find('='));
}

constexpr std::array<std::string_view, 11> keyed{"cap_add", "cap_drop", "configs", "dns",   "environment", "env_file",
                                                 "ports",   "profiles", "secrets", "tmpfs", "volumes"};

void keep_last_of_each(std::string_view name, YamlNode& list)
{
    std::vector<YamlNode> kept;
    std::map<std::string, std::size_t> places;
    for (YamlNode& item : list.items) {
        const auto [place, is_new] = places.emplace(key_of_item(name, item), kept.size());
        if (is_new)
            kept.push_back(std::move(item));
        else
            kept[place->second] = std::move(item);
    }
    list.items = std::move(kept);
}

}  // namespace

VolumeText split_volume(const std::string& text)
{
    VolumeText volume;
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const bool drive = text.size() > begin + 1 && text[begin + 1] == ':' &&
                           std::isalpha(static_cast<unsigned char>(text[begin])) != 0 && text.size() > begin + 2 &&
                           (text[begin + 2] == '\\' || text[begin + 2] == '/');
        const std::size_t end = std::min(text.find(':', drive ? begin + 2 : begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    if (parts.size() == 1) return {"", parts[0], ""};
    return {parts[0], parts[1], parts.size() > 2 ? parts[2] : ""};
}

YamlNode merged_service(YamlNode base, const YamlNode& over)
{
    if (const YamlNode* const one = decided(base, over)) return *one;
    // Another image was written in another way.
    if (find_member(over, "image") != nullptr)
        std::erase_if(base.members, [](const YamlMember& member) { return member.key == "x-image-as-written"; });
    put_all(base, over, merge_in_service);
    return base;
}

YamlNode merged_project(YamlNode base, const YamlNode& over)
{
    if (base.kind != NodeKind::map) {
        base = YamlNode();
        base.kind = NodeKind::map;
        base.origin = over.origin;
    }
    put_all(base, over, merge_of_section);
    if (YamlMember* const services = find_entry(base, "services"))
        for (YamlMember& service : services->value.members)
            for (YamlMember& member : service.value.members)
                if (contains(keyed, std::string_view(member.key))) keep_last_of_each(member.key, member.value);
    return base;
}

// By an index, as put_all().
void take_out_tagged(YamlNode& base, const YamlNode& written)
{
    if (base.members.empty() || !has_tags(written)) return;
    std::map<std::string_view, const YamlNode*> index;
    for (const YamlMember& member : written.members) index.emplace(member.key, &member.value);
    std::erase_if(base.members, [&](const YamlMember& member) {
        const auto found = index.find(member.key);
        return found != index.end() && found->second->tag != Tag::none;
    });
    for (YamlMember& member : base.members)
        if (const auto found = index.find(member.key); found != index.end())
            take_out_tagged(member.value, *found->second);
}

YamlNode without_tags(YamlNode node)
{
    std::erase_if(node.members, [](const YamlMember& member) { return member.value.tag == Tag::reset; });
    std::erase_if(node.items, [](const YamlNode& item) { return item.tag == Tag::reset; });
    node.tag = Tag::none;
    for (YamlMember& member : node.members) member.value = without_tags(std::move(member.value));
    for (YamlNode& item : node.items) item = without_tags(std::move(item));
    return node;
}

}  // namespace mailstate

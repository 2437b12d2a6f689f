// SPDX-License-Identifier: MIT
#include "fake/fake_client.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "fake/fake_node.hpp"
#include "fs/digest.hpp"

namespace mailstate {

namespace {

void add(std::string& text, std::uint64_t number)
{
    text.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void add(std::string& text, Timestamp time)
{
    add(text, static_cast<std::uint64_t>(time.seconds) << 32U | time.nanoseconds);
}

// The top of a volume, the workspace in it and what is right below that: every run makes names there.
bool is_common_ground(const FakeNode& directory)
{
    if (directory.parent == nullptr) return true;
    return directory.name == ".mailstate" || directory.parent->name == ".mailstate";
}

void add(std::string& text, const FakeNode& node, const Attributes& seen)
{
    const bool is_directory = seen.kind == Kind::directory;
    for (const std::uint64_t number : {seen.inode, static_cast<std::uint64_t>(seen.kind), std::uint64_t{seen.mode.bits},
                                       std::uint64_t{static_cast<std::uint32_t>(seen.owner.uid)},
                                       std::uint64_t{static_cast<std::uint32_t>(seen.owner.gid)}, seen.size})
        add(text, number);
    if (is_directory && is_common_ground(node)) return;
    add(text, seen.mtime);
    if (is_directory) return;
    add(text, seen.ctime);
    add(text, seen.links);
}

// Does a time stamp with these separators begin here? 0 is a digit.
bool begins_with_shape(std::string_view text, std::string_view shape)
{
    if (text.size() < shape.size()) return false;
    return std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char found) {
        return wanted == '0' ? std::isdigit(static_cast<unsigned char>(found)) != 0 : wanted == found;
    });
}

std::uint64_t number_of(const FakeNode& node, std::uint8_t thing, std::string_view name)
{
    std::string text;
    add(text, node.attributes.inode);
    add(text, thing);
    return digest_of(text.append(name)).low;
}

bool have_one_in_common(const std::unordered_set<std::uint64_t>& one, const std::unordered_set<std::uint64_t>& other)
{
    const auto& [fewer, more] = one.size() < other.size() ? std::tie(one, other) : std::tie(other, one);
    return std::ranges::any_of(fewer, [&more = more](std::uint64_t thing) { return more.contains(thing); });
}

}  // namespace

bool FakeReach::meets(const FakeReach& other) const
{
    return have_one_in_common(written, other.written) || have_one_in_common(written, other.read) ||
           have_one_in_common(read, other.written) || have_one_in_common(added_to, other.read) ||
           have_one_in_common(read, other.added_to);
}

void FakeReach::add(const FakeReach& other)
{
    read.insert(other.read.begin(), other.read.end());
    written.insert(other.written.begin(), other.written.end());
    added_to.insert(other.added_to.begin(), other.added_to.end());
}

std::string without_times(std::string_view text)
{
    std::string result(text);
    for (const std::string_view shape : {"0000-00-00T00:00:00Z", "00000000T000000Z"}) {
        for (std::size_t at = result.find('T'); at != std::string::npos; at = result.find('T', at + 1)) {
            const std::size_t before = shape.find('T');
            if (at >= before && begins_with_shape(std::string_view(result).substr(at - before), shape))
                result.replace(at - before, shape.size(), shape);
        }
    }
    return result;
}

void add_tree(std::string& text, const FakeNode& node, std::string_view name)
{
    text += without_times(name);
    text += '\0';
    if (name == "lock") return;  // who holds it, or did, changes nothing
    Attributes seen = node.attributes;
    seen.size = node.content.size();
    add(text, node, seen);
    text += without_times(node.content);
    for (const auto& [key, value] : node.extended) text.append(key).append(value);
    for (const auto& [child_name, child] : node.children) add_tree(text, *child, child_name);
    text += '/';
}

bool FakeClient::is_shared(const FakeNode& node) const
{
    return devices.contains(node.attributes.device);
}

void FakeClient::note(std::string_view text)
{
    std::string all;
    add(all, history.high);
    add(all, history.low);
    history = digest_of(all.append(text));
}

void FakeClient::reads(const FakeNode& node, Thing thing, std::string_view name)
{
    if (is_shared(node)) reach.read.insert(number_of(node, static_cast<std::uint8_t>(thing), name));
}

void FakeClient::writes(const FakeNode& node, Thing thing, std::string_view name)
{
    if (is_shared(node))
        (thing == Thing::list ? reach.added_to : reach.written)
            .insert(number_of(node, static_cast<std::uint8_t>(thing), name));
}

void FakeClient::looked_up(const FakeNode& directory, std::string_view name, const FakeNode* found)
{
    if (!is_shared(directory)) return;
    reads(directory, Thing::name, name);
    std::string text;
    add(text, found == nullptr ? 0 : found->attributes.inode);
    note(text);
}

void FakeClient::listed(const FakeNode& directory, const std::vector<std::string>& names)
{
    if (!is_shared(directory)) return;
    reads(directory, Thing::list);
    std::string text;
    for (const std::string& name : names) text.append(without_times(name)).append(1, '\0');
    note(text);
}

void FakeClient::saw(const FakeNode& node, const Attributes& attributes)
{
    if (!is_shared(node)) return;
    reads(node, Thing::node);
    std::string text;
    add(text, node, attributes);
    note(text);
}

void FakeClient::read(const FakeNode& node)
{
    if (!is_shared(node)) return;
    reads(node, Thing::node);
    note(without_times(node.content));
}

void FakeClient::weighed(const FakeNode& node)
{
    reads(node, Thing::node);
}

void FakeClient::asked_if_empty(const FakeNode& directory)
{
    reads(directory, Thing::list);
}

void FakeClient::changed(const FakeNode& node)
{
    writes(node, Thing::node);
    views_.erase(&node);
}

// Nobody looks at the times of common ground, see add().
void FakeClient::written(const FakeNode& node)
{
    if (node.attributes.kind != Kind::directory || !is_common_ground(node)) writes(node, Thing::node);
    views_.erase(&node);
}

void FakeClient::renamed(const FakeNode& directory, std::string_view name)
{
    writes(directory, Thing::name, name);
    writes(directory, Thing::list);
}

const FakeNodeRef* FakeClient::remembered(const FakeNode& directory, std::string_view name, FakeLook look)
{
    const auto view = views_.find(&directory);
    if (forgetful || view == views_.end()) return nullptr;
    const auto known = view->second.names.find(name);
    if (known == view->second.names.end()) return nullptr;
    // The server does not know what is opened any more (ESTALE): the kernel looks the name up once more.
    if (known->second) weighed(*known->second);
    const bool is_gone = known->second && known->second->attributes.links == 0;
    return is_gone && look == FakeLook::opens ? nullptr : &known->second;
}

void FakeClient::remember(const FakeNode& directory, std::string_view name, FakeNodeRef node)
{
    if (!forgetful && is_shared(directory))
        views_[&directory].names.insert_or_assign(std::string(name), std::move(node));
}

std::vector<std::string> FakeClient::names(const FakeNode& directory)
{
    std::vector<std::string> names;
    for (const auto& [name, node] : directory.children) names.push_back(name);
    if (forgetful || !is_shared(directory)) return names;
    View& view = views_[&directory];
    if (view.is_listed) return view.listing;
    view.is_listed = true;
    view.listing = names;
    for (const auto& [name, node] : directory.children) view.names.try_emplace(name, node);
    return names;
}

}  // namespace mailstate

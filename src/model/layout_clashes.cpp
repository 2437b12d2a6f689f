// SPDX-License-Identifier: MIT
// Rules of a layout as a whole.
#include <functional>
#include <map>
#include <set>

#include "model/layout_rules.hpp"
#include "model/references.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

// Paths and whose they are, asked for a path's ancestors: linear in the length of all paths.
class Places {
public:
    using Owners = std::map<std::string, std::size_t, std::less<>>;

    bool add(const std::string& path, std::size_t entry) { return owners_.emplace(path, entry).second; }

    // The place that holds this one, the path itself left out.
    [[nodiscard]] const Owners::value_type* above(std::string_view path) const
    {
        for (auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;) {
            path = path.substr(0, slash);
            if (const auto found = owners_.find(path); found != owners_.end()) return &*found;
            slash = path.rfind('/');
        }
        return nullptr;
    }

private:
    Owners owners_;
};

using PathOf = std::function<const std::string&(const Entry&)>;

std::optional<Clash> find_nesting(const Layout& layout, const char* key, const PathOf& path_of)
{
    Places places;
    for (std::size_t i = 0; i < layout.entries.size(); ++i) {
        const auto& path = path_of(layout.entries[i]);
        if (!places.add(path, i))
            return Clash{i,
                         key,
                         {std::string("the ") + key + ' ' + in_quotes(path) + " is also used by another entry",
                          "Two entries cannot share a place: remove one of them."}};
    }
    for (std::size_t i = 0; i < layout.entries.size(); ++i) {
        const auto& path = path_of(layout.entries[i]);
        if (const auto* const above = places.above(path); above != nullptr)
            return Clash{i,
                         key,
                         {in_quotes(path) + " is inside the " + key + ' ' + in_quotes(above->first) + " of entry " +
                              in_quotes(layout.entries[above->second].name),
                          "What is inside an entry moves with it: remove one of them."}};
    }
    return std::nullopt;
}

bool is_inside(std::string_view inner, std::string_view outer)
{
    return inner == outer || (inner.starts_with(outer) && inner.substr(outer.size()).starts_with('/'));
}

std::optional<Clash> find_state_clash(const Layout& layout)
{
    for (std::size_t i = 0; i < layout.entries.size(); ++i) {
        const auto& origin = layout.entries[i].origin;
        if (is_inside(origin, layout.state_dir) || is_inside(layout.state_dir, origin))
            return Clash{i,
                         "origin",
                         {in_quotes(origin) + " and the state directory " + in_quotes(layout.state_dir) + " overlap",
                          "A place cannot be moved into itself: choose another state directory."}};
    }
    return std::nullopt;
}

std::optional<Clash> find_double_name(const Layout& layout)
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < layout.entries.size(); ++i) {
        if (!names.insert(layout.entries[i].name).second)
            return Clash{i,
                         "name",
                         {"the name " + in_quotes(layout.entries[i].name) + " is also used by another entry",
                          "Give each entry a different name."}};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Clash> find_clash(const Layout& layout)
{
    if (auto clash = find_double_name(layout)) return clash;
    if (auto clash = find_nesting(
            layout, "origin", [](const Entry& entry) -> const auto& { return entry.origin; }))
        return clash;
    if (auto clash = find_nesting(
            layout, "destination", [](const Entry& entry) -> const auto& { return entry.destination; }))
        return clash;
    return find_state_clash(layout);
}

std::optional<std::string> find_circle(const Layout& layout)
{
    // Defaults whose references all lead to the ground are taken away until nothing changes; what stays is a circle, or
    // leads into one.
    std::map<std::string_view, std::set<std::string_view>> waiting;  // name → defaults that it refers to
    std::map<std::string_view, std::vector<std::string_view>> users;
    for (const auto& [name, value] : layout.defaults) {
        auto& references = waiting[name];
        const auto parts = split_references(value);
        for (const auto& part : parts.value_or(std::vector<TextPart>{})) {
            if (part.is_reference && layout.defaults.contains(std::string(part.text)) &&
                references.insert(part.text).second)
                users[part.text].push_back(name);
        }
    }
    std::vector<std::string_view> grounded;
    for (const auto& [name, references] : waiting) {
        if (references.empty()) grounded.push_back(name);
    }
    while (!grounded.empty()) {
        const auto name = grounded.back();
        grounded.pop_back();
        waiting.erase(name);
        for (const auto user : users[name]) {
            waiting[user].erase(name);
            if (waiting[user].empty()) grounded.push_back(user);
        }
    }
    if (waiting.empty()) return std::nullopt;
    return std::string(waiting.begin()->first);
}

}  // namespace mailstate

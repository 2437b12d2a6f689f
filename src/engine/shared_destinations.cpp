// SPDX-License-Identifier: MIT
#include "engine/shared_destinations.hpp"

#include <algorithm>

#include "engine/split_path.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

struct Located {
    std::string entry;
    Whereabouts at;
};

// What is not there, or cannot be opened now, is not used either.
Result<std::vector<Located>> locate_all(const World& world, const Surroundings& around, const Survey& survey)
{
    std::vector<Located> found;
    for (const Entry& entry : world.layout.entries) {
        if (entry.kind != Kind::directory || !survey.entries.contains(entry.name)) continue;
        const SplitPath path = split_path(entry.destination);
        const Result<DirectoryRef> above = open_below(world.reader, around.volume, path.parent);
        const Result<DirectoryRef> directory =
            above ? world.reader.open_directory({*above, path.name}, Cross::yes) : Result<DirectoryRef>(above);
        if (!directory) continue;
        Whereabouts where = TRY(whereabouts(world.reader, around.mounts, *directory));
        found.push_back({entry.name, std::move(where)});
    }
    return found;
}

void add_name(std::string& names, const std::string& name)
{
    names += (names.empty() ? "" : ", ") + printable(name);
}

}  // namespace

Result<> note_shared_destinations(const World& world, const Surroundings& around, Survey& survey)
{
    const auto is_mount = [](const auto& seen) { return seen.second.destination_mount; };
    if (!around.volume || std::ranges::none_of(survey.entries, is_mount)) return {};
    const std::vector<Located> all = TRY(locate_all(world, around, survey));
    for (auto one = all.begin(); one != all.end(); ++one)
        for (auto other = all.begin(); other != one; ++other) {
            if (!is_inside(one->at, other->at) && !is_inside(other->at, one->at)) continue;
            add_name(survey.entries.at(one->entry).shared_with, other->entry);
            add_name(survey.entries.at(other->entry).shared_with, one->entry);
        }
    return {};
}

}  // namespace mailstate

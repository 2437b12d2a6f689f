// SPDX-License-Identifier: MIT
// The numbers that matter, the most important first: what fits in one row.
#include <algorithm>
#include <vector>

#include "app/output/run_text.hpp"
#include "app/page/report_entry.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t most_tiles = 4;

using Tiles = std::vector<Html>;

Html tile(std::string_view label, const Html& value, std::string_view more = {})
{
    return element("div", "tile",
                   element("dt", label) + element("dd", value) + (more.empty() ? Html() : element("dd", "more", more)));
}

void add_rules(const Json& report, Tiles& tiles)
{
    std::size_t rules = 0, fine = 0, files = 0, unjudged = 0;
    for (const Json& judged : list_of(report, "judged")) {
        rules += count_of(judged, "rules");
        fine += list_of(judged, "fine").size();
        files += list_of(judged, "files").size();
        for (const Json& why : list_of(judged, "not_judged")) unjudged += list_of(why, "rules").size();
    }
    if (rules + unjudged == 0) return;
    tiles.push_back(tile("Rules judged", std::to_string(rules), std::to_string(fine) + " are fine"));
    tiles.push_back(tile("Rules with findings", std::to_string(rules - std::min(fine, rules))));
    tiles.push_back(tile("Rules not judged", std::to_string(unjudged), unjudged == 0 ? "" : "the reasons are below"));
    if (files > 0) tiles.push_back(tile("Files read", std::to_string(files)));
}

void add_predictions(const Json& details, Tiles& tiles)
{
    const Json& seconds = member(details, "seconds");
    const std::string about = member(details, "sample").is_null() ? "" : "about ";
    for (const auto& [name, label] :
         {std::pair("first_start", "First start"), std::pair("later_start", "Later starts")})
        if (member(seconds, name).is_number())
            tiles.push_back(tile(label, about + seconds_text(number_of(seconds, name)), "predicted"));
}

void add_entries(const Json& report, Tiles& tiles)
{
    const RunProgress progress = progress_of(report);
    const std::size_t alone = entries_that(report, Movement::stay);
    const std::size_t enabled = list_of(report, "entries").size() - entries_that(report, Movement::off);
    if (progress.done < progress.entries)
        tiles.push_back(tile("Done", std::to_string(progress.done), "of " + human_count(enabled, "entry", "entries")));
    else if (alone > 0)
        tiles.push_back(tile("Left alone", std::to_string(alone), "of " + human_count(enabled, "entry", "entries")));
    else if (enabled > 0)
        tiles.push_back(tile("Entries", std::to_string(enabled), "none left alone"));
}

void add_run(const Json& report, Tiles& tiles)
{
    add_predictions(member(report, "rehearsal"), tiles);
    add_entries(report, tiles);
    if (member(report, "elapsed_ms").is_number())
        tiles.push_back(tile("Duration", seconds_text(number_of(report, "elapsed_ms") / 1000)));
    if (const Amount content = content_of(report); content.bytes > 0)
        tiles.push_back(tile("Content", human_bytes(content.bytes), human_count(content.files, "file", "files")));
}

void add_volume(const Json& report, Tiles& tiles)
{
    const Json& volume = member(report, "volume");
    if (!volume.is_object()) return;
    tiles.push_back(tile("Free on the volume", free_space_of(volume)));
    if (tiles.size() == 2) tiles.push_back(tile("Volume", text_of(volume, "type"), text_of(volume, "class")));
}

// Of a verify, which has nothing else to count.
void add_findings(const Json& report, Tiles& tiles)
{
    const std::size_t count = list_of(report, "findings").size(), notes = findings_of(report, "note");
    const std::string more = notes == 0 ? "" : human_count(notes, "is a note", "are notes");
    if (text_of(report, "command") == "verify") tiles.push_back(tile("Findings", std::to_string(count), more));
}

}  // namespace

std::size_t entries_that(const Json& report, Movement movement)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        list_of(report, "entries"), [&](const Json& entry) { return movement_of(entry) == movement; }));
}

Amount content_of(const Json& report)
{
    Amount content;
    for (const Json& entry : list_of(report, "entries"))
        if (const auto decision = decision_named(text_of(entry, "decision")); decision && brings_content(*decision))
            content += {count_of(entry, "files"), count_of(entry, "bytes")};
    return content;
}

Html tiles_part(const Json& report)
{
    Tiles tiles;
    add_rules(report, tiles);
    add_run(report, tiles);
    add_findings(report, tiles);
    add_volume(report, tiles);
    tiles.resize(std::min(tiles.size(), most_tiles));
    Html all;
    for (const Html& each : tiles) all += each;
    return all.empty() ? all : element("dl", "tiles of-" + std::to_string(tiles.size()), all);
}

}  // namespace mailstate

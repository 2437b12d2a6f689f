// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/cli/exit_code.hpp"
#include "app/output/run_text.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::size_t entries_that(const Json& report, Movement movement)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        list_of(report, "entries"), [&](const Json& entry) { return movement_of(entry) == movement; }));
}

std::string entries(std::size_t count)
{
    return human_count(count, "entry", "entries");
}

// What is said where nothing is wrong.
std::string good_headline(const Json& report)
{
    const std::string command = text_of(report, "command");
    const bool dry = command == "plan" || flag_of(report, "dry_run");
    if (command == "verify") return "Everything is as the layout promises";
    if (command == "check") return "Nothing was found that would break";
    if (command == "rehearse") return "The upgrade would do all that is planned";
    if (dry && !flag_of(report, "has_changes")) return "There is nothing to do";
    if (dry && command == "rollback") return entries(entries_that(report, Movement::back)) + " would be rolled back";
    if (dry) {
        const std::size_t going = entries_that(report, Movement::go);
        return going == 0 ? "Owners or records would be corrected" : entries(going) + " would be moved to the volume";
    }
    if (command == "rollback") return "The state is back where an older version looks for it";
    return list_of(report, "changes").empty() ? "There was nothing to do" : "The state is on the volume";
}

// What is said of an exit code that tells of no result.
std::string headline_of_ending(const Json& report, int code)
{
    const bool rehearses = text_of(report, "command") == "rehearse";
    if (code == number_of(ExitCode::blocked)) return rehearses ? "It could not be rehearsed" : "Nothing could be done";
    if (code == number_of(ExitCode::midway)) return "It stopped midway";
    if (code == number_of(ExitCode::locked)) return "Another run is at work";
    if (code == number_of(ExitCode::bad_file)) return "A file that it needs is not right";
    if (code == number_of(ExitCode::usage)) return "The command line is not right";
    return code > 128 ? "It was interrupted" : "";
}

std::string undone_headline(const Json& report)
{
    const std::string command = text_of(report, "command");
    const std::size_t undone = static_cast<std::size_t>(
        std::ranges::count_if(list_of(report, "entries"), [](const Json& entry) { return flag_of(entry, "undone"); }));
    if (command == "rehearse" && undone > 0) return "The upgrade would leave " + entries(undone) + " undone";
    if (command == "rehearse") return "Something would not be as it should be";
    if (command == "check") return "Something will break";
    return "Something is not as it should be";
}

std::string sentence_of_ending(int code)
{
    if (code == number_of(ExitCode::blocked)) return "Nothing was changed.";
    if (code == number_of(ExitCode::midway)) return "Nothing is lost. Run it again, and it finishes.";
    if (code == number_of(ExitCode::locked)) return "Try again later, or wait longer with --lock-timeout.";
    return code > 128 ? "Nothing is lost. Run it again." : "";
}

std::string counts_of_findings(const Json& report)
{
    std::string text;
    const auto add = [&](std::string_view severity, std::string_view one, std::string_view many) {
        const std::size_t count = findings_of(report, severity);
        if (count > 0) text += (text.empty() ? "" : ", ") + human_count(count, one, many);
    };
    add("error", "error", "errors");
    add("warning", "warning", "warnings");
    add("note", "note", "notes");
    return text;
}

Html tile(std::string_view label, const Html& value, std::string_view more = {})
{
    return element("div", "tile",
                   element("dt", label) + element("dd", value) + (more.empty() ? Html() : element("dd", "more", more)));
}

Html rehearsal_tiles(const Json& details)
{
    const Json& seconds = member(details, "seconds");
    const std::string about = member(details, "sample").is_null() ? "" : "about ";
    Html tiles;
    if (member(seconds, "first_start").is_number())
        tiles += tile("First start", about + seconds_text(number_of(seconds, "first_start")), "predicted");
    if (member(seconds, "later_start").is_number())
        tiles += tile("Later starts", about + seconds_text(number_of(seconds, "later_start")), "predicted");
    return tiles;
}

Html content_tile(const Json& report)
{
    Amount content;
    for (const Json& entry : list_of(report, "entries"))
        if (const auto decision = decision_named(text_of(entry, "decision")); decision && brings_content(*decision))
            content += {count_of(entry, "files"), count_of(entry, "bytes")};
    return content.bytes == 0
               ? Html()
               : tile("Content", human_bytes(content.bytes), human_count(content.files, "file", "files"));
}

Html tiles_of(const Json& report)
{
    Html tiles = rehearsal_tiles(member(report, "rehearsal"));
    if (member(report, "elapsed_ms").is_number())
        tiles += tile("It took", seconds_text(number_of(report, "elapsed_ms") / 1000));
    tiles += content_tile(report);
    if (member(report, "volume").is_object())
        tiles += tile("Free on the volume", free_space_of(member(report, "volume")));
    const std::size_t alone = entries_that(report, Movement::stay);
    if (alone > 0) tiles += tile("Left alone", std::to_string(alone), alone == 1 ? "entry" : "entries");
    return tiles.empty() ? tiles : element("dl", "tiles", tiles);
}

std::string what_ran(const Json& report)
{
    return "mailstate " + text_of(report, "command") + (flag_of(report, "dry_run") ? " --dry-run" : "");
}

Html circumstances(const Json& report)
{
    const std::string layout = text_of(member(report, "layout"), "name");
    Html text = element("code", what_ran(report));
    if (!layout.empty()) text += " · " + Html(layout) + " on " + element("code", text_of(report, "state_dir"));
    const std::string time = text_of(report, "time");
    if (!time.empty()) text += " · " + element_with("time", {{"datetime", time}}, time);
    return element("p", "circumstances", text + " · exit code " + std::to_string(count_of(report, "exit_code")));
}

}  // namespace

std::string_view name_of(Tone tone)
{
    switch (tone) {
        case Tone::good:
            return "good";
        case Tone::remarks:
            return "remarks";
        case Tone::bad:
            return "bad";
        case Tone::plain:
            break;
    }
    return "plain";
}

ReportVerdict verdict_of(const Json& report)
{
    const int code = static_cast<int>(count_of(report, "exit_code"));
    const std::string counts = counts_of_findings(report);
    const std::string found = counts.empty() ? "" : counts + ".";
    if (const std::string ending = headline_of_ending(report, code); !ending.empty()) {
        const std::string more = sentence_of_ending(code);
        return {Tone::bad, ending, more + (more.empty() || found.empty() ? "" : " ") + found};
    }
    if (code == number_of(ExitCode::problems_found)) return {Tone::bad, undone_headline(report), found};
    if (flag_of(report, "nothing_to_do"))
        return {Tone::plain, "There is nothing to do", "There is no state directory; the services stay as they are."};
    if (findings_of(report, "error") > 0) return {Tone::bad, undone_headline(report), found};
    const Tone tone = findings_of(report, "warning") > 0 ? Tone::remarks : Tone::good;
    return {tone, good_headline(report), found};
}

Html verdict_part(const Json& report)
{
    const ReportVerdict verdict = verdict_of(report);
    const bool bad = verdict.tone == Tone::bad;
    const Html mark = element_with("span", {{"class", "mark"}, {"aria-hidden", "true"}},
                                   bad                             ? "✕"
                                   : verdict.tone == Tone::remarks ? "!"
                                                                   : "✓");
    Html words = element("h1", verdict.headline);
    if (!verdict.more.empty()) words += element("p", "findings-count", verdict.more);
    return element_with("header", {{"class", "verdict " + std::string(name_of(verdict.tone))}},
                        mark + element("div", words + circumstances(report))) +
           tiles_of(report);
}

}  // namespace mailstate

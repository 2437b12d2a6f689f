// SPDX-License-Identifier: MIT
// The line below the title: what ran where, from what to what, over which files, when, and how it ended.
#include <algorithm>

#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Html circumstance(std::string_view label, const Html& value)
{
    return value.empty() ? Html() : element("div", fact(label, value));
}

std::string what_ran(const Json& report)
{
    return "mailstate " + text_of(report, "command") + (flag_of(report, "dry_run") ? " --dry-run" : "");
}

// Of a check the releases, else the directories.
Html from_to(const Json& report)
{
    Html text;
    for (const Json& judged : list_of(report, "judged"))
        text += Html(text.empty() ? "" : "; ") + text_of(judged, "system") + " " + releases_of(judged);
    const std::string layout = text_of(member(report, "layout"), "name");
    if (!text.empty() || layout.empty()) return text;
    const Html directory = element("code", text_of(report, "state_dir"));
    if (text_of(report, "command") == "rollback") return directory + " → the directories of " + layout;
    return "the directories of " + Html(layout) + " → " + directory;
}

Html files_html(const Json& report)
{
    std::size_t read = 0;
    for (const Json& judged : list_of(report, "judged")) read += list_of(judged, "files").size();
    if (read > 0) return human_count(read, "file read", "files read");
    const Amount content = content_of(report);
    if (content.files == 0) return {};
    return human_count(content.files, "file", "files") + ", " + human_bytes(content.bytes);
}

// "2026-11-29T02:41:08Z" as "2026-11-29 02:41:08 UTC".
Html time_html(const Json& report)
{
    const std::string time = text_of(report, "time");
    if (time.empty()) return {};
    std::string readable = time;
    if (time.size() == 20) readable = time.substr(0, 10) + " " + time.substr(11, 8) + " UTC";
    return element_with("time", {{"datetime", time}}, readable);
}

}  // namespace

Html circumstances_part(const Json& report)
{
    const std::string host = text_of(report, "host");
    return element("dl", "circumstances",
                   circumstance("Command", element("code", "whole", what_ran(report))) + circumstance("Host", host) +
                       circumstance("From → to", from_to(report)) + circumstance("Files", files_html(report)) +
                       circumstance("Time", time_html(report)) +
                       circumstance("Exit code", std::to_string(count_of(report, "exit_code"))));
}

}  // namespace mailstate

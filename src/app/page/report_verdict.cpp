// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>

#include "app/cli/exit_code.hpp"
#include "app/page/report_entry.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

bool ended_by_signal(int code)
{
    return code > 128;
}

std::string entries(std::size_t count)
{
    return human_count(count, "entry", "entries");
}

// The headline if nothing is wrong.
std::string good_headline(const Json& report)
{
    const std::string command = text_of(report, "command");
    const bool dry = command == "plan" || flag_of(report, "dry_run");
    if (command == "verify") return "Everything matches the layout";
    if (command == "check") return "No problems were found";
    if (command == "rehearse") return "The upgrade would complete everything that is planned";
    if (dry && !flag_of(report, "has_changes")) return "There is nothing to do";
    if (dry && command == "rollback") return entries(entries_that(report, Movement::back)) + " would be rolled back";
    if (dry) {
        const std::size_t going = entries_that(report, Movement::go);
        return going == 0 ? "Owners or records would be corrected" : entries(going) + " would be moved to the volume";
    }
    if (command == "rollback") return "The state is back where an older version looks for it";
    return list_of(report, "changes").empty() ? "There was nothing to do" : "The state is on the volume";
}

// The headline for an exit code that means no result.
std::string headline_of_ending(const Json& report, int code)
{
    const bool rehearses = text_of(report, "command") == "rehearse";
    if (code == number_of(ExitCode::blocked))
        return rehearses ? "The upgrade could not be rehearsed" : "Nothing could be done";
    const RunProgress progress = progress_of(report);
    const std::string how_far = progress.entries == 0 ? "" : " after " + progress_text(progress);
    if (code == number_of(ExitCode::midway)) return "The run stopped midway" + how_far;
    if (code == number_of(ExitCode::locked)) return "Another run is in progress";
    if (code == number_of(ExitCode::bad_file)) return "A file that the command needs is not valid";
    if (code == number_of(ExitCode::usage)) return "The command line is wrong";
    return ended_by_signal(code) ? "The run was interrupted" + how_far : "";
}

std::string undone_headline(const Json& report)
{
    const std::string command = text_of(report, "command");
    const std::size_t undone = static_cast<std::size_t>(
        std::ranges::count_if(list_of(report, "entries"), [](const Json& entry) { return flag_of(entry, "undone"); }));
    if (command == "rehearse" && undone > 0) return "The upgrade would leave " + entries(undone) + " undone";
    if (command == "rehearse") return "The upgrade would leave problems";
    if (command == "check") return "Something will break";
    return "Problems were found";
}

std::string sentence_of_ending(int code)
{
    if (code == number_of(ExitCode::blocked)) return "Nothing was changed.";
    if (code == number_of(ExitCode::midway)) return "Nothing is lost. Run it again to complete it.";
    if (code == number_of(ExitCode::locked)) return "Try again later, or wait longer with --lock-timeout.";
    return ended_by_signal(code) ? "Nothing is lost. Run it again." : "";
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

// Not longer than a title may be; cut where the last clause ends that fits, or a word.
std::string shortened(const std::string& text)
{
    constexpr std::size_t most = 150, least = 40;
    if (text.size() <= most) return text;
    const std::string fits = text.substr(0, most);
    std::size_t end = 0;
    for (const std::string_view mark : {": ", "; ", ", "})
        if (const std::size_t at = fits.rfind(mark); at != std::string::npos) end = std::max(end, at);
    if (end < least) end = fits.rfind(' ');
    return end == std::string::npos || end < least ? text : text.substr(0, end) + "…";  // or one word: a name
}

// An entry's name says of what the message tells; a file's place does not belong into a title.
std::string title_of(const Json& finding)
{
    const std::string subject = text_of(finding, "subject"), message = text_of(finding, "message");
    const bool is_named = subject.find('/') != std::string::npos || message.find(subject) != std::string::npos;
    std::string title = is_named ? message : subject + ": " + message;
    const bool is_word = title.size() > 1 && std::islower(static_cast<unsigned char>(title[1])) != 0;
    if (is_named && is_word) title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    return shortened(title);
}

// Findings are sorted, the worst first. A run that was stopped has nothing worse than that.
std::string worst_of(const Json& report)
{
    const Json& findings = list_of(report, "findings");
    const bool stopped = ended_by_signal(static_cast<int>(count_of(report, "exit_code")));
    for (const std::string_view severity : {"error", "warning"})
        for (const Json& finding : findings)
            if (!stopped && text_of(finding, "severity") == severity) return title_of(finding);
    return {};
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

std::string title_of_page(const Json& report)
{
    const std::string worst = worst_of(report), host = text_of(report, "host");
    return (worst.empty() ? verdict_of(report).headline : worst) + " · mailstate " + text_of(report, "command") +
           (host.empty() ? "" : " on " + host);
}

Html verdict_part(const Json& report)
{
    const ReportVerdict verdict = verdict_of(report);
    const std::string worst = worst_of(report);
    const bool bad = verdict.tone == Tone::bad;
    const Html mark = element_with("span", {{"class", "mark"}, {"aria-hidden", "true"}},
                                   bad                             ? "✕"
                                   : verdict.tone == Tone::remarks ? "!"
                                                                   : "✓");
    Html words = worst.empty() ? Html() : element("p", "headline", verdict.headline);
    words += element("h1", worst.empty() ? verdict.headline : worst);
    if (!verdict.more.empty()) words += element("p", "findings-count", verdict.more);
    return element_with("header", {{"class", "verdict " + std::string(name_of(verdict.tone))}},
                        mark + element("div", words + circumstances_part(report))) +
           tiles_part(report);
}

}  // namespace mailstate

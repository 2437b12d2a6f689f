// SPDX-License-Identifier: MIT
#include "app/output/run_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "app/output/findings_text.hpp"
#include "app/output/palette.hpp"
#include "app/output/paragraph.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t reason_indent = 6;

std::string_view word_of(const EntryLine& entry)
{
    return entry.outcome ? name_of(*entry.outcome) : name_of(entry.decision);
}

struct Widths {  // of the columns
    std::size_t name = 0, decision = 0;
};

Widths widths_of(const std::vector<EntryLine>& entries)
{
    Widths widths;
    for (const EntryLine& entry : entries) {
        if (entry.decision == Decision::disabled) continue;
        widths.name = std::max(widths.name, columns_of(printable(entry.name)));
        widths.decision = std::max(widths.decision, word_of(entry).size());
    }
    return widths;
}

// Below the state directory, which the head line names.
std::string short_destination(const EntryLine& entry, const std::string& state_dir)
{
    const std::string front = state_dir + "/";
    return printable(entry.destination.starts_with(front) ? entry.destination.substr(front.size()) : entry.destination);
}

std::string size_text(const EntryLine& entry)
{
    if (entry.amount == Amount{}) return {};
    return human_count(entry.amount.files, "file", "files") + ", " + human_bytes(entry.amount.bytes);
}

void append_part(std::string& text, const std::string& part)
{
    if (part.empty()) return;
    if (!text.empty()) text += "; ";
    text += part;
}

// The lines under an entry: its reason, and what else is done to it.
std::string remark(const EntryLine& entry, const std::string& size, bool reason_is_a_finding, Tense tense)
{
    std::string text = size;
    if (entry.decision != Decision::in_place && !reason_is_a_finding)
        append_part(text, escape(entry.reason, Backslash::keep));
    if (entry.owners > 0)
        append_part(text, "owner or mode of " + human_count(entry.owners, "file", "files") +
                              (tense == Tense::would ? " to correct" : " corrected"));
    if (entry.stale > 0) append_part(text, human_count(entry.stale, "stale file", "stale files") + " to remove");
    if (entry.set_aside.whole)
        append_part(text, "the destination to set aside whole");
    else if (entry.set_aside.names > 0)
        append_part(text, human_count(entry.set_aside.names, "name", "names") + " to set aside");
    if (entry.displaced > 0)
        append_part(text,
                    human_count(entry.displaced, "file", "files") + " set aside in " + printable(entry.displaced_to));
    return text.empty() ? text : std::string(reason_indent, ' ') + wrapped(text, reason_indent, reason_indent);
}

std::string entry_text(const EntryLine& entry, const RunView& view, const Widths& widths, Tense tense, Paint paint)
{
    const std::string decision(word_of(entry));
    const std::string_view arrow = entry.decision == Decision::roll_back ? " ← " : " → ";
    const std::string places = printable(entry.origin) + std::string(arrow) + short_destination(entry, view.state_dir);
    const std::string size = size_text(entry);
    const std::size_t taken = 2 + widths.name + 2 + widths.decision + 2 + columns_of(places);
    const bool fits = !size.empty() && taken + 2 + size.size() <= text_width();

    std::string text = "  " + padded(printable(entry.name), widths.name) + "  " +
                       painted(decision, colour_of(entry.decision), paint) +
                       std::string(widths.decision - decision.size() + 2, ' ') + places;
    if (fits) text += "  " + size;
    std::string findings;
    bool reason_is_a_finding = false;
    for (const Finding& finding : view.findings) {
        if (finding.subject != entry.name) continue;
        findings += finding_text(finding, reason_indent, ShowSubject::no, paint);
        reason_is_a_finding = reason_is_a_finding || finding.message == entry.reason;
    }
    return text + "\n" + remark(entry, fits ? std::string() : size, reason_is_a_finding, tense) + findings;
}

std::string disabled_text(const std::vector<EntryLine>& entries)
{
    std::string names;
    for (const EntryLine& entry : entries)
        if (entry.decision == Decision::disabled) names += (names.empty() ? "" : ", ") + printable(entry.name);
    return names.empty() ? names : "  " + wrapped("disabled: " + names, 4, 2);
}

std::vector<Finding> findings_of_no_entry(const RunView& view)
{
    std::set<std::string> shown;
    for (const EntryLine& entry : view.entries)
        if (entry.decision != Decision::disabled) shown.insert(entry.name);
    std::vector<Finding> rest;
    for (const Finding& finding : view.findings)
        if (!shown.contains(finding.subject)) rest.push_back(finding);
    return rest;
}

}  // namespace

std::string seconds_text(double seconds)
{
    std::array<char, 48> text{};
    (void)std::snprintf(text.data(), text.size(), "%.2f s", seconds);
    return text.data();
}

std::string head_line(const RunView& view)
{
    std::string facts = "not there";
    if (view.volume) {
        facts = printable(view.volume->type);
        if (!view.volume->source.empty()) facts += ", " + printable(view.volume->source);
        facts += ", " + human_bytes(view.volume->free_bytes) + " free";
        if (view.volume->read_only) facts += ", read-only";
    }
    return wrapped(printable(view.layout_name) + " on " + printable(view.state_dir) + " (" + facts + ")", 2);
}

std::string page_text(const RunView& view, Tense tense, Paint paint)
{
    const Widths widths = widths_of(view.entries);
    std::string text = head_line(view);
    for (const EntryLine& entry : view.entries)
        if (entry.decision != Decision::disabled) text += entry_text(entry, view, widths, tense, paint);
    for (const std::string& sentence : view.besides) text += "  " + wrapped(escape(sentence, Backslash::keep), 4, 2);
    return text + disabled_text(view.entries) + findings_text(findings_of_no_entry(view), paint);
}

}  // namespace mailstate

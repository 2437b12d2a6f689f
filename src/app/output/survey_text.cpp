// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/output/findings_text.hpp"
#include "app/output/paragraph.hpp"
#include "app/output/run_view.hpp"
#include "app/output/state_names.hpp"
#include "app/output/survey_output.hpp"
#include "base/escape.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t fact_column = 16;

std::string fact_row(std::string_view label, std::string_view text)
{
    const std::string_view shown = text.empty() ? "none" : text;
    return "  " + padded(label, fact_column - 2) + wrapped(shown, fact_column, fact_column);
}

std::string joined(const std::vector<std::string>& parts, std::string_view none)
{
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + printable(part);
    return text.empty() ? std::string(none) : text;
}

// "every id" where the map is the initial namespace's: one line, 0 0 4294967295 (user_namespaces(7)).
std::string map_text(const std::vector<IdRange>& ranges)
{
    std::string text;
    for (const IdRange& range : ranges) {
        if (range.inside == 0 && range.outside == 0 && range.count == 0xFFFFFFFFU) return "all IDs, identity-mapped";
        text += (text.empty() ? "" : ", ") + std::to_string(range.inside) + " is " + std::to_string(range.outside) +
                " outside (" + human_count(range.count, "id", "ids") + ")";
    }
    return text.empty() ? "unknown" : text;
}

std::string process_text(const ProcessFacts& process)
{
    return "Process\n" + fact_row("uid", std::to_string(static_cast<std::uint32_t>(process.uid))) +
           fact_row("container", process.container.empty() ? "none recognised" : printable(process.container)) +
           fact_row("capabilities", joined(capabilities_of(process), "none that mailstate needs")) +
           fact_row("lacks", joined(missing_capabilities_of(process), "nothing")) +
           fact_row("no_new_privs", process.no_new_privs ? "yes: SUID and SGID of programs have no effect" : "no") +
           fact_row("seccomp", process.refused_calls.empty() ? "refuses no call that mailstate needs"
                                                             : "refuses " + joined(process.refused_calls, "")) +
           fact_row("user ids", map_text(process.uid_map)) + fact_row("group ids", map_text(process.gid_map));
}

// A table of its own: capability, and what came of it.
std::string capability_rows(const Capabilities& capabilities, const Capabilities& inferred)
{
    std::string text;
    for (const AbilityRow& each : abilities) {
        const Tested result = tested(capabilities, each.ability), guess = tested(inferred, each.ability);
        const bool is_guess = result == Tested{} && guess != Tested{};
        text += "    " + padded(each.name, fact_column) +
                wrapped(text_of(result) + (is_guess ? "; by its type: " + text_of(guess) : ""), fact_column);
    }
    for (const auto& [fact, value] : facts_of(capabilities))
        text += "    " + padded(fact, fact_column) + wrapped(value, fact_column);
    return text;
}

std::string filesystem_rows(const VolumeSurvey& volume)
{
    const FilesystemFacts& facts = volume.filesystem;
    std::string type = printable(facts.type) + " (" + std::string(name_of(facts.kind)) + ")";
    if (facts.read_only) type += ", read-only";
    if (facts.nosuid) type += ", nosuid";
    std::string text = fact_row("mounted", volume.mounted ? "yes" : "no, it is on the root filesystem") +
                       fact_row("type", type) + fact_row("source", printable(facts.source)) +
                       fact_row("options", printable(facts.options)) +
                       fact_row("free", human_bytes(facts.free_bytes) + ", " +
                                            (facts.free_inodes == std::numeric_limits<std::uint64_t>::max()
                                                 ? "inodes are not counted"
                                                 : human_count(facts.free_inodes, "inode", "inodes")));
    text += fact_row("can", volume.tested_now               ? "as tested now"
                            : is_empty(volume.capabilities) ? "not tested (probe --write-test tests it)"
                                                            : "as tested by an earlier run");
    text += capability_rows(volume.capabilities, inferred_capabilities(facts));
    if (!volume.workspace_problem.empty())
        text += fact_row("workspace", escape(volume.workspace_problem, Backslash::keep));
    if (!volume.staging_leftovers.empty()) text += fact_row("leftovers", joined(volume.staging_leftovers, ""));
    return text;
}

std::string volume_text(const Survey& survey, const Layout& layout)
{
    std::string text = "\nVolume\n" + fact_row("path", printable(layout.state_dir));
    if (survey.volume.state != VolumeState::present) return text + fact_row("state", name_of(survey.volume.state));
    text += filesystem_rows(survey.volume);
    if (!survey.ledger) return text + fact_row("ledger", "none");
    return text + fact_row("ledger", "layout " + excerpt(survey.ledger->layout_name) + ", " +
                                         human_count(survey.ledger->entries.size(), "entry", "entries") +
                                         ", written by " + excerpt(survey.ledger->tool_version));
}

std::string mount_text(const MountSeen& mount)
{
    std::string text =
        "mount " + printable(mount.mount_point) + ": " + printable(mount.fs_type) + " " + printable(mount.source);
    if (!mount.subtree.empty() && mount.subtree != "/") text += ", subtree " + printable(mount.subtree);
    return std::string(6, ' ') + wrapped(text, 8, 6);
}

std::string origin_text(const EntrySurvey& seen)
{
    std::string text(name_of(seen.origin));
    if (!seen.link_text.empty()) text += " (" + excerpt(seen.link_text) + ")";
    if (!seen.other_kind.empty()) text += " (" + printable(seen.other_kind) + ")";
    if (seen.size)
        text += (seen.origin == OriginState::file ? std::string()
                                                  : " of " + human_count(seen.size->files, "file", "files")) +
                ", " + human_bytes(seen.size->bytes);
    return text;
}

std::string entry_text(const Entry& entry, const EntrySurvey& seen, std::size_t name_width)
{
    const std::string front = "  " + padded(printable(entry.name), name_width) + "  ";
    std::string sentence =
        printable(entry.origin) + ": " + origin_text(seen) + "; destination: " + std::string(name_of(seen.destination));
    if (seen.destination_mount) sentence += ", a mount point";
    if (!seen.in_use_by.empty()) sentence += "; in use by " + printable(seen.in_use_by);
    if (!seen.problem.empty()) sentence += "; " + escape(seen.problem, Backslash::keep);
    std::string text = front + wrapped(sentence, columns_of(front), columns_of(front));
    for (const MountSeen& mount : seen.mounts) text += mount_text(mount);
    if (!is_empty(seen.capabilities)) text += "      the destination can:\n" + capability_rows(seen.capabilities, {});
    return text;
}

std::string entries_text(const Survey& survey, const Layout& layout)
{
    std::size_t width = 0;
    for (const auto& [name, seen] : survey.entries) width = std::max(width, columns_of(printable(name)));
    std::string text = "\nEntries of " + printable(layout.name) + "\n";
    std::vector<std::string> disabled;
    for (const Entry& entry : layout.entries) {
        const auto seen = survey.entries.find(entry.name);
        if (seen != survey.entries.end())
            text += entry_text(entry, seen->second, width);
        else if (survey.gates.contains(entry.name))
            disabled.push_back(entry.name);
    }
    return disabled.empty() ? text : text + "  " + wrapped("disabled: " + joined(disabled, ""), 4, 2);
}

}  // namespace

std::string survey_text(const Survey& survey, const Layout& layout, Paint paint)
{
    std::string text = process_text(survey.process) + volume_text(survey, layout) + entries_text(survey, layout);
    if (!survey.findings.empty()) text += "\n" + findings_text(by_severity(survey.findings), paint);
    return text;
}

}  // namespace mailstate

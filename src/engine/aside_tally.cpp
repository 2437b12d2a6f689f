// SPDX-License-Identifier: MIT
#include "engine/aside_tally.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr std::size_t paths_kept = 5;  // of the examples, and of what is set aside again and again

std::string joined(const std::vector<std::string>& texts)
{
    std::string text;
    for (const std::string& each : texts) text += (text.empty() ? "" : ", ") + each;
    return text;
}

// ": a, b …"
std::string list_of(const std::vector<std::string>& paths, std::uint64_t of)
{
    std::vector<std::string> shown;
    for (const std::string& path : paths)
        if (!path.empty()) shown.push_back(printable(path));
    if (shown.empty()) return {};
    return ": " + joined(shown) + (of > paths.size() ? " …" : "");
}

// The pattern of this path, as a string of a layout. A byte that no JSON holds, or that nobody could type, is any byte.
std::string glob_of(const std::string& path)
{
    if (path.empty()) return "\".\"";
    std::string glob = "\"";
    for (const char c : path) {
        if (c == '"')
            glob += "\\\"";
        else if (std::string_view("*?[]{}\\,").find(c) != std::string_view::npos)
            glob += std::string("\\\\") + (c == '\\' ? "\\\\" : std::string(1, c));
        else
            glob += c < ' ' || c > '~' ? '?' : c;
    }
    return glob + '"';
}

// How many of the trees that were set aside have this name, whatever it holds there.
Result<std::size_t> times_set_aside(const Reader& reader, const Place& place, const Survivors& at)
{
    std::size_t times = 0;
    for (const DirectoryRef& tree : at.aside)
        if (TRY(find(reader, {tree, place.name}))) ++times;
    return times;
}

}  // namespace

Result<> AsideTally::add(const Reader& reader, const Place& place, const std::string& relative, const Survivors& at)
{
    const bool may_repeat = place.attributes.kind != Kind::directory && at.aside.size() >= times_without_a_word;
    const bool repeats = may_repeat && TRY(times_set_aside(reader, place, at)) >= times_without_a_word;
    const std::lock_guard lock(mutex_);
    ++totals_.names;
    if (place.attributes.kind == Kind::regular) totals_.bytes += place.attributes.size;
    if (totals_.examples.size() < paths_kept) totals_.examples.push_back(relative);
    if (!repeats) return {};
    ++totals_.repeated;
    if (totals_.repeats.size() < paths_kept) totals_.repeats.push_back(relative);
    return {};
}

AsideTotals AsideTally::totals() const
{
    const std::lock_guard lock(mutex_);
    AsideTotals totals = totals_;
    std::ranges::sort(totals.examples);  // several threads come upon them in any order
    std::ranges::sort(totals.repeats);
    return totals;
}

std::string describe(const AsideTotals& totals)
{
    std::string text = human_count(totals.names, "name", "names") + " (" + human_bytes(totals.bytes) + ")";
    return text + list_of(totals.examples, totals.names);
}

Finding repeats_finding(const std::string& entry, const AsideTotals& totals)
{
    std::vector<std::string> globs;
    for (const std::string& path : totals.repeats) globs.push_back(glob_of(path));
    return make_finding("displaced.repeats", entry,
                        human_count(totals.repeated, "name was", "names were") + " set aside more than " +
                            std::to_string(times_without_a_word) + " times, each time with different content" +
                            list_of(totals.repeats, totals.repeated),
                        joined(globs), entry);
}

}  // namespace mailstate

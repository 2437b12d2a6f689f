// SPDX-License-Identifier: MIT
#include "engine/staging_name.hpp"

#include <algorithm>
#include <array>

namespace mailstate {

namespace {

constexpr std::size_t run_digits = 16;

bool is_digits(std::string_view text)
{
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Takes the last ".<16 digits>" off; empty where the name has none.
std::string take_run(std::string_view& name)
{
    if (name.size() <= run_digits || name[name.size() - run_digits - 1] != '.') return {};
    const std::string_view run = name.substr(name.size() - run_digits);
    if (!is_digits(run)) return {};
    name.remove_suffix(run_digits + 1);
    return std::string(run);
}

// Writer::replace_file's own: ".<name>.new".
bool is_being_written(std::string_view name)
{
    return name.starts_with('.') && name.ends_with(".new");
}

// "20261121T020635Z-redis": of what was set aside, a copy that is restored, or what a person asked to remove.
bool is_of_displaced(std::string_view what)
{
    constexpr std::string_view pattern = "dddddddd.dddddd.-";
    if (what.size() < pattern.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool is_digit = what[i] >= '0' && what[i] <= '9';
        if (pattern[i] == 'd' && !is_digit) return false;
        if (pattern[i] == '-' && what[i] != '-') return false;
    }
    return what[8] == 'T' && what[15] == 'Z';
}

}  // namespace

bool is_staging_name(std::string_view name)
{
    constexpr std::string_view being_written = ".new";
    if (is_being_written(name)) name.remove_suffix(being_written.size());
    return !take_run(name).empty();
}

std::optional<StagingName> parse_staging_name(std::string_view name)
{
    std::string run = take_run(name);
    if (run.empty()) return std::nullopt;
    const std::string before = take_run(name);
    return StagingName{std::string(name), before.empty() ? run : before};
}

bool is_scratch(std::string_view name)
{
    constexpr std::array<std::string_view, 4> scratch{"probe", "parent", "rehearsal", "ledger"};
    const std::optional<StagingName> parsed = parse_staging_name(name);
    return parsed && std::ranges::find(scratch, parsed->what) != scratch.end();
}

bool holds_no_content(std::string_view name)
{
    if (is_being_written(name)) return true;
    const std::optional<StagingName> parsed = parse_staging_name(name);
    if (!parsed) return false;
    const std::string_view what = parsed->what;
    return is_scratch(name) || what.starts_with(".origin.") || what.starts_with(".mailstate-") ||
           what.starts_with("mode-") || what.ends_with("-manifest") || is_of_displaced(what);
}

Result<std::vector<std::string>> staging_names(const Reader& reader, const DirectoryRef& at, std::string_view prefix)
{
    std::vector<std::string> names;
    TRY(each_name(reader, at, [&](const std::string& name) -> Result<> {
        if (name.starts_with(prefix) && is_staging_name(name)) names.push_back(name);
        return {};
    }));
    return names;
}

const Entry* entry_of_staging(const Layout& layout, const std::string& what)
{
    constexpr std::array<std::string_view, 5> endings{"", "-displaced", "-taken", "-empty", "-claimed"};
    for (const Entry& entry : layout.entries)
        for (const std::string_view ending : endings)
            if (what == entry.name + std::string(ending)) return &entry;
    return nullptr;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/displaced_name.hpp"

#include <algorithm>
#include <cctype>

#include "engine/digits.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::string_view stamp_form = "00000000T000000Z-";  // 0: any digit
constexpr std::string_view manifest_ending = ".json";
constexpr std::size_t digits_of_run = 16;
constexpr std::size_t manifest_beginning = 64U << 10U;  // bytes: all of ours, and the head of an older version's

bool is_run(std::string_view text)
{
    return text.size() == digits_of_run && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_number(std::string_view text)
{
    return parse_decimal(text).has_value();
}

// "redis" of "redis.2" where what is behind the last dot is what is looked for.
void drop_ending(std::string& entry, bool (*is_ending)(std::string_view))
{
    const std::size_t dot = entry.rfind('.');
    if (dot != std::string::npos && dot > 0 && is_ending(std::string_view(entry).substr(dot + 1))) entry.resize(dot);
}

Result<bool> is_taken(const Reader& reader, const Name& item)
{
    if (TRY(find(reader, item))) return true;
    return TRY(find(reader, {item.at, manifest_of(item.name)})).has_value();
}

}  // namespace

bool is_displaced_name(std::string_view name)
{
    if (name.size() <= stamp_form.size() || name.find('/') != std::string_view::npos) return false;
    const auto fits = [](char found, char form) {
        return form == '0' ? std::isdigit(static_cast<unsigned char>(found)) != 0 : found == form;
    };
    return std::equal(stamp_form.begin(), stamp_form.end(), name.begin(),
                      [&](char form, char found) { return fits(found, form); });
}

std::string created_of_displaced(const std::string& id)
{
    return id.substr(0, 4) + "-" + id.substr(4, 2) + "-" + id.substr(6, 2) + "T" + id.substr(9, 2) + ":" +
           id.substr(11, 2) + ":" + id.substr(13, 3);
}

std::string entry_in_displaced(const std::string& id)
{
    std::string entry = id.substr(stamp_form.size());
    drop_ending(entry, is_run);
    drop_ending(entry, is_number);
    return entry;
}

Result<std::string> free_displaced_name(const Reader& reader, const DirectoryRef& displaced, const std::string& entry,
                                        const std::string& run)
{
    const std::string stamp = name_stamp();
    for (int i = 1;; ++i) {
        std::string name = stamp + "-" + entry + (i == 1 ? "." : "." + std::to_string(i) + ".") + run;
        if (!TRY(is_taken(reader, {displaced, name}))) return name;
    }
}

std::string manifest_of(const std::string& id)
{
    return id + std::string(manifest_ending);
}

std::string id_of_manifest(std::string_view name)
{
    if (!name.ends_with(manifest_ending)) return {};
    name.remove_suffix(manifest_ending.size());
    return is_displaced_name(name) ? std::string(name) : std::string();
}

Result<Manifest> read_manifest(const Reader& reader, const DirectoryRef& displaced, const std::string& id)
{
    const std::string file = manifest_of(id);
    return parse_manifest(file, TRY(reader.read_beginning({displaced, file}, manifest_beginning)));
}

std::string entry_of_displaced(const Reader& reader, const DirectoryRef& displaced, const std::string& id)
{
    const Result<Manifest> manifest = read_manifest(reader, displaced, id);
    return manifest ? manifest->entry : entry_in_displaced(id);
}

}  // namespace mailstate

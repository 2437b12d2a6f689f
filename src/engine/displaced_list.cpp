// SPDX-License-Identifier: MIT
#include "engine/displaced_list.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "engine/displace.hpp"
#include "engine/measure.hpp"
#include "mailstate/manifest.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr std::string_view stamp_form = "00000000T000000Z-";  // 0: any digit
constexpr std::string_view manifest_ending = ".json";

std::string created_of(const std::string& id)
{
    return id.substr(0, 4) + "-" + id.substr(4, 2) + "-" + id.substr(6, 2) + "T" + id.substr(9, 2) + ":" +
           id.substr(11, 2) + ":" + id.substr(13, 3);
}

// "redis" of "20261121T020635Z-redis.2".
std::string entry_of(const std::string& id)
{
    std::string entry = id.substr(stamp_form.size());
    const std::size_t dot = entry.rfind('.');
    if (dot != std::string::npos && dot > 0 && parse_decimal(std::string_view(entry).substr(dot + 1)))
        entry.resize(dot);
    return entry;
}

class Lister {
public:
    Lister(const World& world, DirectoryRef at, std::vector<Finding>& findings)
        : world_(world), at_(std::move(at)), findings_(findings)
    {
    }

    Result<std::vector<DisplacedItem>> run()
    {
        TRY(list_names());
        std::vector<DisplacedItem> items;
        for (const std::string& name : names_) {
            const std::optional<DisplacedItem> item = TRY(look(name));
            if (item) items.push_back(*item);
        }
        return items;
    }

private:
    Result<> list_names()
    {
        TRY(each_name(world_.reader, at_, [&](const std::string& name) -> Result<> {
            names_.push_back(name);
            return {};
        }));
        std::ranges::sort(names_);
        return {};
    }

    [[nodiscard]] bool is_there(const std::string& name) const { return std::ranges::binary_search(names_, name); }

    // Nothing where it is no item: then it is a manifest, or a finding.
    Result<std::optional<DisplacedItem>> look(const std::string& name)
    {
        if (name.ends_with(manifest_ending)) {
            const std::string id = name.substr(0, name.size() - manifest_ending.size());
            if (is_displaced_name(id) && !is_there(id))
                say(Severity::note, "displaced.no-content", name, "is a manifest whose content is gone",
                    "What it lists counts as set aside. Remove it, if that is not what was meant.");
            if (is_displaced_name(id)) return std::optional<DisplacedItem>();
        }
        const std::optional<Attributes> seen = TRY(find(world_.reader, at_, name));
        if (!seen) return std::optional<DisplacedItem>();  // gone meanwhile
        if (!is_displaced_name(name) || (seen->kind != Kind::directory && seen->kind != Kind::regular)) {
            say(Severity::warning, "displaced.foreign", name,
                "is a " + std::string(name_of(seen->kind)) + " that mailstate has not made; it is passed over",
                "Look at what it is, and remove it.");
            return std::optional<DisplacedItem>();
        }
        return describe_item(name, *seen);
    }

    Result<std::optional<DisplacedItem>> describe_item(const std::string& name, const Attributes& seen)
    {
        DisplacedItem item;
        item.id = name;
        item.kind = seen.kind;
        item.created = created_of(name);
        item.path = world_.layout.state_dir + "/" + workspace_name + "/displaced/" + name;
        item.has_manifest = is_there(name + std::string(manifest_ending));
        item.whole = !item.has_manifest;
        item.entry = item.has_manifest ? entry_by_manifest(name) : entry_of(name);
        const Result<TreeSize> size = measure(name, seen);
        if (!size && size.error().number == ECANCELED) return fail(size.error());
        if (size)
            item.size = *size;
        else
            say(Severity::warning, "displaced.unreadable", name, describe(size.error()), size.error().hint);
        return std::optional(std::move(item));
    }

    std::string entry_by_manifest(const std::string& name)
    {
        const std::string file = name + std::string(manifest_ending);
        const Result<std::string> text = world_.reader.read_file(at_, file, manifest_limit);
        const Result<Manifest> manifest = text ? parse_manifest(file, *text) : Result<Manifest>(fail(text.error()));
        if (manifest) return manifest->entry;
        say(Severity::warning, "displaced.bad-manifest", file, describe(manifest.error()),
            "The content beside it is as it was. What the manifest listed may be set aside once more.");
        return entry_of(name);
    }

    Result<TreeSize> measure(const std::string& name, const Attributes& seen)
    {
        if (seen.kind == Kind::regular) return measure_file(seen);
        return measure_tree(world_, TRY(world_.reader.open_directory(at_, name, Cross::no)), Cross::no);
    }

    void say(Severity severity, std::string code, std::string subject, std::string message, std::string hint)
    {
        findings_.push_back({severity, std::move(code), std::move(subject), std::move(message), std::move(hint)});
    }

    const World& world_;
    DirectoryRef at_;
    std::vector<Finding>& findings_;
    std::vector<std::string> names_;  // sorted
};

bool says_that_there_is_none(const Error& error)
{
    return error.number == ENOENT;
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

Result<DirectoryRef> find_displaced(const World& world)
{
    const Result<DirectoryRef> volume = world.reader.open(world.layout.state_dir);
    if (!volume && says_that_there_is_none(volume.error())) return DirectoryRef();
    Result<DirectoryRef> displaced =
        open_below(world.reader, TRY(volume), std::string(workspace_name) + "/" + displaced_name);
    if (!displaced && says_that_there_is_none(displaced.error())) return DirectoryRef();
    return displaced;
}

Result<std::vector<std::string>> displaced_leftovers(const World& world)
{
    std::vector<std::string> ours;
    const Result<DirectoryRef> volume = world.reader.open(world.layout.state_dir);
    if (!volume) return ours;
    const Result<DirectoryRef> staging =
        open_below(world.reader, *volume, std::string(workspace_name) + "/" + staging_directory);
    if (!staging) return ours;
    TRY(each_name(world.reader, *staging, [&](const std::string& name) -> Result<> {
        if (is_displaced_name(name) && is_staging_name(name)) ours.push_back(name);
        return {};
    }));
    return ours;
}

Result<std::vector<DisplacedItem>> list_displaced(const World& world, std::vector<Finding>& findings)
{
    const DirectoryRef displaced = TRY(find_displaced(world));
    if (!displaced) return std::vector<DisplacedItem>();
    return Lister(world, displaced, findings).run();
}

std::string why_displaced(const DisplacedItem& item)
{
    return item.whole ? "what the destination held before" : "what only the origin had, or had newer";
}

std::optional<DisplacedItem> item_named(const std::vector<DisplacedItem>& items, const std::string& id,
                                        std::vector<Finding>& findings)
{
    const auto found = std::ranges::find(items, id, &DisplacedItem::id);
    if (found != items.end()) return *found;
    findings.push_back({Severity::error, "displaced.unknown", id, "nothing of that name was set aside",
                        "See 'mailstate displaced list'."});
    return std::nullopt;
}

void block(DisplacedReport& report, std::string code, std::string subject, std::string message, std::string hint)
{
    report.run.outcome = Outcome::blocked;
    report.run.findings.push_back(
        {Severity::error, std::move(code), std::move(subject), std::move(message), std::move(hint)});
}

}  // namespace mailstate

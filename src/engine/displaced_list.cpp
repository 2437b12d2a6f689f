// SPDX-License-Identifier: MIT
#include "engine/displaced_list.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/displaced_name.hpp"
#include "engine/measure.hpp"
#include "engine/origin.hpp"
#include "engine/remove_tree.hpp"
#include "engine/workspace.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

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
        names_ = TRY(all_names(world_.reader, at_));
        std::ranges::sort(names_);
        return {};
    }

    [[nodiscard]] bool is_there(const std::string& name) const { return std::ranges::binary_search(names_, name); }

    // Nothing where it is no item: then it is a manifest, or a finding.
    Result<std::optional<DisplacedItem>> look(const std::string& name)
    {
        if (const std::string id = id_of_manifest(name); !id.empty()) {
            if (!is_there(id)) say(make_finding("displaced.no-content", name, "is a manifest whose content is gone"));
            return std::optional<DisplacedItem>();
        }
        const std::optional<Attributes> seen = TRY(find(world_.reader, {at_, name}));
        if (!seen) return std::optional<DisplacedItem>();  // gone meanwhile
        if (!is_displaced_name(name) || (seen->kind != Kind::directory && seen->kind != Kind::regular)) {
            say(make_finding(
                "displaced.foreign", name,
                "is a " + std::string(name_of(seen->kind)) + " that mailstate did not create; it is skipped"));
            return std::optional<DisplacedItem>();
        }
        return describe_item(name, *seen);
    }

    Result<std::optional<DisplacedItem>> describe_item(const std::string& name, const Attributes& seen)
    {
        DisplacedItem item;
        item.id = name;
        item.kind = seen.kind;
        item.created = created_of_displaced(name);
        item.path = world_.layout.state_dir + "/" + workspace_name + "/displaced/" + name;
        item.has_manifest = is_there(manifest_of(name));
        item.whole = !item.has_manifest;
        item.entry = item.has_manifest ? entry_by_manifest(name) : entry_in_displaced(name);
        const Result<TreeSize> size = measure(name, seen);
        if (!size && size.error().number == ECANCELED) return fail(size.error());
        if (size)
            item.size = *size;
        else
            say(make_finding("displaced.unreadable", name, size.error()));
        return std::optional(std::move(item));
    }

    std::string entry_by_manifest(const std::string& name)
    {
        const Result<Manifest> manifest = read_manifest(world_.reader, at_, name);
        if (manifest) return manifest->entry;
        say(make_finding("displaced.bad-manifest", manifest_of(name), describe(manifest.error())));
        return entry_in_displaced(name);
    }

    Result<TreeSize> measure(const std::string& name, const Attributes& seen)
    {
        if (seen.kind == Kind::regular) return measure_file(seen);
        return measure_tree(world_, TRY(world_.reader.open_directory({at_, name}, Cross::no)));
    }

    void say(Finding finding) { findings_.push_back(std::move(finding)); }

    const World& world_;
    DirectoryRef at_;
    std::vector<Finding>& findings_;
    std::vector<std::string> names_;  // sorted
};

}  // namespace

Result<> remove_displaced(const World& world, Writer& writer, const Workspace& workspace, const std::string& id,
                          const Proof& proof)
{
    TRY(check_no_mounts(world.reader, {workspace.displaced(), id}));
    const std::string manifest = manifest_of(id), list = workspace.staging_name(manifest);
    const std::string tree = workspace.staging_name(id);
    if (TRY(find(world.reader, {workspace.displaced(), manifest})))
        TRY(writer.rename({workspace.displaced(), manifest}, {workspace.staging(), list}, Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    TRY(writer.rename({workspace.displaced(), id}, {workspace.staging(), tree}, Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    TRY(remove_tree(world, writer, {workspace.staging(), list}, proof));
    return remove_tree(world, writer, {workspace.staging(), tree}, proof);
}

Result<DirectoryRef> find_displaced(const World& world)
{
    const Result<DirectoryRef> volume = world.reader.open(world.layout.state_dir);
    if (!volume && volume.error().number == ENOENT) return DirectoryRef();
    Result<DirectoryRef> displaced =
        open_below(world.reader, TRY(volume), std::string(workspace_name) + "/" + displaced_name);
    if (!displaced && displaced.error().number == ENOENT) return DirectoryRef();
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
        const bool is_ours = is_displaced_name(name) || name.starts_with("ledger.");  // that of a run that was killed
        if (is_ours && is_staging_name(name)) ours.push_back(name);
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
    return item.whole ? "the destination's earlier content"
                      : "content that the destination lacked or had in a different version";
}

std::optional<DisplacedItem> item_named(const std::vector<DisplacedItem>& items, const std::string& id,
                                        std::vector<Finding>& findings)
{
    const auto found = std::ranges::find(items, id, &DisplacedItem::id);
    if (found != items.end()) return *found;
    findings.push_back(make_finding("displaced.unknown", id, "no displaced item has that name"));
    return std::nullopt;
}

void block(Report& report, Finding why)
{
    report.outcome = Outcome::blocked;
    report.findings.push_back(std::move(why));
}

}  // namespace mailstate

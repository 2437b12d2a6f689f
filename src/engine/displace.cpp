// SPDX-License-Identifier: MIT
#include "engine/displace.hpp"

#include <algorithm>

#include "engine/copy_tree.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/manifest.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t examples_kept = 5;

// A directory of the displaced tree, made only when something goes into it.
class LazyDirectory {
public:
    explicit LazyDirectory(DirectoryRef opened) : opened_(std::move(opened)) {}
    LazyDirectory(std::shared_ptr<LazyDirectory> parent, std::string name)
        : parent_(std::move(parent)), name_(std::move(name))
    {
    }
    Result<DirectoryRef> get(Writer& writer)
    {
        if (!opened_) opened_ = TRY(writer.make_directory(TRY(parent_->get(writer)), name_, Mode{0700}));
        return opened_;
    }
    [[nodiscard]] const DirectoryRef& opened() const { return opened_; }

private:
    std::shared_ptr<LazyDirectory> parent_;
    std::string name_;
    DirectoryRef opened_;
};

struct Side {
    DirectoryRef kept;
    std::shared_ptr<LazyDirectory> to;
    Attributes seen;
};

// Walks with one thread: the displaced tree is made as it goes, and there is little to copy in nearly every case.
class Displacer final : public TreeVisitor<Side> {
public:
    Displacer(const World& world, Writer& writer, const Judge& judge, Durable durable)
        : world_(world), writer_(writer), judge_(judge), durable_(durable)
    {
    }

    Result<Descend> visit(const Place& place, Side& side) override
    {
        const Fate fate = TRY(judge_.fate(place, side.kept));
        if (fate == Fate::set_aside) TRY(set_aside(place, side));
        return Descend::yes;
    }

    Result<Side> enter(const Place& place, const Side& parent, const DirectoryRef& opened) override
    {
        Side side{nullptr, std::make_shared<LazyDirectory>(parent.to, place.name),
                  TRY(world_.reader.attributes(opened))};
        if (const auto made = made_.find(place.relative()); made != made_.end()) {
            side.to = std::make_shared<LazyDirectory>(made->second);
            made_.erase(made);
        }
        side.kept = TRY(counterpart(world_.reader, parent.kept, place.name));
        return side;
    }

    Result<> leave(const DirectoryRef& directory, Side& side) override
    {
        if (side.to->opened()) TRY(writer_.copy_attributes(directory, side.seen, side.to->opened()));
        return {};
    }

    Manifest manifest;

private:
    Result<> set_aside(const Place& place, Side& side)
    {
        const DirectoryRef to = TRY(side.to->get(writer_));
        if (place.attributes.kind == Kind::directory)
            made_[place.relative()] = TRY(writer_.make_directory(to, place.name, Mode{0700}));
        else
            (void)TRY(copy_item(world_, writer_, place, to, place.name, durable_));
        manifest.items.push_back({place.relative(), place.attributes.kind, TRY(digest_of_copy(to, place.name))});
        return {};
    }

    // Of what was kept: the origin may have changed since, and then it must not count as set aside.
    Result<std::string> digest_of_copy(const DirectoryRef& to, const std::string& name)
    {
        const Attributes copy = TRY(world_.reader.attributes(to, name));
        return judge_.digest({to, name, copy, 0});
    }

    const World& world_;
    Writer& writer_;
    const Judge& judge_;
    Durable durable_;
    std::map<std::string, DirectoryRef> made_;  // directories set aside in their own right, until they are entered
};

// The tree first, then its manifest: a manifest without its tree would let content go that was never kept. Both are
// whole and synced before the first is renamed: a volume that is too full for a manifest must not get another tree on
// each start.
Result<Displaced> publish(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                          const std::string& staged, Manifest manifest, SetAside& set_aside)
{
    Displaced displaced;
    if (manifest.items.empty()) {
        TRY(writer.remove_directory(workspace.staging(), staged, Removal::empty_directory()));
        return displaced;
    }
    displaced.files = manifest.items.size();
    displaced.name = TRY(free_displaced_name(world, workspace, entry.name));
    manifest.entry = entry.name;
    manifest.origin = entry.origin;
    manifest.created = utc_now();
    const std::string list = workspace.staging_name(entry.name + "-manifest");
    TRY(writer.make_file(workspace.staging(), list, to_json_text(manifest), Mode{0600}));
    TRY(writer.sync_filesystem(workspace.volume()));
    TRY(writer.rename(workspace.staging(), staged, workspace.displaced(), displaced.name, Replace::no));
    // Never taken back where this fails: on a network filesystem a rename may be done all the same. The next run then
    // sets the same aside once more.
    TRY(writer.rename(workspace.staging(), list, workspace.displaced(), displaced.name + ".json", Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    change_of(workspace.ledger, entry.name).displaced.push_back(displaced.name);
    for (const ManifestItem& item : manifest.items) {
        set_aside.insert(set_aside_key(item.path, item.kind, item.digest));
        if (displaced.examples.size() < examples_kept) displaced.examples.push_back(item.path);
    }
    return displaced;
}

}  // namespace

Result<std::string> free_displaced_name(const World& world, const Workspace& workspace, const std::string& entry)
{
    std::string stamp = utc_now();
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    const std::string base = stamp + "-" + entry;
    for (int i = 1;; ++i) {
        std::string name = i == 1 ? base : base + "." + std::to_string(i);
        const bool tree = TRY(find(world.reader, workspace.displaced(), name)).has_value();
        const bool manifest = TRY(find(world.reader, workspace.displaced(), name + ".json")).has_value();
        if (!tree && !manifest) return name;
    }
}

Result<SetAside> read_set_aside(const World& world, const Workspace& workspace, const std::string& entry)
{
    SetAside set_aside;
    TRY(each_name(world.reader, workspace.displaced(), [&](const std::string& name) -> Result<> {
        if (!name.ends_with(".json")) return {};
        const Result<std::string> text = world.reader.read_file(workspace.displaced(), name, manifest_limit);
        if (!text) return {};
        const Result<Manifest> manifest = parse_manifest(name, *text);
        if (!manifest || manifest->entry != entry) return {};
        for (const ManifestItem& item : manifest->items)
            set_aside.insert(set_aside_key(item.path, item.kind, item.digest));
        return {};
    }));
    return set_aside;
}

Result<Displaced> displace_tree(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const DirectoryRef& from, const DirectoryRef& kept, const Judge& judge,
                                SetAside& set_aside)
{
    const std::string staged = workspace.staging_name(entry.name + "-displaced");
    const DirectoryRef to = TRY(writer.make_directory(workspace.staging(), staged, Mode{0700}));
    Displacer displacer(world, writer, judge, workspace.durable());
    Side side{kept, std::make_shared<LazyDirectory>(to), TRY(world.reader.attributes(from))};
    Result<> walked = walk(world.reader, from, std::move(side), displacer, {1, Cross::no, &world.stop});
    Result<Displaced> published = walked
                                      ? publish(world, writer, workspace, entry, staged, displacer.manifest, set_aside)
                                      : Result<Displaced>(std::move(walked).failure());
    if (!published) (void)remove_own(world, writer, workspace.staging(), staged);  // else the next run removes it
    return published;
}

Result<Displaced> displace_file(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const Place& from, const DirectoryRef& kept_at, const std::string& kept_name,
                                const Judge& judge, SetAside& set_aside)
{
    if (TRY(judge.fate_of_file(from, kept_at, kept_name)) == Fate::drop) return Displaced{};
    const std::string staged = workspace.staging_name(entry.name + "-displaced");
    const DirectoryRef to = TRY(writer.make_directory(workspace.staging(), staged, Mode{0700}));
    (void)TRY(copy_item(world, writer, from, to, from.name, workspace.durable()));
    Manifest manifest;
    const Attributes copy = TRY(world.reader.attributes(to, from.name));
    manifest.items.push_back({"", from.attributes.kind, TRY(judge.digest({to, from.name, copy, 0}))});
    return publish(world, writer, workspace, entry, staged, std::move(manifest), set_aside);
}

Result<std::string> displace_whole(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                   const DirectoryRef& at, const std::string& name)
{
    std::string to = TRY(free_displaced_name(world, workspace, entry.name));
    TRY(writer.rename(at, name, workspace.displaced(), to, Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    change_of(workspace.ledger, entry.name).displaced.push_back(to);
    return to;
}

}  // namespace mailstate

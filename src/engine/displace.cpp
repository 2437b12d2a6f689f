// SPDX-License-Identifier: MIT
#include "engine/displace.hpp"

#include <cerrno>

#include "engine/aside_tally.hpp"
#include "engine/copy_tree.hpp"
#include "engine/displaced_name.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// A directory of the displaced tree, made only when something goes into it. From any thread.
class LazyDirectory {
public:
    explicit LazyDirectory(DirectoryRef opened) : opened_(std::move(opened)) {}
    LazyDirectory(std::shared_ptr<LazyDirectory> parent, std::string name)
        : parent_(std::move(parent)), name_(std::move(name))
    {
    }

    Result<DirectoryRef> get(const Reader& reader, Writer& writer)
    {
        const std::lock_guard lock(mutex_);
        if (!opened_) opened_ = TRY(make_or_open(reader, writer, TRY(parent_->get(reader, writer))));
        return opened_;
    }

    [[nodiscard]] DirectoryRef opened() const
    {
        const std::lock_guard lock(mutex_);
        return opened_;
    }

private:
    // It is there where the directory itself was set aside, before anything in it was looked at.
    Result<DirectoryRef> make_or_open(const Reader& reader, Writer& writer, const DirectoryRef& at)
    {
        Result<DirectoryRef> made = writer.make_directory({at, name_}, Mode{0700});
        if (made || made.error().number != EEXIST) return made;
        return reader.open_directory({at, name_}, Cross::no);
    }

    mutable std::mutex mutex_;
    std::shared_ptr<LazyDirectory> parent_;
    std::string name_;
    DirectoryRef opened_;
};

struct Side {
    Survivors at;
    std::shared_ptr<LazyDirectory> to;
    DirectoryRef from;
    Attributes seen;  // of it, before anything in it was read
};

class Displacer final : public TreeVisitor<Side> {
public:
    Displacer(const World& world, Writer& writer, const Judge& judge, Durable durable)
        : world_(world), writer_(writer), judge_(judge), durable_(durable)
    {
    }

    Result<Descend> visit(const Place& place, Side& side) override
    {
        if (TRY(judge_.fate(place, side.at)) == Fate::set_aside) TRY(set_aside(place, side));
        return Descend::yes;
    }

    Result<Side> enter(const Place& place, const Side& parent, const DirectoryRef& opened) override
    {
        const Attributes seen = TRY(world_.reader.attributes(opened));
        Survivors survivors = TRY(survivors_below(world_.reader, parent.at, place.name));
        Side side{std::move(survivors), std::make_shared<LazyDirectory>(parent.to, place.name), opened, seen};
        const DirectoryRef above = parent.to->opened();
        const bool was_set_aside = above && TRY(find(world_.reader, {above, place.name}));
        if (was_set_aside) (void)TRY(side.to->get(world_.reader, writer_));
        return side;
    }

    // Now that nothing more is made in it.
    Result<> complete(Side& side) override
    {
        if (const DirectoryRef to = side.to->opened()) {
            TRY(writer_.copy_attributes(side.from, side.seen, to));
            if (durable_ == Durable::yes) TRY(writer_.sync_directory(to));
        }
        side = Side{};  // the descriptors
        return {};
    }

    [[nodiscard]] AsideTotals totals() const { return tally_.totals(); }

private:
    Result<> set_aside(const Place& place, const Side& side)
    {
        const DirectoryRef to = TRY(side.to->get(world_.reader, writer_));
        if (place.attributes.kind == Kind::directory)
            (void)TRY(writer_.make_directory({to, place.name}, Mode{0700}));
        else
            (void)TRY(copy_item(world_, writer_, place, {to, place.name}, durable_));
        return tally_.add(world_.reader, place, place.relative(), side.at);
    }

    const World& world_;
    Writer& writer_;
    const Judge& judge_;
    Durable durable_;
    AsideTally tally_;
};

// The tree first, then its manifest, by which it is known as what an origin had. Both are whole and synced before the
// first is renamed: a volume that is too full for a manifest must not get another tree on each start.
Result<Displaced> publish(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                          const std::string& staged, AsideTotals totals, SetAside& set_aside)
{
    Displaced displaced;
    if (totals.names == 0) return displaced;
    displaced.name = TRY(free_displaced_name(world.reader, workspace.displaced(), entry.name, workspace.run()));
    const Manifest manifest{entry.name, entry.origin, utc_now(), totals.names, totals.bytes};
    const std::string list = workspace.staging_name(entry.name + "-manifest");
    TRY(writer.make_file({workspace.staging(), list}, to_json_text(manifest), Mode{0600}));
    TRY(writer.sync_filesystem(workspace.volume()));
    TRY(writer.rename({workspace.staging(), staged}, {workspace.displaced(), displaced.name}, Replace::no));
    // Never taken back where this fails: on a network filesystem a rename may be done all the same. The next run then
    // sets the same aside once more.
    TRY(writer.rename({workspace.staging(), list}, {workspace.displaced(), manifest_of(displaced.name)}, Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    change_of(workspace.ledger, entry.name).displaced.push_back(displaced.name);
    displaced.totals = std::move(totals);
    set_aside.add(TRY(world.reader.open_directory({workspace.displaced(), displaced.name}, Cross::no)));
    return displaced;
}

}  // namespace

Result<Displaced> displace_tree(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const DirectoryRef& from, const DirectoryRef& kept, const Judge& judge,
                                SetAside& set_aside)
{
    const std::string staged = workspace.staging_name(entry.name + "-displaced");
    // A volume that is full has no room for a directory that nothing goes into.
    const auto to = std::make_shared<LazyDirectory>(std::make_shared<LazyDirectory>(workspace.staging()), staged);
    Displacer displacer(world, writer, judge, workspace.durable());
    const Attributes seen = TRY(world.reader.attributes(from));
    Side side{judge.survivors(kept), to, from, seen};
    Result<> walked = walk(world.reader, from, std::move(side), displacer, {world.jobs, Cross::no, &world.stop});
    Result<Displaced> published = walked
                                      ? publish(world, writer, workspace, entry, staged, displacer.totals(), set_aside)
                                      : Result<Displaced>(std::move(walked).failure());
    if (!published) (void)remove_own(world, writer, {workspace.staging(), staged});  // else the next run removes it
    return published;
}

Result<Displaced> displace_file(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const Place& from, const Name& kept, const Judge& judge, SetAside& set_aside)
{
    const Survivors at = judge.survivors(kept.at);
    if (TRY(judge.fate_of_file(from, at, kept.name)) == Fate::drop) return Displaced{};
    const std::string staged = workspace.staging_name(entry.name + "-displaced");
    const DirectoryRef to = TRY(writer.make_directory({workspace.staging(), staged}, Mode{0700}));
    (void)TRY(copy_item(world, writer, from, {to, from.name}, workspace.durable()));
    AsideTally tally;
    TRY(tally.add(world.reader, from, "", at));
    return publish(world, writer, workspace, entry, staged, tally.totals(), set_aside);
}

Result<std::string> displace_whole(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                   const Name& item)
{
    std::string to = TRY(free_displaced_name(world.reader, workspace.displaced(), entry.name, workspace.run()));
    TRY(writer.rename(item, {workspace.displaced(), to}, Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    change_of(workspace.ledger, entry.name).displaced.push_back(to);
    return to;
}

}  // namespace mailstate

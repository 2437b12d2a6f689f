// SPDX-License-Identifier: MIT
#include "engine/copy_tree.hpp"

#include <cerrno>

#include "engine/hard_links.hpp"
#include "engine/remove_tree.hpp"
#include "engine/whole_copy.hpp"
#include "engine/workspace.hpp"
#include "mailstate/fs/durability.hpp"

namespace mailstate {

namespace {

constexpr std::size_t sockets_listed = 100;

struct Pair {
    DirectoryRef to;
    Attributes seen;         // the source directory's, before anything of it was read
    bool was_there = false;  // an interrupted run has put something into the copy's
};

class Copier final : public TreeVisitor<Pair> {
public:
    Copier(const World& world, Writer& writer, const DirectoryRef& root, bool storage_stays, const CopyOptions& options)
        : world_(world),
          writer_(writer),
          root_(root),
          storage_stays_(storage_stays),
          options_(options),
          durable_(durable_in(world.reader, root))
    {
    }

    Result<Descend> visit(const Place& place, Pair& pair) override
    {
        if (options_.takes && !options_.takes(place)) return Descend::no;
        if (storage_stays_ && is_storage_name(place.relative(), world_.layout.storage_names)) return Descend::no;
        if (place.attributes.kind == Kind::socket) {
            note_socket(place);
            return Descend::no;
        }
        const bool is_kept = pair.was_there && TRY(keep_or_remove(place, pair));
        if (place.attributes.kind != Kind::directory)
            TRY(is_kept ? count_kept(place) : copy(place, pair));
        else if (!is_kept)  // opened again when its turn comes
            (void)TRY(writer_.make_directory({pair.to, place.name}, Mode{0700}));
        return place.attributes.kind == Kind::directory ? Descend::yes : Descend::no;
    }

    Result<Pair> enter(const Place& place, const Pair& parent, const DirectoryRef& opened) override
    {
        // The name could have been swapped between visit() and now, so the attributes are those of what is open.
        const Attributes seen = TRY(world_.reader.attributes(opened));
        const DirectoryRef to = TRY(world_.reader.open_directory({parent.to, place.name}, Cross::no));
        const bool was_filled = parent.was_there && !TRY(is_empty(to));
        return Pair{to, seen, was_filled};
    }

    Result<> leave(const DirectoryRef& directory, Pair& pair) override
    {
        if (pair.was_there) TRY(remove_vanished(directory, pair));
        // Its subdirectories were made when it was listed, so nothing touches its mtime after this.
        TRY(writer_.copy_attributes(directory, pair.seen, pair.to));
        if (durable_ == Durable::yes) TRY(writer_.sync_directory(pair.to));
        return {};
    }

    Result<> vanished(const Name& item) override
    {
        return fail(Error{EBUSY, "", item.path(), "vanished while it was copied",
                          "Stop the service that works there, then run 'mailstate apply' again."});
    }

    CopyTotals totals() { return {{files_, bytes_}, sockets_, links_.with_names_outside()}; }

private:
    Result<> copy(const Place& place, const Pair& pair)
    {
        if (place.attributes.mount_root && options_.cross == Cross::no)
            return fail(Error{EXDEV, "", place.path(), "something is mounted there", ""});
        if (place.attributes.links > 1 && place.attributes.kind != Kind::directory) return copy_linked(place, pair);
        return copy_first(place, pair);
    }

    [[nodiscard]] Result<bool> is_empty(const DirectoryRef& directory) const
    {
        const std::unique_ptr<Listing> listing = TRY(world_.reader.list(directory));
        std::vector<std::string> names;
        TRY(listing->next(names));
        return names.empty();
    }

    // What an interrupted run has left under the name: is it whole? Else it goes.
    Result<bool> keep_or_remove(const Place& place, const Pair& pair)
    {
        const std::optional<Attributes> left = TRY(find(world_.reader, {pair.to, place.name}));
        if (!left) return false;
        const Place copy{{pair.to, place.name}, *left};
        if (place.attributes.kind == Kind::directory && left->kind == Kind::directory) return true;
        if (TRY(is_whole(world_.reader, place, copy)) && TRY(is_same_link(place, copy))) return true;
        TRY(remove_own(world_, writer_, {pair.to, place.name}));
        return false;
    }

    // Of a file with more names: is the name that is there one of the copy's?
    Result<bool> is_same_link(const Place& place, const Place& copy)
    {
        if (place.attributes.links <= 1) return true;
        const std::optional<std::string> first = links_.first_copy(place.attributes);
        if (!first) {
            links_.made(place.attributes, place.relative());
            return true;
        }
        const SplitPath split = split_path(*first);
        const DirectoryRef at = TRY(open_below(world_.reader, root_, split.parent));
        return same_inode(TRY(world_.reader.attributes({at, split.name})), copy.attributes);
    }

    Result<> count_kept(const Place& place)
    {
        constexpr std::uint64_t unit = 512;  // of st_blocks
        const std::uint64_t data = place.attributes.kind == Kind::regular
                                       ? std::min(place.attributes.size, place.attributes.blocks * unit)
                                       : 0;
        bytes_ += data;
        ++files_;
        world_.progress.bytes += data;
        ++world_.progress.files;
        return {};
    }

    // What the origin had when the interrupted run copied it, and has no more.
    Result<> remove_vanished(const DirectoryRef& directory, const Pair& pair)
    {
        for (const std::string& name : TRY(vanished_names(directory, pair)))
            TRY(remove_own(world_, writer_, {pair.to, name}));
        return {};
    }

    [[nodiscard]] Result<std::vector<std::string>> vanished_names(const DirectoryRef& directory, const Pair& pair) const
    {
        std::vector<std::string> vanished;
        TRY(each_name(world_.reader, pair.to, [&](const std::string& name) -> Result<> {
            const std::optional<Attributes> now = TRY(find(world_.reader, {directory, name}));
            if (!now || now->kind == Kind::socket) vanished.push_back(name);
            return {};
        }));
        return vanished;
    }

    Result<> copy_first(const Place& place, const Pair& pair)
    {
        bytes_ += TRY(copy_item(world_, writer_, place, {pair.to, place.name}, durable_));
        ++files_;
        return {};
    }

    Result<> copy_linked(const Place& place, const Pair& pair)
    {
        const std::optional<std::string> first = links_.first_copy(place.attributes);
        if (!first) {
            Result<> copied = copy_first(place, pair);
            copied ? links_.made(place.attributes, place.relative()) : links_.failed(place.attributes);
            return copied;
        }
        const SplitPath split = split_path(*first);
        const DirectoryRef at = TRY(open_below(world_.reader, root_, split.parent));
        TRY(writer_.make_hard_link({at, split.name}, {pair.to, place.name}));
        ++files_;
        ++world_.progress.files;
        return {};
    }

    void note_socket(const Place& place)
    {
        const std::lock_guard lock(mutex_);
        if (sockets_.size() < sockets_listed) sockets_.push_back(place.path());
    }

    const World& world_;
    Writer& writer_;
    const DirectoryRef& root_;
    bool storage_stays_;  // its names in the source's root are not copied
    const CopyOptions& options_;
    Durable durable_;
    HardLinks links_;
    std::atomic<std::uint64_t> files_{0}, bytes_{0};
    std::mutex mutex_;
    std::vector<std::string> sockets_;
};

}  // namespace

Result<std::uint64_t> copy_item(const World& world, Writer& writer, const Place& place, const Name& to, Durable durable)
{
    const auto keep_going = [&](std::uint64_t bytes) {
        world.progress.bytes += bytes;
        return !world.stop.requested();
    };
    std::uint64_t data = 0;
    switch (place.attributes.kind) {
        case Kind::regular: {
            const Copied copied = TRY(writer.copy_file(place, place.attributes, to, durable, keep_going));
            data = copied.data;
            break;
        }
        case Kind::symlink:
            TRY(writer.make_link(to, TRY(world.reader.read_link(place))));
            TRY(writer.copy_attributes(place, place.attributes, to));
            break;
        default:
            TRY(writer.make_node(to, place.attributes.kind, place.attributes.rdev));
            TRY(writer.copy_attributes(place, place.attributes, to));
    }
    ++world.progress.files;
    return data;
}

Result<CopyTotals> copy_tree(const World& world, Writer& writer, const DirectoryRef& from, const DirectoryRef& to,
                             const CopyOptions& options)
{
    const Attributes seen = TRY(world.reader.attributes(from));
    const bool storage_stays = seen.mount_root || options.storage == StorageNames::stay;
    Copier copier(world, writer, to, storage_stays, options);
    TRY(walk(world.reader, from, Pair{to, seen, options.resumes}, copier, {world.jobs, options.cross, &world.stop}));
    return copier.totals();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/copy_tree.hpp"

#include <cerrno>

#include "engine/hard_links.hpp"
#include "engine/workspace.hpp"
#include "mailstate/durability.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

namespace {

constexpr std::size_t sockets_listed = 100;

struct Pair {
    DirectoryRef to;
    Attributes seen;  // the source directory's, before anything of it was read
};

class Copier final : public TreeVisitor<Pair> {
public:
    Copier(const World& world, Writer& writer, const DirectoryRef& root, bool from_mount, const CopyOptions& options)
        : world_(world),
          writer_(writer),
          root_(root),
          from_mount_(from_mount),
          options_(options),
          durable_(durable_in(world.reader, root))
    {
    }

    Result<Descend> visit(const Place& place, Pair& pair) override
    {
        if (options_.takes && !options_.takes(place)) return Descend::no;
        if (from_mount_ && is_storage_name(place.relative(), world_.layout.storage_names)) return Descend::no;
        if (place.attributes.kind == Kind::directory) {
            (void)TRY(writer_.make_directory(pair.to, place.name, Mode{0700}));  // opened again when its turn comes
            return Descend::yes;
        }
        if (place.attributes.kind == Kind::socket)
            note_socket(place);
        else
            TRY(copy(place, pair));
        return Descend::no;
    }

    Result<Pair> enter(const Place& place, const Pair& parent, const DirectoryRef& opened) override
    {
        // The name could have been swapped between visit() and now, so the attributes are those of what is open.
        const Attributes seen = TRY(world_.reader.attributes(opened));
        return Pair{TRY(world_.reader.open_directory(parent.to, place.name, Cross::no)), seen};
    }

    Result<> leave(const DirectoryRef& directory, Pair& pair) override
    {
        // Its subdirectories were made when it was listed, so nothing touches its mtime after this.
        TRY(writer_.copy_attributes(directory, pair.seen, pair.to));
        if (durable_ == Durable::yes) TRY(writer_.sync_directory(pair.to));
        return {};
    }

    Result<> vanished(const DirectoryRef& at, const std::string& name) override
    {
        return fail(Error{EBUSY, "", at->path().text(name), "vanished while it was copied",
                          "Stop the service that works there, then run apply again."});
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

    Result<> copy_first(const Place& place, const Pair& pair)
    {
        bytes_ += TRY(copy_item(world_, writer_, place, pair.to, place.name, durable_));
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
        TRY(writer_.make_hard_link(at, split.name, pair.to, place.name));
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
    bool from_mount_;  // the source's root is one: it may hold names of its storage
    const CopyOptions& options_;
    Durable durable_;
    HardLinks links_;
    std::atomic<std::uint64_t> files_{0}, bytes_{0};
    std::mutex mutex_;
    std::vector<std::string> sockets_;
};

}  // namespace

Result<std::uint64_t> copy_item(const World& world, Writer& writer, const Place& place, const DirectoryRef& to,
                                const std::string& to_name, Durable durable)
{
    const auto keep_going = [&](std::uint64_t bytes) {
        world.progress.bytes += bytes;
        return !world.stop.requested();
    };
    std::uint64_t data = 0;
    switch (place.attributes.kind) {
        case Kind::regular: {
            const Copied copied =
                TRY(writer.copy_file(place.at, place.name, place.attributes, to, to_name, durable, keep_going));
            data = copied.data;
            break;
        }
        case Kind::symlink:
            TRY(writer.make_link(to, to_name, TRY(world.reader.read_link(place.at, place.name))));
            TRY(writer.copy_attributes(place.at, place.name, place.attributes, to, to_name));
            break;
        default:
            TRY(writer.make_node(to, to_name, place.attributes.kind, place.attributes.rdev));
            TRY(writer.copy_attributes(place.at, place.name, place.attributes, to, to_name));
    }
    ++world.progress.files;
    return data;
}

Result<CopyTotals> copy_tree(const World& world, Writer& writer, const DirectoryRef& from, const DirectoryRef& to,
                             const CopyOptions& options)
{
    const Attributes seen = TRY(world.reader.attributes(from));
    Copier copier(world, writer, to, seen.mount_root, options);
    TRY(walk(world.reader, from, Pair{to, seen}, copier, {world.jobs, options.cross, &world.stop}));
    return copier.totals();
}

}  // namespace mailstate

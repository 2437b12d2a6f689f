// SPDX-License-Identifier: MIT
#include "engine/remove_tree.hpp"

#include <cerrno>

#include "engine/irremovable.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Error changed_meanwhile(const Place& place)
{
    return Error{EBUSY, "", place.path(), "changed during the move, so it is not removed",
                 "Stop the service that writes there, then run 'mailstate apply' again."};
}

Error immutable_error(std::string path)
{
    return Error{EPERM, "", std::move(path), "is immutable or append-only, so it cannot be removed",
                 "Clear the attribute with 'chattr -R -i -a DIR' on the old directory, then start again."};
}

// Walks a tree side by side with the one that its content lives on in.
class Beside : public TreeVisitor<Survivors> {
public:
    explicit Beside(const Judge& judge) : judge_(judge) {}

    Result<Survivors> enter(const Place& place, const Survivors& parent, const DirectoryRef& opened) override
    {
        return judge_.survivors_below(parent, place.name, opened);
    }

protected:
    const Judge& judge_;
};

class Inspector final : public Beside {
public:
    using Beside::Beside;

    Result<Descend> visit(const Place& place, Survivors& at) override
    {
        if (place.attributes.immutable) return fail(immutable_error(place.path()));
        if (TRY(judge_.proof(place, at))) return Descend::yes;
        return fail(changed_meanwhile(place));
    }
};

// Removes everything but directories. Deleting while listing is safe: readdir(3) returns what was not touched.
class JudgedEmptier final : public Beside {
public:
    JudgedEmptier(Writer& writer, const Judge& judge, Reachable reachable)
        : Beside(judge), writer_(writer), reachable_(reachable)
    {
    }

    Result<Descend> visit(const Place& place, Survivors& at) override
    {
        Result<std::optional<Proof>> judged = judge_.proof(place, at);
        if (!judged && judged.error().number == ENOENT) return Descend::no;  // fuse-overlayfs lists what is gone
        const std::optional<Proof> proof = TRY(std::move(judged));
        if (!proof) keep(changed_meanwhile(place));
        if (!proof || place.attributes.kind == Kind::directory) return Descend::yes;
        const Result<> removed = remove(place, *proof);
        if (removed || removed.error().number == ENOENT) return Descend::no;
        const bool rewritten = removed.error().number == EBUSY || removed.error().number == ESTALE;
        if (!rewritten && !is_irremovable(removed.error())) return fail(removed.error());
        keep(rewritten                    ? changed_meanwhile(place)
             : place.attributes.immutable ? immutable_error(place.path())
                                          : removed.error());
        return Descend::no;
    }

    Result<> refused(const Place& place, const Error& error) override
    {
        return error.number == ENOENT ? Result<>{} : TreeVisitor::refused(place, error);
    }

    // The first name that is not safe elsewhere, once all the others are gone.
    [[nodiscard]] Result<> verdict() const
    {
        if (kept_) return fail(*kept_);
        return {};
    }

private:
    Result<> remove(const Place& place, const Proof& proof)
    {
        if (reachable_ == Reachable::yes && place.attributes.kind == Kind::regular)
            return writer_.remove_unchanged(place, proof);
        return writer_.remove_file(place, proof);
    }

    // What was written meanwhile is the worse of the two.
    void keep(Error why)
    {
        const std::lock_guard lock(mutex_);
        if (!kept_ || (is_irremovable(*kept_) && !is_irremovable(why))) kept_ = std::move(why);
    }

    Writer& writer_;
    Reachable reachable_;
    std::mutex mutex_;
    std::optional<Error> kept_;
};

// The same by one proof that is good for all.
class Emptier final : public PlainVisitor {
public:
    Emptier(Writer& writer, const Proof& proof) : writer_(writer), proof_(proof) {}

    Result<Descend> visit(const Place& place, Nothing& /*context*/) override
    {
        if (place.attributes.kind == Kind::directory) return Descend::yes;
        const Result<> removed = writer_.remove_file(place, proof_);
        if (removed || removed.error().number == ENOENT) return Descend::no;
        return fail(removed.error());
    }

private:
    Writer& writer_;
    const Proof& proof_;
};

// Only directories are left: depth first, with a stack of our own, since trees may be thousands of levels deep.
class SkeletonRemover {
public:
    SkeletonRemover(const Reader& reader, Writer& writer) : reader_(reader), writer_(writer) {}

    Result<> remove_below(const DirectoryRef& top)
    {
        TRY(push(top));
        while (!stack_.empty()) {
            Level& level = stack_.back();
            if (level.names.empty()) {
                stack_.pop_back();
                if (!stack_.empty()) TRY(remove_last());
                continue;
            }
            const Result<DirectoryRef> below = reader_.open_directory({level.directory, level.names.back()}, Cross::no);
            if (!below && below.error().number == ENOENT)
                level.names.pop_back();  // listed, and gone
            else
                TRY(push(TRY(below)));
        }
        return {};
    }

private:
    struct Level {
        DirectoryRef directory;
        std::vector<std::string> names;
    };

    Result<> push(const DirectoryRef& directory)
    {
        std::vector<std::string> names = TRY(all_names(reader_, directory));
        stack_.push_back({directory, std::move(names)});
        return {};
    }

    Result<> remove_last()
    {
        Level& level = stack_.back();
        Result<> removed = writer_.remove_directory({level.directory, level.names.back()}, Removal::empty_directory());
        if (!removed && removed.error().number != ENOENT) return removed;
        level.names.pop_back();
        return {};
    }

    const Reader& reader_;
    Writer& writer_;
    std::vector<Level> stack_;
};

// A signal does not stop the removals: half an origin is the one state that must not last.
Result<> remove_below(const World& world, Writer& writer, const DirectoryRef& directory, const Proof& proof)
{
    Emptier emptier(writer, proof);
    // What was copied as deep as may be is some levels deeper in a clone.
    TRY(walk(world.reader, directory, Nothing{}, emptier, {world.jobs, Cross::no, nullptr, 2 * depth_limit}));
    return SkeletonRemover(world.reader, writer).remove_below(directory);
}

}  // namespace

Result<> remove_tree(const World& world, Writer& writer, const Name& item, const Proof& proof)
{
    const std::optional<Attributes> found = TRY(find(world.reader, item));
    if (!found) return {};
    if (found->kind != Kind::directory) return writer.remove_file(item, proof);
    TRY(remove_below(world, writer, TRY(world.reader.open_directory(item, Cross::no)), proof));
    return writer.remove_directory(item, Removal::empty_directory());
}

Result<> remove_own(const World& world, Writer& writer, const Name& item)
{
    return remove_tree(world, writer, item, TRY(Removal::own(item)));
}

Result<> check_nothing_is_new(const World& world, const DirectoryRef& directory, const DirectoryRef& kept,
                              const Judge& judge, Names names)
{
    if (TRY(world.reader.attributes(directory)).immutable) return fail(immutable_error(directory->path().text()));
    Inspector inspector(judge);
    return walk(world.reader, directory, judge.survivors(kept, names), inspector, {world.jobs, Cross::no, &world.stop});
}

Result<> empty_directory(const World& world, Writer& writer, const DirectoryRef& directory, const DirectoryRef& kept,
                         const Judge& judge, Reachable reachable, Names names)
{
    JudgedEmptier emptier(writer, judge, reachable);
    TRY(walk(world.reader, directory, judge.survivors(kept, names), emptier, {world.jobs, Cross::no}));
    TRY(emptier.verdict());
    return SkeletonRemover(world.reader, writer).remove_below(directory);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/stuck_tree.hpp"

#include <atomic>

#include "engine/irremovable.hpp"
#include "engine/tree_walk.hpp"

namespace mailstate {

namespace {

enum class Changeable : bool { no, yes };  // may names be removed from a directory?

Result<Changeable> ask_changeable(const Reader& reader, const DirectoryRef& directory)
{
    const Result<> allowed = reader.check_changeable(directory);
    if (!allowed && !is_irremovable(allowed.error())) return fail(allowed.error());
    return Changeable{allowed.has_value()};
}

class Inspection final : public TreeVisitor<Changeable> {
public:
    explicit Inspection(const Reader& reader) : reader_(reader) {}

    Result<Descend> visit(const Place& place, Changeable& changeable) override
    {
        const bool stays = changeable == Changeable::no || place.attributes.immutable;
        if (stays) stuck_ = true;
        if (place.attributes.kind == Kind::directory) return removable_ ? Descend::no : Descend::yes;
        if (!stays || place.attributes.append_only) removable_ = true;
        return Descend::no;
    }

    Result<Changeable> enter(const Place& /*place*/, const Changeable& /*above*/, const DirectoryRef& opened) override
    {
        return ask_changeable(reader_, opened);
    }

    // A mount holds what it is on; what has gone was removed by somebody else.
    Result<> refused(const Place& place, const Error& error) override
    {
        const bool is_no_matter = error.number == EXDEV || is_absent(error);
        return is_no_matter ? Result<>{} : TreeVisitor::refused(place, error);
    }

    // Directories go last, once all else is gone: one that is empty is not removed beside a file that stays.
    [[nodiscard]] bool is_stuck() const { return stuck_ && !removable_; }

private:
    const Reader& reader_;
    std::atomic<bool> stuck_{false}, removable_{false};
};

class Changes final : public PlainVisitor {
public:
    explicit Changes(const Timestamp& since) : since_(since) {}

    Result<Descend> visit(const Place& place, Nothing& /*context*/) override
    {
        if (place.attributes.kind == Kind::directory && !(place.attributes.mtime < since_)) found_ = true;
        return found_ ? Descend::no : Descend::yes;
    }

    [[nodiscard]] bool found() const { return found_; }

private:
    Timestamp since_;
    std::atomic<bool> found_{false};
};

}  // namespace

Result<bool> is_whole_since(const World& world, const DirectoryRef& tree, const Timestamp& then)
{
    if (!(TRY(world.reader.attributes(tree)).mtime < then)) return false;
    Changes changes(then);
    TRY(walk(world.reader, tree, Nothing{}, changes, {world.jobs, Cross::no, &world.stop}));
    return !changes.found();
}

Result<bool> is_stuck(const World& world, const DirectoryRef& tree)
{
    Inspection inspection(world.reader);
    TRY(walk(world.reader, tree, TRY(ask_changeable(world.reader, tree)), inspection,
             {world.jobs, Cross::no, &world.stop}));
    return inspection.is_stuck();
}

}  // namespace mailstate

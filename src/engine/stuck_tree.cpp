// SPDX-License-Identifier: MIT
#include "engine/stuck_tree.hpp"

#include <atomic>

#include "engine/irremovable.hpp"
#include "engine/tree_walk.hpp"

namespace mailstate {

namespace {

enum class Changeable : bool { no, yes };  // may names be removed from a directory?

Result<Changeable> ask(const Reader& reader, const DirectoryRef& directory)
{
    const Result<> allowed = reader.check_changeable(directory);
    if (!allowed && !is_irremovable(allowed.error())) return fail(allowed.error());
    return Changeable{allowed.has_value()};
}

class RemovableFinder final : public TreeVisitor<Changeable> {
public:
    explicit RemovableFinder(const Reader& reader) : reader_(reader) {}

    Result<Descend> visit(const Place& place, Changeable& changeable) override
    {
        if (place.attributes.kind == Kind::directory) return found_ ? Descend::no : Descend::yes;
        const bool stays = changeable == Changeable::no || place.attributes.immutable;
        if (!stays || place.attributes.append_only) found_ = true;
        return Descend::no;
    }

    Result<Changeable> enter(const Place& place, const Changeable& above, const DirectoryRef& opened) override
    {
        std::vector<std::string> names;
        TRY(TRY(reader_.list(opened))->next(names));
        if (names.empty() && above == Changeable::yes && !place.attributes.immutable) found_ = true;
        return ask(reader_, opened);
    }

    // A mount holds what it is on; what has gone was removed by somebody else.
    Result<> refused(const Place& place, const Error& error) override
    {
        const bool is_no_matter = error.number == EXDEV || is_absent(error);
        return is_no_matter ? Result<>{} : TreeVisitor::refused(place, error);
    }

    [[nodiscard]] bool found() const { return found_; }

private:
    const Reader& reader_;
    std::atomic<bool> found_{false};
};

}  // namespace

Result<bool> is_stuck(const World& world, const DirectoryRef& tree)
{
    RemovableFinder finder(world.reader);
    std::vector<std::string> names;
    TRY(TRY(world.reader.list(tree))->next(names));
    TRY(walk(world.reader, tree, TRY(ask(world.reader, tree)), finder, {world.jobs, Cross::no, &world.stop}));
    return !names.empty() && !finder.found();
}

}  // namespace mailstate

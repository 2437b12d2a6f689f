// SPDX-License-Identifier: MIT
#include "engine/remove_tree.hpp"

#include <cerrno>

#include "mailstate/text.hpp"

namespace mailstate {

namespace {

struct Counterpart {
    DirectoryRef kept;  // the same directory where the content lives on; null: nothing to compare with
};

Error changed_meanwhile(const Place& place)
{
    return Error{EBUSY, "", place.path(), "changed while it was moved, so it is not removed",
                 "Stop what writes there, then run apply again."};
}

// Walks a tree side by side with the one that its content lives on in.
class Beside : public TreeVisitor<Counterpart> {
public:
    explicit Beside(const Reader& reader) : reader_(reader) {}

    Result<Counterpart> enter(const Place& place, const Counterpart& parent, const DirectoryRef& /*opened*/) override
    {
        return Counterpart{TRY(counterpart(reader_, parent.kept, place.name))};
    }

private:
    const Reader& reader_;
};

class Inspector final : public Beside {
public:
    Inspector(const Reader& reader, const Judge& judge) : Beside(reader), judge_(judge) {}

    Result<Descend> visit(const Place& place, Counterpart& context) override
    {
        if (TRY(judge_.fate(place, context.kept)) == Fate::drop) return Descend::yes;
        return fail(changed_meanwhile(place));
    }

private:
    const Judge& judge_;
};

// Removes everything but directories. Deleting while listing is safe: readdir(3) returns what was not touched.
class Emptier final : public Beside {
public:
    Emptier(const Reader& reader, Writer& writer, const Judge* judge, Reachable reachable)
        : Beside(reader), writer_(writer), judge_(judge), reachable_(reachable)
    {
    }

    Result<Descend> visit(const Place& place, Counterpart& context) override
    {
        if (judge_ != nullptr && TRY(judge_->fate(place, context.kept)) == Fate::set_aside) {
            keep(place);
            return Descend::yes;
        }
        if (place.attributes.kind == Kind::directory) return Descend::yes;
        const Result<> removed = remove(place);
        if (removed || removed.error().number == ENOENT) return Descend::no;
        const bool rewritten = removed.error().number == EBUSY || removed.error().number == ESTALE;
        if (judge_ == nullptr || !rewritten) return fail(removed.error());
        keep(place);
        return Descend::no;
    }

    // The first name that is not safe elsewhere, once all the others are gone.
    [[nodiscard]] Result<> verdict() const
    {
        if (kept_) return fail(*kept_);
        return {};
    }

private:
    Result<> remove(const Place& place)
    {
        if (reachable_ == Reachable::yes && place.attributes.kind == Kind::regular)
            return writer_.remove_unchanged(place.at, place.name, place.attributes);
        return writer_.remove_file(place.at, place.name);
    }

    void keep(const Place& place)
    {
        const std::lock_guard lock(mutex_);
        if (!kept_) kept_ = changed_meanwhile(place);
    }

    Writer& writer_;
    const Judge* judge_;
    Reachable reachable_;
    std::mutex mutex_;
    std::optional<Error> kept_;
};

Result<std::vector<std::string>> list_all(const Reader& reader, const DirectoryRef& directory)
{
    std::vector<std::string> all;
    TRY(each_name(reader, directory, [&](const std::string& name) -> Result<> {
        all.push_back(name);
        return {};
    }));
    return all;
}

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
            TRY(push(TRY(reader_.open_directory(level.directory, level.names.back(), Cross::no))));
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
        stack_.push_back({directory, TRY(list_all(reader_, directory))});
        return {};
    }

    Result<> remove_last()
    {
        Level& level = stack_.back();
        TRY(writer_.remove_directory(level.directory, level.names.back()));
        level.names.pop_back();
        return {};
    }

    const Reader& reader_;
    Writer& writer_;
    std::vector<Level> stack_;
};

Result<> empty(const World& world, Writer& writer, const DirectoryRef& directory, const DirectoryRef& kept,
               const Judge* judge, Reachable reachable)
{
    Emptier emptier(world.reader, writer, judge, reachable);
    // What was copied as deep as may be lies some levels deeper in a clone.
    const int deepest = judge == nullptr ? 2 * depth_limit : depth_limit;
    // A signal does not stop this: half an origin is the one state that must not last.
    TRY(walk(world.reader, directory, Counterpart{kept}, emptier, {world.jobs, Cross::no, nullptr, deepest}));
    TRY(emptier.verdict());
    return SkeletonRemover(world.reader, writer).remove_below(directory);
}

}  // namespace

Result<> remove_tree(const World& world, Writer& writer, const DirectoryRef& at, const std::string& name)
{
    const std::optional<Attributes> found = TRY(find(world.reader, at, name));
    if (!found) return {};
    if (found->kind != Kind::directory) return writer.remove_file(at, name);
    const DirectoryRef directory = TRY(world.reader.open_directory(at, name, Cross::no));
    TRY(empty(world, writer, directory, nullptr, nullptr, Reachable::no));
    return writer.remove_directory(at, name);
}

Result<> check_nothing_is_new(const World& world, const DirectoryRef& directory, const DirectoryRef& kept,
                              const Judge& judge)
{
    Inspector inspector(world.reader, judge);
    return walk(world.reader, directory, Counterpart{kept}, inspector, {world.jobs, Cross::no, &world.stop});
}

Result<> empty_directory(const World& world, Writer& writer, const DirectoryRef& directory, const DirectoryRef& kept,
                         const Judge& judge, Reachable reachable)
{
    return empty(world, writer, directory, kept, &judge, reachable);
}

}  // namespace mailstate

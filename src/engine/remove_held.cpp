// SPDX-License-Identifier: MIT
#include "engine/remove_held.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "engine/beginning.hpp"
#include "engine/removal.hpp"
#include "engine/split_path.hpp"

namespace mailstate {

namespace {

struct BesideStaging {
    DirectoryRef survivor;
};

// Removes what a survivor holds, too. Directories that it has are noted, to go once they are empty.
class EqualRemover final : public TreeVisitor<BesideStaging> {
public:
    EqualRemover(const Reader& reader, Writer& writer) : reader_(reader), writer_(writer) {}

    Result<Descend> visit(const Place& place, BesideStaging& context) override
    {
        if (!context.survivor) return Descend::no;
        const std::optional<Attributes> kept = TRY(find(reader_, {context.survivor, place.name}));
        if (!kept || kept->kind != place.attributes.kind) return Descend::no;
        if (place.attributes.kind == Kind::directory) {
            const std::lock_guard lock(mutex_);
            directories_.push_back(place.relative());
            return Descend::yes;
        }
        const std::optional<Proof> proof = TRY(held_by(reader_, place, {{context.survivor, place.name}, *kept}));
        if (!proof) return Descend::no;
        const Result<> removed = writer_.remove_file(place, *proof);
        if (!removed && removed.error().number != ENOENT) return fail(removed.error());
        return Descend::no;
    }

    Result<BesideStaging> enter(const Place& place, const BesideStaging& parent,
                                const DirectoryRef& /*opened*/) override
    {
        return BesideStaging{TRY(survivor_below(reader_, {parent.survivor, place.name}))};
    }

    // The deepest first; one that is not empty holds something else.
    Result<> remove_directories(const DirectoryRef& root)
    {
        std::ranges::sort(directories_, std::greater<>());
        for (const std::string& relative : directories_) {
            const SplitPath path = split_path(relative);
            const DirectoryRef at = TRY(open_below(reader_, root, path.parent));
            (void)writer_.remove_directory({at, path.name}, Removal::empty_directory());
        }
        return {};
    }

private:
    const Reader& reader_;
    Writer& writer_;
    std::mutex mutex_;
    std::vector<std::string> directories_;
};

}  // namespace

Result<DirectoryRef> survivor_below(const Reader& reader, const Name& item)
{
    Result<DirectoryRef> opened = reader.open_directory(item, Cross::yes);
    return !opened && is_absent(opened.error()) ? Result<DirectoryRef>(DirectoryRef()) : opened;
}

Result<std::optional<Proof>> held_by(const Reader& reader, const Place& copy, const Place& survivor)
{
    if (auto proof = TRY(Removal::equal(reader, copy, survivor))) return proof;
    if (copy.attributes.kind != survivor.attributes.kind) return std::optional<Proof>();
    // What a killed run has not written to its end is nothing that its source has not.
    const bool is_shorter = copy.attributes.kind == Kind::regular && copy.attributes.size < survivor.attributes.size;
    if (!is_shorter || !TRY(is_beginning(reader, copy, survivor))) return std::optional<Proof>();
    return std::optional(TRY(Removal::own(copy)));
}

Result<> remove_held(const World& world, Writer& writer, const DirectoryRef& from, const DirectoryRef& survivor)
{
    EqualRemover remover(world.reader, writer);
    TRY(walk(world.reader, from, BesideStaging{survivor}, remover, {world.jobs, Cross::no, &world.stop}));
    return remover.remove_directories(from);
}

}  // namespace mailstate

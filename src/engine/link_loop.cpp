// SPDX-License-Identifier: MIT
#include "engine/link_loop.hpp"

#include <cerrno>

#include "engine/split_path.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr int most_links = 40;  // path_resolution(7)

class LoopFinder final : public TreeVisitor<DirectoryRef> {
public:
    LoopFinder(const World& world, const Entry& entry, const DirectoryRef& destination)
        : reader_(world.reader),
          origin_(entry.origin),
          path_(destination_path(world.layout, entry)),
          destination_(destination)
    {
    }

    Result<Descend> visit(const Place& place, DirectoryRef& there) override
    {
        const std::optional<Attributes> found = TRY(find(reader_, {there, place.name}));
        if (found && found->kind == Kind::symlink && TRY(is_loop(place.relative()))) note(place.relative());
        const bool both = found && found->kind == Kind::directory && place.attributes.kind == Kind::directory;
        return both && !found->mount_root && !place.attributes.mount_root ? Descend::yes : Descend::no;
    }

    Result<DirectoryRef> enter(const Place& place, const DirectoryRef& there, const DirectoryRef& /*opened*/) override
    {
        return reader_.open_directory({there, place.name}, Cross::no);
    }

    std::string first() { return first_; }

private:
    // Followed as the service would, with the destination in the origin's place. Links that lead in a circle within the
    // destination do so already.
    [[nodiscard]] Result<bool> is_loop(std::string relative) const
    {
        bool by_origin = false;
        for (int followed = 0; followed < most_links; ++followed) {
            const std::optional<std::string> target = TRY(target_of(relative));
            if (!target) return false;
            const bool in_origin = target->starts_with(origin_ + "/");
            if (!in_origin && !target->starts_with(path_ + "/")) return false;
            by_origin = by_origin || in_origin;
            relative = target->substr((in_origin ? origin_ : path_).size() + 1);
        }
        return by_origin;
    }

    // Where the destination's link leads, as its text says; nothing: it is no link.
    [[nodiscard]] Result<std::optional<std::string>> target_of(const std::string& relative) const
    {
        const SplitPath split = split_path(relative);
        const Result<DirectoryRef> at = open_below(reader_, destination_, split.parent);
        if (!at && (is_absent(at.error()) || at.error().number == EXDEV)) return std::optional<std::string>();
        const std::optional<Attributes> found = TRY(find(reader_, {TRY(at), split.name}));
        if (!found || found->kind != Kind::symlink) return std::optional<std::string>();
        const std::string base = split.parent.empty() ? path_ : path_ + "/" + split.parent;
        return std::optional(normalised(TRY(reader_.read_link({*at, split.name})), base));
    }

    void note(const std::string& relative)
    {
        const std::lock_guard lock(mutex_);
        if (first_.empty() || relative < first_) first_ = relative;
    }

    const Reader& reader_;
    const std::string origin_, path_;
    const DirectoryRef& destination_;
    std::mutex mutex_;
    std::string first_;
};

}  // namespace

Result<std::string> find_link_loop(const World& world, const Entry& entry, const DirectoryRef& origin,
                                   const DirectoryRef& destination)
{
    LoopFinder finder(world, entry, destination);
    TRY(walk(world.reader, origin, destination, finder, {world.jobs, Cross::no, &world.stop}));
    return finder.first();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/ownership.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <set>

#include "engine/stale.hpp"
#include "engine/workspace.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

namespace {

constexpr std::size_t corrections_kept = 20;

struct InDirectory {
    std::string prefix;  // of the relative paths of what it holds: empty for the root, else with a slash at its end
    Attributes seen;     // of the directory itself
    bool settled = false;
};

// Only root can rename in it. (What an access control list grants beyond the owner, the group's bits show.)
bool is_settled(const Attributes& directory)
{
    return directory.owner.uid == Uid{0} && (directory.mode.bits & (S_IWGRP | S_IWOTH)) == 0;
}

class OwnershipVisitor final : public TreeVisitor<InDirectory> {
public:
    using Act = std::function<Result<>(const Difference&)>;

    OwnershipVisitor(const World& world, DirectoryRef root, const OwnershipPassOptions& options,
                     std::vector<Glob> stale, std::vector<Glob> spare, const Act& act)
        : world_(world),
          reader_(world.reader),
          root_(std::move(root)),
          options_(options),
          stale_(std::move(stale)),
          spare_(std::move(spare)),
          act_(act)
    {
    }

    // name: empty for the directory itself
    Result<> look_at(const Name& item, const Attributes& seen, const std::string& relative, bool settled = false)
    {
        looked_at_.fetch_add(1, std::memory_order_relaxed);
        if (seen.kind != Kind::directory && seen.links > 1) {
            remember(seen, relative, item.path());
            return {};
        }
        note_if_undecided(seen, [&] { return item.path(); });
        const Wanted wanted = wanted_for(relative, seen);
        if (is_right(seen, wanted)) return {};
        ++different_;
        return act_({item, seen, wanted, filesystem(), settled});
    }

    [[nodiscard]] bool differs(const Attributes& seen, const std::string& relative) const
    {
        return !is_right(seen, wanted_for(relative, seen));
    }

    void look_into_everything() { whole_ = true; }

    Result<Descend> visit(const Place& place, InDirectory& directory) override
    {
        const std::string relative = directory.prefix + place.name;
        if (relative == workspace_name) return Descend::no;   // our own, in a destination that is worked in as its user
        if (place.attributes.mount_root) return Descend::no;  // another's
        if (directory.prefix.empty() && is_storage_name(relative, world_.layout.storage_names)) return Descend::no;
        const auto matches = [&](const Glob& glob) { return glob.matches(relative); };
        if (std::any_of(spare_.begin(), spare_.end(), matches)) return Descend::no;
        // What NFS renames instead of removing goes when it is closed, and comes back when it is removed before.
        const bool is_stale = std::any_of(stale_.begin(), stale_.end(), matches) && !is_removed_but_open(place.name);
        if (is_stale && is_trace(place, relative)) return Descend::no;
        const bool goes_in = place.attributes.kind == Kind::directory && is_worth_a_look(place.attributes, relative);
        if (goes_in) return Descend::yes;  // and then complete() looks at it
        TRY(look_at(place, place.attributes, relative, directory.settled));
        return Descend::no;
    }

    Result<InDirectory> enter(const Place& place, const InDirectory& parent, const DirectoryRef& opened) override
    {
        // Its name may have been given to another one since it was seen: what that one holds is trusted in nothing.
        const Attributes now = TRY(reader_.attributes(opened));
        const bool settled = same_inode(now, place.attributes) && is_settled(now);
        return InDirectory{parent.prefix + place.name + "/", place.attributes, settled};
    }

    // The root waits for the hard links.
    Result<> complete(InDirectory& context) override
    {
        if (context.prefix.empty()) return {};
        const std::string relative = context.prefix.substr(0, context.prefix.size() - 1);
        if (!differs(context.seen, relative)) {
            looked_at_.fetch_add(1, std::memory_order_relaxed);
            note_if_undecided(context.seen, [&] { return root_->path().text(relative); });
            return {};
        }
        const SplitPath split = split_path(relative);
        const Result<DirectoryRef> at = open_below(reader_, root_, split.parent);
        if (!at && is_elsewhere(at.error())) return {};
        return look_at({TRY(at), split.name}, context.seen, relative);
    }

    // A mount in the tree belongs to somebody else; a directory that became a link meanwhile is nobody's business.
    Result<> refused(const Place& place, const Error& error) override
    {
        return is_elsewhere(error) ? Result<>{} : TreeVisitor::refused(place, error);
    }

    // A hard link is changed only when every name of the inode stands in this tree: another name may stand outside,
    // planted by a service that wants root to give it somebody else's file.
    Result<> finish_links()
    {
        for (const auto& [inode, link] : links_) {
            const std::string& first = *link.names.begin();  // names may fall under different rules: the first decides
            note_if_undecided(link.seen, [&path = link.path] { return path; });
            const Wanted wanted = wanted_for(first, link.seen);
            if (is_right(link.seen, wanted)) continue;
            if (!TRY(all_names_stand(reader_, root_, link))) {
                ++totals_.foreign;
                if (totals_.foreign_links.size() < corrections_kept) totals_.foreign_links.push_back(link.path);
                continue;
            }
            const SplitPath split = split_path(first);
            const Result<DirectoryRef> at = open_below(reader_, root_, split.parent);
            if (!at && is_elsewhere(at.error())) continue;
            const DirectoryRef directory = TRY(at);
            ++different_;
            TRY(act_({{directory, split.name}, link.seen, wanted, filesystem()}));
        }
        return {};
    }

    OwnershipTotals totals()
    {
        totals_.looked_at = looked_at_;
        totals_.different = different_;
        std::sort(totals_.stale.begin(), totals_.stale.end());
        std::sort(totals_.alive.begin(), totals_.alive.end());
        return totals_;
    }

private:
    struct Link {
        Attributes seen;
        std::string path;
        std::set<std::string> names;  // relative
    };

    // A live one is the service's own business, its owner too. What cannot be read is content, as far as anybody knows.
    bool is_trace(const Place& place, const std::string& relative)
    {
        const Result<TraceFound> found = look_for_trace(reader_, place, place.attributes);
        const bool is_gone = !found && found.error().number == ENOENT;  // the service has just removed it
        const std::lock_guard lock(mutex_);
        if (!found && !is_gone) totals_.unread.push_back(describe(found.error()));
        if (!found || found->trace == Trace::none) return false;
        (found->trace == Trace::dead ? totals_.stale : totals_.alive).push_back(relative);
        return true;
    }

    // Asked for the first difference: a start with nothing to change does without.
    FilesystemClass filesystem()
    {
        std::call_once(asked_, [this] {
            const Result<FilesystemFacts> facts = reader_.filesystem(root_);
            if (facts) filesystem_ = facts->kind;
        });
        return filesystem_;
    }

    static bool is_right(const Attributes& seen, const Wanted& wanted)
    {
        return wanted.owner == seen.owner && wanted.mode == seen.mode;
    }

    [[nodiscard]] bool is_worth_a_look(const Attributes& seen, const std::string& relative) const
    {
        return !options_.root_only || whole_ || may_hold_stale(relative) || differs(seen, relative);
    }

    // A name that has gone, or that somebody else has put something in the place of.
    static bool is_elsewhere(const Error& error) { return error.number == EXDEV || is_absent(error); }

    static Result<bool> stands(const Reader& reader, const DirectoryRef& root, const std::string& path,
                               const Attributes& seen)
    {
        const SplitPath split = split_path(path);
        const Result<DirectoryRef> at = open_below(reader, root, split.parent);
        if (!at && is_elsewhere(at.error())) return false;
        const std::optional<Attributes> now = TRY(find(reader, {TRY(at), split.name}));
        return now && same_inode(*now, seen) && now->links == seen.links;
    }

    // Looked up once more, all of them: one that was renamed during the walk may have been seen twice.
    static Result<bool> all_names_stand(const Reader& reader, const DirectoryRef& root, const Link& link)
    {
        std::uint32_t standing = 0;
        for (const std::string& name : link.names) standing += TRY(stands(reader, root, name, link.seen)) ? 1U : 0U;
        return standing == link.seen.links;
    }

    // A quick pass looks into the directories that the stale globs name first: "pid" of "pid/*.pid".
    [[nodiscard]] bool may_hold_stale(const std::string& relative) const
    {
        if (options_.stale == nullptr) return false;
        const auto is_inside = [&](const std::string& glob) { return glob.starts_with(relative + "/"); };
        return std::any_of(options_.stale->begin(), options_.stale->end(), is_inside);
    }

    [[nodiscard]] Wanted wanted_for(const std::string& relative, const Attributes& seen) const
    {
        Owner owner = seen.owner;
        if (const Renumbered* renumbered = options_.renumbered)
            owner = translate(seen.ctime <= renumbered->begun ? renumbered->numbers : renumbered->vacated, owner);
        if (options_.rules == nullptr) return kept_by(seen, owner);
        return options_.rules->wanted(relative, seen, owner);
    }

    // Is it a translated file of the one user, or one of the other that something else has touched?
    template <class Path>
    void note_if_undecided(const Attributes& seen, const Path& path)
    {
        const Renumbered* const renumbered = options_.renumbered;
        if (renumbered == nullptr) return;
        if (translate(renumbered->numbers, seen.owner) == translate(renumbered->vacated, seen.owner)) return;
        const std::lock_guard lock(mutex_);
        if (seen.ctime <= renumbered->begun) {
            ++totals_.decided;
            return;
        }
        if (totals_.undecided++ == 0) totals_.example_of_undecided = path();
    }

    void remember(const Attributes& seen, const std::string& relative, std::string path)
    {
        const std::lock_guard lock(mutex_);
        Link& link = links_[{seen.device, seen.inode}];
        link.seen = seen;
        link.path = std::move(path);
        link.names.insert(relative);
    }

    const World& world_;
    const Reader& reader_;
    const DirectoryRef root_;
    const OwnershipPassOptions& options_;
    std::vector<Glob> stale_, spare_;
    const Act& act_;
    std::atomic<std::uint64_t> looked_at_{0}, different_{0};
    std::mutex mutex_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, Link> links_;
    OwnershipTotals totals_;
    bool whole_ = false;
    std::once_flag asked_;
    FilesystemClass filesystem_ = FilesystemClass::network;
};

Result<std::vector<Glob>> compile(const std::vector<std::string>* patterns)
{
    std::vector<Glob> globs;
    if (patterns == nullptr) return globs;
    for (const std::string& pattern : *patterns) globs.push_back(TRY(Glob::compile(pattern)));
    return globs;
}

}  // namespace

bool concerns_itself_only(const Entry& entry)
{
    return !entry.ownership.empty() && std::all_of(entry.ownership.begin(), entry.ownership.end(),
                                                   [](const OwnershipRule& rule) { return rule.match == "."; });
}

Result<OwnershipTotals> ownership_pass(const World& world, const DirectoryRef& root,
                                       const OwnershipPassOptions& options,
                                       const std::function<Result<>(const Difference&)>& act)
{
    OwnershipVisitor visitor(world, root, options, TRY(compile(options.stale)), TRY(compile(options.spare)), act);
    const Attributes seen = TRY(world.reader.attributes(root));
    if (!options.itself_only) {
        if (visitor.differs(seen, "")) visitor.look_into_everything();
        TRY(walk(world.reader, root, InDirectory{{}, seen, is_settled(seen)}, visitor,
                 {options.jobs, Cross::no, &world.stop}));
        TRY(visitor.finish_links());
    }
    TRY(visitor.look_at({root, ""}, seen, ""));
    return visitor.totals();
}

Result<OwnershipTotals> ownership_of_file(const World& world, const Name& item, const OwnershipPassOptions& options,
                                          const std::function<Result<>(const Difference&)>& act)
{
    OwnershipVisitor visitor(world, item.at, options, {}, {}, act);
    TRY(visitor.look_at(item, TRY(world.reader.attributes(item)), ""));
    TRY(visitor.finish_links());
    return visitor.totals();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>

#include "engine/displaced_list.hpp"
#include "engine/remove_tree.hpp"
#include "engine/run_log.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

bool is_chosen(const DisplacedItem& item, const PruneOptions& options)
{
    if (!options.only.empty() && std::ranges::find(options.only, item.entry) == options.only.end()) return false;
    return options.older_than.empty() || item.created < options.older_than;
}

std::string removal_of(const DisplacedItem& item)
{
    return printable(item.id) + " (" + human_count(item.size.files, "file", "files") + ", " +
           human_bytes(item.size.bytes) + ")";
}

class Pruner {
public:
    Pruner(const World& world, const PruneOptions& options) : world_(world), options_(options), log_(world, {}) {}

    // An id that is not there ends it all: what else was named may be a slip, too.
    Result<> choose()
    {
        items_.clear();
        log_.report.findings.clear();
        leftovers_ = TRY(displaced_leftovers(world_));
        const std::vector<DisplacedItem> items = TRY(list_displaced(world_, log_.report.findings));
        for (const std::string& id : options_.ids) {
            const std::optional<DisplacedItem> item = item_named(items, id, log_.report.findings);
            if (item && std::ranges::find(items_, *item) == items_.end()) items_.push_back(*item);
            if (!item) log_.report.outcome = Outcome::blocked;
        }
        if (options_.ids.empty())
            std::ranges::copy_if(items, std::back_inserter(items_),
                                 [&](const DisplacedItem& item) { return is_chosen(item, options_); });
        return {};
    }

    Result<> work(Writer& writer)
    {
        const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(world_, writer, options_.lock_timeout));
        TRY(choose());
        if (log_.report.outcome != Outcome::done) return {};
        for (const std::string& name : leftovers_) TRY(remove_own(world_, writer, {workspace->staging(), name}));
        for (const DisplacedItem& item : items_) {
            if (world_.stop.requested()) {
                log_.stop_with(Error{ECANCELED, "", item.id, "", ""});
                break;
            }
            remove(writer, *workspace, item);
        }
        if (log_.report.changes.empty()) return {};
        const int status = log_.report.outcome == Outcome::done ? 0 : 5;
        return log_.record(*workspace, options_.version, "displaced prune", status);
    }

    [[nodiscard]] bool has_work() const
    {
        return log_.report.outcome == Outcome::done && !(items_.empty() && leftovers_.empty());
    }

    // would: it was only asked.
    DisplacedReport end(const Result<>& result, bool would)
    {
        if (!result) log_.stop_with(result.error());
        return {log_.take(), std::move(items_), would};
    }

private:
    void remove(Writer& writer, const Workspace& workspace, const DisplacedItem& item)
    {
        const Result<> removed = remove_displaced(world_, writer, workspace, item.id, Removal::asked(options_));
        if (removed) return log_.changed("removed displaced content: " + removal_of(item));
        log_.found(make_finding("displaced.failed", item.id, removed.error()));
        log_.report.outcome = Outcome::midway;
    }

    const World& world_;
    const PruneOptions& options_;
    RunLog log_;
    std::vector<DisplacedItem> items_;  // that are concerned
    std::vector<std::string> leftovers_;
};

}  // namespace

DisplacedReport plan_prune(const World& world, const PruneOptions& options)
{
    Pruner pruner(world, options);
    return pruner.end(pruner.choose(), true);
}

DisplacedReport prune_displaced(const World& world, Writer& writer, const PruneOptions& options)
{
    Pruner pruner(world, options);
    Result<> result = pruner.choose();
    if (result && pruner.has_work()) result = pruner.work(writer);
    return pruner.end(result, false);
}

}  // namespace mailstate

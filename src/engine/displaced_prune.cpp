// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>

#include "engine/displaced_list.hpp"
#include "engine/remove_tree.hpp"
#include "engine/run_report.hpp"
#include "mailstate/finding_table.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

bool is_chosen(const DisplacedItem& item, const PruneOptions& options)
{
    if (!options.only.empty() && std::ranges::find(options.only, item.entry) == options.only.end()) return false;
    return options.before.empty() || item.created < options.before;
}

std::string removal_of(const DisplacedItem& item)
{
    return printable(item.id) + " (" + human_count(item.size.files, "file", "files") + ", " +
           human_bytes(item.size.bytes) + ")";
}

class Pruner {
public:
    Pruner(const World& world, const PruneOptions& options) : world_(world), options_(options), started_(utc_now()) {}

    // An id that is not there ends it all: what else was named may be a slip, too.
    Result<> choose()
    {
        report_.items.clear();
        report_.run.findings.clear();
        leftovers_ = TRY(displaced_leftovers(world_));
        const std::vector<DisplacedItem> items = TRY(list_displaced(world_, report_.run.findings));
        for (const std::string& id : options_.ids) {
            const std::optional<DisplacedItem> item = item_named(items, id, report_.run.findings);
            if (item && std::ranges::find(report_.items, *item) == report_.items.end()) report_.items.push_back(*item);
            if (!item) report_.run.outcome = Outcome::blocked;
        }
        if (options_.ids.empty())
            std::ranges::copy_if(items, std::back_inserter(report_.items),
                                 [&](const DisplacedItem& item) { return is_chosen(item, options_); });
        return {};
    }

    Result<> work(Writer& writer)
    {
        const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(world_, writer, options_.lock_timeout));
        TRY(choose());
        if (report_.run.outcome != Outcome::done) return {};
        for (const std::string& name : leftovers_) TRY(remove_own(world_, writer, workspace->staging(), name));
        for (const DisplacedItem& item : report_.items) {
            if (world_.stop.requested()) {
                stop_with(Error{ECANCELED, "", item.id, "", ""});
                break;
            }
            remove(writer, *workspace, item);
        }
        if (report_.run.changes.empty()) return {};
        const int status = report_.run.outcome == Outcome::done ? 0 : 5;
        return record_run(*workspace,
                          {started_, "", "", options_.version, "displaced prune", status, report_.run.changes});
    }

    void stop_with(const Error& error) { stop_run(report_.run, world_.stop, error, report_.run.changes.empty()); }

    [[nodiscard]] bool has_work() const
    {
        return report_.run.outcome == Outcome::done && !(report_.items.empty() && leftovers_.empty());
    }

    DisplacedReport report_;

private:
    void remove(Writer& writer, const Workspace& workspace, const DisplacedItem& item)
    {
        const Result<> removed = remove_displaced(world_, writer, workspace, item.id, Removal::asked(options_));
        if (removed) return report_.run.changes.push_back("removed what was set aside: " + removal_of(item));
        report_.run.findings.push_back(make_finding("displaced.failed", item.id, removed.error()));
        report_.run.outcome = Outcome::midway;
    }

    const World& world_;
    const PruneOptions& options_;
    std::string started_;
    std::vector<std::string> leftovers_;
};

}  // namespace

DisplacedReport plan_prune(const World& world, const PruneOptions& options)
{
    Pruner pruner(world, options);
    const Result<> chosen = pruner.choose();
    if (!chosen) pruner.stop_with(chosen.error());
    pruner.report_.would = true;
    return std::move(pruner.report_);
}

DisplacedReport prune_displaced(const World& world, Writer& writer, const PruneOptions& options)
{
    Pruner pruner(world, options);
    Result<> result = pruner.choose();
    if (result && pruner.has_work()) result = pruner.work(writer);
    if (!result) pruner.stop_with(result.error());
    return std::move(pruner.report_);
}

}  // namespace mailstate

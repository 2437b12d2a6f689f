// SPDX-License-Identifier: MIT
// rollback: the order of the work, and what is said of it.
#include <algorithm>
#include <cerrno>

#include "engine/claims.hpp"
#include "engine/entry_places.hpp"
#include "engine/in_use.hpp"
#include "engine/measure.hpp"
#include "engine/read_history.hpp"
#include "engine/rollback_entry.hpp"
#include "engine/rolled_back.hpp"
#include "engine/run_log.hpp"
#include "engine/run_report.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/engine/rollback.hpp"
#include "mailstate/model/describe.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

// A service that is switched off may have left a link, too: all entries count.
Layout without_gates(Layout layout)
{
    for (Entry& entry : layout.entries) entry.enabled.clear();
    return layout;
}

Result<TreeSize> measure(const World& world, const Entry& entry, const Name& spot, StorageNames storage)
{
    if (entry.kind == Kind::regular) return measure_file(TRY(world.reader.attributes(spot)));
    MeasureOptions how;
    how.storage = storage;
    return measure_tree(world, TRY(world.reader.open_directory(spot, Cross::yes)), how);
}

// What was set aside since, where it is the origin as it was: names, kinds, sizes, modes, owners and times are those.
Result<> look_for_earlier_state(const World& world, const Entry& entry, const EntryBefore& before, ReturnSurvey& way)
{
    if (before.fingerprint.empty()) return {};
    for (const std::string& name : before.displaced) {
        const Result<Name> spot = find_returning(world, entry, name);
        const Result<TreeSize> size =
            spot ? measure(world, entry, *spot, StorageNames::content) : Result<TreeSize>(fail(spot.error()));
        // What could not be read now may be it: nothing else may go back in its place.
        if (!size && !is_absent(size.error())) return fail(size.error());
        if (!size || size->fingerprint != before.fingerprint) continue;  // pruned, or only a part of it
        way.displaced = name;
        way.size = *size;
        return {};
    }
    return {};
}

Result<ReturnSurvey> survey_return(const World& world, const Entry& entry, const EntryBefore* before)
{
    ReturnSurvey way;
    const Name from = TRY(find_destination(world, entry));
    const Name origin = TRY(find_origin(world, entry));
    way.device = TRY(world.reader.attributes(origin.at)).device;
    way.filesystem = TRY(world.reader.filesystem(origin.at));
    way.in_use_by = TRY(users_of(world.reader, from));
    way.size = TRY(measure(world, entry, from, storage_names_of(way)));
    if (before != nullptr) TRY(look_for_earlier_state(world, entry, *before, way));
    return way;
}

Result<RollbackSurvey> survey_returns(const World& world, const Survey& survey, const PlanOptions& options,
                                      const RollbackAim& aim)
{
    RollbackSurvey returns;
    for (const Entry& entry : world.layout.entries) {
        const EntrySurvey& seen = survey.entries.at(entry.name);
        const bool vacant = seen.origin == OriginState::link_home || seen.origin == OriginState::absent;
        const bool there =
            seen.destination == DestinationState::empty || seen.destination == DestinationState::populated;
        const EntryBefore* const before = entry_before(aim.earlier, entry.name);
        const bool stays = aim.earlier && (before == nullptr || before->on_volume);
        if (!vacant || !there || !is_selected(options, entry.name) || stays || seen.only_as_user) continue;
        Result<ReturnSurvey> way = survey_return(world, entry, before);
        if (!way && way.error().number == ECANCELED) return std::move(way).failure();
        ReturnSurvey& known = returns[entry.name];
        if (way)
            known = std::move(*way);
        else
            known.problem = way.error();
    }
    return returns;
}

// The history cannot say where to go back to.
Plan blocked_plan(const Survey& survey, const Layout& layout, const PlanOptions& options, const Error& error)
{
    Plan plan = empty_plan(survey, layout, options);
    block(plan, make_finding("rollback.unknown-run", error.subject, Error{0, "", "", error.message, error.hint}));
    return plan;
}

struct Planned {
    Plan plan;
    RollbackSurvey returns;
};

Result<Planned> look_and_plan(const World& world, const RollbackOptions& options)
{
    Survey survey = TRY(probe(world, options.plan));
    RollbackAim aim;
    aim.allow_in_use = options.allow_in_use;
    if (options.before) {
        const History history = TRY(read_history(world, survey.findings));
        Result<Earlier> earlier = state_before(history, *options.before);
        if (!earlier) return Planned{blocked_plan(survey, world.layout, options.plan, earlier.error()), {}};
        aim.earlier = std::move(*earlier);
    }
    RollbackSurvey returns = TRY(survey_returns(world, survey, options.plan, aim));
    return Planned{make_rollback_plan(survey, returns, world.layout, options.plan, aim), std::move(returns)};
}

std::string hint_of(const Error& error)
{
    if (!error.hint.empty()) return error.hint;
    if (error.number == ENOSPC || error.number == EDQUOT)
        return "Make room (or raise the quota) where the origin is, then run 'mailstate rollback' again. The state is "
               "on the volume, as before.";
    return "The state is on the volume, as before.";
}

class Rollback {
public:
    Rollback(const World& world, Writer& writer, const RollbackOptions& options)
        : world_(world), writer_(writer), options_(options), log_(world, options.said)
    {
    }

    Report run()
    {
        Result<> result = plan();
        if (result && has_work()) result = work();
        if (!result) log_.stop_with(result.error());
        return log_.take();
    }

private:
    Result<> plan()
    {
        Planned looked = TRY(look_and_plan(world_, options_));
        looked.plan.tool_version = options_.version;
        returns_ = std::move(looked.returns);
        log_.take_plan(std::move(looked.plan));
        return {};
    }

    [[nodiscard]] bool has_work() const { return has_changes(report_.plan); }

    // Under the lock everything is looked at again, since another run may have been at it until now.
    Result<> work()
    {
        workspace_ = TRY(Workspace::open(world_, writer_, options_.lock_timeout));
        TRY(plan());
        for (const PlanEntry& planned : report_.plan.entries) {
            if (planned.decision != Decision::roll_back) continue;
            world_.progress.total_files += planned.amount.files;
            world_.progress.total_bytes += planned.amount.bytes;
        }
        if (has_work())
            (void)remove_scratch_staging(world_, writer_, *workspace_);  // of killed runs; else the next apply
        if (has_work())
            for (std::size_t i = 0; i < report_.plan.entries.size() && !log_.stopped; ++i) roll_back_one(i);
        if (report_.changes.empty()) return {};
        return log_.record(*workspace_, options_.version, command(), exit_code_of(log_));
    }

    [[nodiscard]] std::string command() const
    {
        return options_.before ? "rollback --before " + std::to_string(*options_.before) : "rollback";
    }

    void roll_back_one(std::size_t index)
    {
        const PlanEntry& planned = report_.plan.entries[index];
        EntryReport& report = report_.entries[index];
        world_.progress.entry = static_cast<int>(index);
        const Entry& entry = entry_named(world_.layout, planned.name);
        const Result<> done =
            planned.decision == Decision::roll_back ? return_entry(planned, entry, report) : tidy(planned, entry);
        if (done) return;
        const bool was_stopped = done.error().number == ECANCELED && world_.stop.requested();
        report.outcome = was_stopped ? EntryOutcome::not_reached : EntryOutcome::failed;
        report.reason = describe(done.error());
        if (was_stopped) return log_.stop_with(done.error());
        const Severity severity = done.error().number == EBUSY ? Severity::warning : Severity::error;
        log_.found(make_finding(severity, "rollback.failed", planned.name, report.reason, hint_of(done.error())));
    }

    Result<> return_entry(const PlanEntry& planned, const Entry& entry, EntryReport& report)
    {
        const Content content = options_.verify_content ? Content::yes : Content::no;
        if (options_.begins && may_take_long(planned))
            options_.begins(describe(planned, Tense::doing) + amount_of(planned.amount));
        const Done done =
            TRY(roll_back_entry({world_, writer_, *workspace_, content, &log_.midway}, entry, returns_.at(entry.name)));
        report.outcome = EntryOutcome::rolled_back;
        report.copied = done.copied;
        log_.changed(describe(planned, Tense::done) + amount_of(done));
        for (const std::string& path : done.sockets) log_.found(socket_finding(planned.name, path));
        return {};
    }

    Result<> tidy(const PlanEntry& planned, const Entry& entry)
    {
        if (!planned.clear_leftover) return {};
        TRY(finish_rollback(world_, writer_, TRY(find_origin(world_, entry))));
        log_.changed("removed the old link that an earlier run had left beside " + printable(planned.origin));
        return {};
    }

    const World& world_;
    Writer& writer_;
    const RollbackOptions& options_;
    RunLog log_;
    Report& report_ = log_.report;
    RollbackSurvey returns_;
    std::unique_ptr<Workspace> workspace_;
};

}  // namespace

Result<Plan> plan_rollback(const World& world, const RollbackOptions& options)
{
    const Layout layout = without_gates(world.layout);
    const World all{world.reader, layout, world.settings, world.progress, world.stop, world.jobs};
    return TRY(look_and_plan(all, options)).plan;
}

Report roll_back(const World& world, Writer& writer, const RollbackOptions& options)
{
    const Layout layout = without_gates(world.layout);
    const World all{world.reader, layout, world.settings, world.progress, world.stop, world.jobs};
    return Rollback(all, writer, options).run();
}

}  // namespace mailstate

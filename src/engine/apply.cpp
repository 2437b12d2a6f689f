// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <set>

#include "engine/applier.hpp"
#include "engine/claims.hpp"
#include "engine/exchange_entry.hpp"
#include "engine/logger.hpp"
#include "engine/not_kept.hpp"
#include "engine/origin.hpp"
#include "engine/run_report.hpp"
#include "engine/workspace_state.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/describe.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

bool makes_link(Decision decision)
{
    return decision == Decision::move || decision == Decision::keep_destination || decision == Decision::link ||
           decision == Decision::create;
}

// A link that is there already. Where the ledger did not know it (it was lost), it is none of this run's doing.
void note_linked(Ledger& ledger, const std::string& name)
{
    const auto known = ledger.entries.find(name);
    if (known != ledger.entries.end() && known->second.phase != Phase::linked)
        change_of(ledger, name).after = Phase::linked;
    LedgerEntry& entry = ledger.entries[name];
    entry.phase = Phase::linked;
    entry.rollback.reset();
    entry.returned.reset();
    entry.adoption.reset();
}

// The destination is there and nothing is mounted at the origin: an adoption is over, whoever makes the link.
void note_unlinked(Ledger& ledger, const std::string& name)
{
    const auto [known, fresh] = ledger.entries.try_emplace(name);
    if (fresh || known->second.phase != Phase::adopted) return;
    change_of(ledger, name).after = Phase::published;
    known->second.phase = Phase::published;
    known->second.adoption.reset();
}

// Must the next run, too, ask whether an interrupted copy is where the destination should be? Also of an entry that
// this run leaves alone: a volume that lacks something now, or cannot be read, may be well at the next start.
bool is_to_be_likened(const Survey& survey, const PlanEntry& planned)
{
    const auto seen = survey.entries.find(planned.name);
    if (seen == survey.entries.end()) return false;
    const bool is_unread =
        seen->second.origin == OriginState::unreadable || seen->second.destination == DestinationState::unreadable;
    if (is_unread) return survey.volume.untouched;
    return seen->second.foreign_copy && seen->second.foreign_copy->likeness == Likeness::interrupted;
}

// Root may not work there: on a server that squashes root, without CAP_DAC_OVERRIDE, or after an error of the disk.
bool is_refused(const Error& error)
{
    return error.number == EACCES || error.number == EPERM || error.number == EROFS;
}

}  // namespace

Report apply(const World& world, Writer& writer, const ApplyOptions& options)
{
    return Applier(world, writer, options).run();
}

Applier::Applier(const World& world, Writer& writer, const ApplyOptions& options)
    : world_(world), writer_(writer), options_(options), log_(world, options.said)
{
    if (options.saved == nullptr) return;
    options_.plan = options.saved->options;
    options_.plan.command_follows = options.plan.command_follows;
    options_.plan.keep_going = options.plan.keep_going;
}

Report Applier::run()
{
    Result<> result = prepare();
    if (result && !is_settled()) {
        apply_entries();
        clear_unused_copies();
        apply_ownership();
        apply_binaries();
        result = record();
    }
    if (!result) log_.stop_with(result.error());
    if (workspace_) report_reclaimed();
    return log_.take();
}

// With something to change: the lock, then everything is looked at again, since another run may have been at it until
// now. What a step finds may leave nothing to do for the next.
Result<> Applier::prepare()
{
    TRY(plan());
    if (is_settled()) return {};
    if (!is_due()) return open_passage();
    for (const auto step : {&Applier::take_lock, &Applier::plan, &Applier::finish_interrupted_publishing,
                            &Applier::test_volume, &Applier::begin_as_users, &Applier::read_what_is_pristine,
                            &Applier::begin_on_volume, &Applier::open_passage}) {
        TRY((this->*step)());
        if (is_settled()) return {};
    }
    return {};
}

Result<> Applier::plan()
{
    const Survey earlier = std::move(survey_);
    survey_ = TRY(probe(world_, options_.plan, has_fresh_sizes() ? &earlier : nullptr));
    surveyed_ = std::chrono::steady_clock::now();
    take_what_is_known();
    TRY(decide());
    if (options_.saved != nullptr && !is_settled()) check_saved_plan();
    return {};
}

// Sizes are for the space and the progress: those of a moment ago will do, unless somebody else held the lock since. A
// saved plan's fingerprint is of the tree as it is.
bool Applier::has_fresh_sizes() const
{
    constexpr std::chrono::seconds moment{1};
    return options_.saved == nullptr && std::chrono::steady_clock::now() - surveyed_ < moment;
}

Result<> Applier::decide()
{
    Plan plan = make_plan(survey_, world_.layout, options_.plan);
    plan.tool_version = options_.version;
    TRY(pass_over_equals(plan));
    log_.take_plan(std::move(plan));
    return {};
}

// What another root has is compared each time, since its origins stay. Where that is all on the volume, there is
// nothing to take the lock for.
Result<> Applier::pass_over_equals(Plan& plan) const
{
    const auto is_compared = [](const PlanEntry& planned) { return planned.decision == Decision::set_aside; };
    if (workspace_ || std::ranges::none_of(plan.entries, is_compared)) return {};
    Plan foretold = plan;  // its findings are of a plan
    TRY(forecast_set_aside(world_, survey_, foretold));
    for (std::size_t i = 0; i < plan.entries.size(); ++i) plan.entries[i].decision = foretold.entries[i].decision;
    return {};
}

bool Applier::is_settled() const
{
    return report_.plan.nothing_to_do || report_.outcome != Outcome::done || log_.stopped;
}

// A volume that is read-only stays as it is.
bool Applier::reclaims() const
{
    return survey_.volume.workspace != WorkspaceState::sound && !survey_.volume.filesystem.read_only;
}

bool Applier::is_due() const
{
    return has_changes(report_.plan) || is_wanting(report_.plan) || reclaims();
}

Result<> Applier::take_lock()
{
    if (reclaims()) reclaimed_ = survey_.volume.workspace;
    const Result<Workspace*> opened = workspace();
    if (!opened && !is_refused(opened.error())) return fail(opened.error());
    if (!opened) refused_ = refused(opened.error().number);
    return {};
}

// A survey after it finds the workspace sound.
void Applier::report_reclaimed()
{
    const auto finding = workspace_finding(reclaimed_, world_.layout.state_dir + "/" + workspace_name);
    if (!finding) return;
    std::erase_if(report_.findings, [&](const Finding& found) { return found.code == finding->code; });
    log_.found(*finding);
}

Result<> Applier::read_what_is_pristine()
{
    Result<std::optional<Seal>> seal = read_seal(world_.reader);
    if (seal) seal_ = std::move(*seal);
    if (!seal) log_.found(make_finding("seal.unreadable", seal_path, describe(seal.error())));
    return {};
}

// As docker-mailserver's own script does since v15.0.1. What refuses it stays a finding, and the work goes on.
Result<> Applier::open_passage()
{
    const auto is_it = [](const Finding& finding) { return finding.code == "volume.closed"; };
    const auto is_used = [](const PlanEntry& planned) { return is_on_volume(planned.decision); };
    if (std::ranges::none_of(report_.findings, is_it) || survey_.volume.filesystem.read_only ||
        std::ranges::none_of(report_.plan.entries, is_used))
        return {};
    (void)TRY(workspace());
    const DirectoryRef volume = TRY(world_.reader.open(world_.layout.state_dir));
    const Attributes seen = TRY(world_.reader.attributes(volume));
    const Mode wanted{seen.mode.bits | 01U};
    log_.touched = true;
    if (!writer_.change_ownership(volume, seen, seen.owner, wanted)) return {};
    std::erase_if(report_.findings, is_it);
    log_.changed_besides("let services enter " + printable(world_.layout.state_dir) + ": its mode is " +
                         octal_mode(wanted.bits) + " and was " + octal_mode(seen.mode.bits));
    return {};
}

Result<> Applier::begin_on_volume()
{
    if (!workspace_) return {};
    Workspace& opened = *workspace_;
    claim_leftovers(opened);
    opened.ledger.tool_version = options_.version;
    opened.ledger.layout_name = world_.layout.name;
    opened.ledger.layout_version = world_.layout.version;
    for (const PlanEntry& planned : report_.plan.entries) {
        if (planned.as_user) continue;
        // From now on there is a workspace: a run after a kill could not tell any more.
        if (is_to_be_likened(survey_, planned)) opened.ledger.interrupted.insert(planned.name);
        if (planned.decision == Decision::in_place) note_linked(opened.ledger, planned.name);
        if (planned.decision == Decision::keep_unlinked || planned.decision == Decision::set_aside)
            note_unlinked(opened.ledger, planned.name);
    }
    log_.touched = log_.touched || report_.plan.renumber;
    const bool learnt = record_what_was_learnt(opened.ledger);
    TRY(renumber());
    if (!report_.plan.record && !learnt && reclaimed_ == WorkspaceState::sound) return {};
    return where_there_is_room(opened.save_ledger());
}

void Applier::claim_leftovers(Workspace& opened)
{
    std::set<std::string> resumable;
    for (const PlanEntry& planned : report_.plan.entries)
        if ((planned.decision == Decision::move || planned.decision == Decision::prepare) && !planned.as_user)
            resumable.insert(planned.name);
    const Result<Claimed> claimed = claim_staging(world_, writer_, opened, seal_, resumable);
    if (!claimed) log_.found(make_finding("volume.staging", "", describe(claimed.error())));
    for (const std::string& name : claimed ? claimed->foreign : std::vector<std::string>())
        log_.found(
            make_finding("volume.foreign-staging", name, "is in .mailstate/staging, but mailstate did not create it"));
    if (claimed) report_set_aside(claimed->set_aside);
}

// Copies of an interrupted run whose entries this one has not copied, whatever kept it: they are not asked for again.
void Applier::clear_unused_copies()
{
    if (!workspace_ || log_.stopped || world_.stop.requested()) return;
    const Result<Claimed> cleared = clear_kept_copies(world_, writer_, *workspace_, seal_);
    if (!cleared) log_.found(make_finding("volume.staging", "", describe(cleared.error())));
    if (cleared) report_set_aside(cleared->set_aside);
}

void Applier::report_set_aside(const std::vector<SetAsideCopy>& copies)
{
    for (const SetAsideCopy& copy : copies) {
        log_.changed_besides("set aside content that only an interrupted copy of " + copy.entry + " held");
        log_.found(copy_finding(copy));
    }
}

// A destination that is a mount of its own was being filled when a run was cut off. Its staging was whole and compared,
// so it is finished before anything is decided; where it is gone, the ledger's word does not count any more.
Result<> Applier::finish_interrupted_publishing()
{
    if (!workspace_) return {};
    const Run run = make_run(*workspace_);
    bool looked_at = false;
    for (const Entry& entry : world_.layout.entries) {
        if (!is_in_phase(run, entry, Phase::publishing) || !survey_.entries.contains(entry.name)) continue;
        const EntrySurvey& seen = survey_.entries.at(entry.name);
        looked_at = true;
        const bool in_place = seen.destination_mount || seen.publishing;
        if (in_place) report_set_aside(TRY(finish_publishing_of(run, entry)));
        const bool vacant = seen.destination != DestinationState::populated;
        if (!in_place && vacant) forget_entry(run, entry);
        if (!in_place && !vacant) {
            note_change(run, entry, Phase::published);
            workspace_->ledger.entries[entry.name].phase = Phase::published;
        }
        TRY(workspace_->save_ledger());
    }
    log_.touched = looked_at;
    return looked_at ? plan() : Result<>{};
}

Result<Workspace*> Applier::workspace()
{
    const std::lock_guard lock(mutex_);
    if (!workspace_) workspace_ = TRY(Workspace::open(world_, writer_, options_.lock_timeout));
    return workspace_.get();
}

Run Applier::make_run(Workspace& workspace)
{
    return {world_, writer_, workspace, options_, survey_, seal_, &log_.midway, std::nullopt};
}

void Applier::apply_entries()
{
    for (const PlanEntry& planned : report_.plan.entries) {
        if (!is_copied(planned)) continue;
        world_.progress.total_files += planned.amount.files;
        world_.progress.total_bytes += planned.amount.bytes;
    }
    for (std::size_t i = 0; i < report_.plan.entries.size() && !log_.stopped; ++i) apply_entry(i);
}

void Applier::apply_entry(std::size_t index)
{
    const PlanEntry& planned = report_.plan.entries[index];
    EntryReport& report = report_.entries[index];
    if (!changes_something(planned)) return;
    world_.progress.entry = static_cast<int>(index);
    const Entry& entry = entry_named(world_.layout, planned.name);
    Result<Workspace*> opened = workspace_of(planned);
    if (!opened && planned.as_user) return entry_failed(planned, report, opened.error());
    if (!opened) return log_.stop_with(opened.error());
    Run run = make_run(**opened);
    run.as_user = planned.as_user;
    log_.touched = true;  // whatever comes of it: that nothing was changed can be said no more
    const Result<EntryPlaces> places = open_places(run, entry);
    if (!places) return entry_failed(planned, report, places.error());
    Result<> cleaned = remove_unfinished_exchange(run, *places);
    if (cleaned) cleaned = clean_up_entry(run, planned, *places, report);
    if (!cleaned) return entry_failed(planned, report, cleaned.error());
    if (!changes_something(planned.decision)) return;
    const std::string step = describe(planned, Tense::doing) + amount_of(planned.amount);
    log_debug(planned.name + ": " + step);
    if (options_.begins && may_take_long(planned)) options_.begins(step);
    const Result<Done> done = execute(run, planned, *places);
    if (!done && done.error().number == not_kept) remember_not_kept(run, entry, done.error());
    if (!done) return entry_failed(planned, report, done.error());
    report_done(planned, report, *done, Said::decision);
}

Result<> Applier::clean_up_entry(const Run& run, const PlanEntry& planned, const EntryPlaces& places,
                                 EntryReport& report)
{
    if (planned.remove_nested_link)
        for (const std::string& directory : TRY(remove_nested_links(run, places)))
            log_.changed_besides("removed the link to " + printable(planned.destination) + " inside " +
                                 printable(directory));
    if (planned.put_back) {
        TRY(put_back_entry(run, places));
        log_.changed_besides("put back the content that an interrupted run had left beside " +
                             printable(planned.origin) + ": the volume has nothing of it");
    }
    if (!planned.clear_leftover) return {};
    const Done done = TRY(clear_entry_leftover(run, places));
    const std::string temporary = temporary_name(places.origin.name);
    const bool is_left = TRY(find(world_.reader, {places.origin.at, temporary})).has_value();
    if (!is_left)
        log_.changed_besides("removed the content that an interrupted run had left beside " +
                             printable(planned.origin));
    report_done(planned, report, done, Said::leftover);
    if (!is_left || !makes_link(planned.decision)) return {};
    return fail(Error{EEXIST, "", places.origin.at->path().text(temporary),
                      "cannot be removed, and is in the way of the link",
                      "Inspect its content, then remove it (immutable files: chattr -R -i -a)."});
}

Result<Done> Applier::execute(const Run& run, const PlanEntry& planned, const EntryPlaces& places)
{
    switch (planned.decision) {
        case Decision::move:
            return move_entry(run, places, planned.exchange);
        case Decision::prepare:
            return prepare_entry(run, places);
        case Decision::keep_destination:
            return keep_destination(run, places);
        case Decision::set_aside:
            return compare_entry(run, places);
        case Decision::link:
            return link_entry(run, places);
        case Decision::create:
            return create_entry(run, places);
        case Decision::restore:
            return restore_entry(run, places);
        case Decision::adopt:
        case Decision::refresh:
            return adopt_entry(run, places);
        default:
            return Done{};
    }
}

Result<> Applier::record()
{
    if (!workspace_ || (report_.changes.empty() && !report_.plan.record)) return {};
    Result<> recorded = log_.record(*workspace_, options_.version, "apply", exit_code_of(log_));
    if (recorded || !is_lack_of_space(recorded.error())) return recorded;
    log_.found(make_finding("history.no-space", "", describe(recorded.error())));  // all else is done
    return {};
}

}  // namespace mailstate

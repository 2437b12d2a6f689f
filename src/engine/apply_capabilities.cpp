// SPDX-License-Identifier: MIT
// What the volume can do, learnt before anything is moved; and the entries that are worked in as their own user.
#include <algorithm>
#include <cerrno>

#include "engine/applier.hpp"
#include "engine/entry_places.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

// Is there something to do in this destination whose filesystem has capabilities of its own?
bool is_to_be_tested(const PlanEntry& planned, const EntrySurvey& seen)
{
    return (is_on_volume(planned.decision) || planned.lacking) &&
           (seen.destination_mount || (planned.as_user && changes_something(planned.decision)));
}

}  // namespace

bool is_wanting(const Plan& plan)
{
    const auto lacks_something = [](const PlanEntry& planned) { return planned.lacking.has_value(); };
    return !plan.blocked && std::any_of(plan.entries.begin(), plan.entries.end(), lacks_something);
}

// What this run has learnt counts from then on, however often it looks again.
void Applier::take_what_is_known()
{
    if (is_lacking(refused_)) survey_.volume.capabilities.tested[Ability::create] = refused_;
    if (tested_) survey_.volume.capabilities = tested_->results;
    for (const auto& [name, tested] : tested_own_)
        if (survey_.entries.contains(name)) survey_.entries.at(name).capabilities = tested.results;
}

// Saved even where nothing is moved for it: the next start need not test again.
bool Applier::record_what_was_learnt(Ledger& ledger) const
{
    const TestedVolume before{ledger.volume, ledger.capabilities};
    const std::map<std::string, TestedVolume> mounts = ledger.mounts;
    if (tested_) {
        ledger.capabilities = tested_->results;
        ledger.volume = tested_->volume;
    }
    for (const auto& [name, tested] : tested_own_)
        if (survey_.entries.at(name).destination_mount) ledger.mounts[name] = tested;
    for (const std::string& name : untested_own_) ledger.mounts.erase(name);  // the next start tests, and sweeps, again
    return before != TestedVolume{ledger.volume, ledger.capabilities} || mounts != ledger.mounts;
}

void Applier::not_tested(const std::string& subject, const Error& error)
{
    survey_.findings.push_back(
        make_finding("volume.not-tested", subject, "what it supports could not be tested: " + describe(error)));
}

// A bad moment (a full volume, an I/O error) leaves it unknown: each move reads back what it does, all the same.
Result<> Applier::learn(const CapabilityTest& test, const FilesystemFacts& facts, TestedVolume& into)
{
    Result<Capabilities> found = test_capabilities(world_, writer_, test);
    if (!found) {
        not_tested(test.scratch.at->path().text(), found.error());
        return std::move(found).failure();
    }
    into = {volume_identity(facts, survey_.process), std::move(*found)};
    return {};
}

Result<> Applier::test_volume()
{
    if (!is_due()) return {};
    world_.progress.phase = "testing the volume";
    if (workspace_) {
        const CapabilityTest test{{workspace_->staging(), workspace_->staging_name(probe_name)},
                                  owners_to_test(world_.layout, survey_)};
        TestedVolume tested;
        if (learn(test, survey_.volume.filesystem, tested)) tested_ = std::move(tested);
        take_what_is_known();
        TRY(decide());  // who is to work as another user depends on it
    }
    for (const PlanEntry& planned : report_.plan.entries)
        if (survey_.entries.contains(planned.name) && is_to_be_tested(planned, survey_.entries.at(planned.name)))
            TRY(test_destination(planned));
    take_what_is_known();
    TRY(decide());
    return {};
}

Result<> Applier::test_destination(const PlanEntry& planned)
{
    const Entry& entry = entry_named(world_.layout, planned.name);
    if (entry.kind != Kind::directory) return {};
    const auto open = [&]() -> Result<DirectoryRef> {
        return open_destination(world_.reader, TRY(find_destination(world_, entry)), Cross::yes, planned.as_user);
    };
    const Result<DirectoryRef> at = open();
    if (!at) {
        not_tested(planned.destination, at.error());
        untested_own_.insert(planned.name);
        return {};
    }
    const Result<Workspace*> opened = workspace_of(planned);
    if (!opened && opened.error().number == EWOULDBLOCK) return fail(opened.error());
    if (!opened) {
        tested_own_[planned.name].results.tested = {{Ability::create, refused(opened.error().number)}};
        return {};
    }
    CapabilityTest test{{*at, scratch_prefix + (*opened)->run()}, owners_to_test(world_.layout, survey_)};
    if (planned.as_user) {
        test.scratch = {(*opened)->staging(), (*opened)->staging_name(probe_name)};  // swept when the move begins
    } else {
        (void)remove_scratch(world_, writer_, *at);  // what stays is in nobody's way
    }
    TestedVolume tested;
    if (learn(test, TRY(world_.reader.filesystem(*at)), tested))
        tested_own_[planned.name] = std::move(tested);
    else
        untested_own_.insert(planned.name);
    return {};
}

Result<Workspace*> Applier::workspace_of(const PlanEntry& planned)
{
    if (!planned.as_user) return workspace();
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Workspace>& own = own_workspaces_[planned.name];
    if (!own) {
        const Name spot = TRY(find_destination(world_, entry_named(world_.layout, planned.name)));
        const DirectoryRef inside = TRY(open_destination(world_.reader, spot, Cross::yes, planned.as_user));
        own = TRY(Workspace::open(world_, writer_, options_.lock_timeout, inside));
    }
    return own.get();
}

// What an earlier run began inside such a destination is finished before anything is decided, as on the volume.
Result<> Applier::begin_as_users()
{
    bool looked_at = false;
    for (const PlanEntry& planned : report_.plan.entries) {
        if (!planned.as_user || !changes_something(planned.decision)) continue;
        Workspace& own = *TRY(workspace_of(planned));
        claim_leftovers(own);
        own.ledger.tool_version = options_.version;
        own.ledger.layout_name = world_.layout.name;
        own.ledger.layout_version = world_.layout.version;
        const Entry& entry = entry_named(world_.layout, planned.name);
        Run run = make_run(own);
        run.as_user = planned.as_user;
        if (!is_in_phase(run, entry, Phase::publishing)) continue;
        report_set_aside(TRY(finish_publishing_of(run, entry)));
        TRY(own.save_ledger());
        looked_at = true;
    }
    return looked_at ? plan() : Result<>{};
}

}  // namespace mailstate

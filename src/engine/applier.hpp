// SPDX-License-Identifier: MIT
// One apply, from the survey to the last line of the history.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <set>

#include "engine/capability_test.hpp"
#include "engine/claims.hpp"
#include "engine/entry_move.hpp"
#include "engine/ownership.hpp"
#include "engine/run_log.hpp"

namespace mailstate {

// Does an entry, or its owners, stay as they are for what the volume lacks? Then it is tested again at each start: the
// remedy (an export without root_squash) shows in nothing that could be read.
bool is_wanting(const Plan& plan);

class Applier {
public:
    Applier(const World& world, Writer& writer, const ApplyOptions& options);
    Report run();

private:
    // apply.cpp: the order of the work
    Result<> plan();
    [[nodiscard]] bool has_fresh_sizes() const;
    Result<> decide();  // the same from what was seen and tested
    Result<> pass_over_equals(Plan& plan) const;
    [[nodiscard]] bool is_settled() const;
    Result<> prepare();
    [[nodiscard]] bool reclaims() const;
    [[nodiscard]] bool is_due() const;  // is there something to change, or to test again
    Result<> take_lock();
    void report_reclaimed();
    Result<> finish_interrupted_publishing();
    Result<> read_what_is_pristine();
    Result<> begin_on_volume();
    Result<> open_passage();  // through the state directory, for the services
    void apply_entries();
    void apply_entry(std::size_t index);
    Result<Done> execute(const Run& run, const PlanEntry& planned, const EntryPlaces& places);
    Result<> clean_up_entry(const Run& run, const PlanEntry& planned, const EntryPlaces& places, EntryReport& report);
    Result<> record();
    Result<Workspace*> workspace();  // made and locked when the first change is due; from any thread
    Run make_run(Workspace& workspace);
    void claim_leftovers(Workspace& opened);
    void clear_unused_copies();
    void report_set_aside(const std::vector<SetAsideCopy>& copies);

    // apply_capabilities.cpp: what the volume can do, and who works on it
    void take_what_is_known();
    [[nodiscard]] bool record_what_was_learnt(Ledger& ledger) const;  // true: the ledger says something else now
    Result<> test_volume();                                           // and decides again by it
    void not_tested(const std::string& subject, const Error& error);
    Result<> learn(const CapabilityTest& test, const FilesystemFacts& facts, TestedVolume& into);
    Result<> test_destination(const PlanEntry& planned);
    Result<Workspace*> workspace_of(const PlanEntry& planned);  // the volume's, or the one inside the destination
    Result<> begin_as_users();                                  // and looks again where something was done

    // apply_saved_plan.cpp
    void check_saved_plan();

    // apply_report.cpp: what is said of it
    void entry_failed(const PlanEntry& planned, EntryReport& report, const Error& error);
    Finding displaced_finding(const Displaced& displaced, EntryReport& report) const;  // and into the report
    Finding copy_finding(const SetAsideCopy& copy) const;
    enum class Said { decision, leftover };
    void report_done(const PlanEntry& planned, EntryReport& report, const Done& done, Said subject);

    // apply_ownership.cpp: owners and modes
    Result<> renumber();
    Result<> begin_renumbering();
    enum class TakenUp : bool { no, yes };                                         // of an interrupted run
    Result<bool> renumber_pass(const Translation& translation, TakenUp taken_up);  // false: something was refused
    void apply_ownership();
    Result<> own_entry(const PlanEntry& planned, EntryReport& report);
    Result<OwnershipTotals> own_target(const PlanEntry& planned, const Entry& entry,
                                       const OwnershipPassOptions& options,
                                       const std::function<Result<>(const Difference&)>& act, DirectoryRef& root);
    Result<> remove_stale(const PlanEntry& planned, const Entry& entry, const DirectoryRef& root,
                          const OwnershipTotals& totals);
    [[nodiscard]] bool may_be_quick(const PlanEntry& planned) const;
    void apply_binaries();
    Result<> own_binary(const Binary& binary);

    const World& world_;
    Writer& writer_;
    ApplyOptions options_;
    RunLog log_;
    Report& report_ = log_.report;
    Survey survey_;
    std::chrono::steady_clock::time_point surveyed_;
    std::optional<Seal> seal_;
    std::unique_ptr<Workspace> workspace_;
    std::map<std::string, std::unique_ptr<Workspace>> own_workspaces_;  // by entry: worked in as its user
    std::optional<TestedVolume> tested_;                                // in this run: the volume
    std::map<std::string, TestedVolume> tested_own_;                    // destinations with capabilities of their own
    std::set<std::string> untested_own_;                                // whose test failed in this run
    WorkspaceState reclaimed_ = WorkspaceState::sound;                  // what the workspace was before this run
    Tested refused_;                                                    // root may not make the workspace
    std::mutex mutex_;
};

}  // namespace mailstate

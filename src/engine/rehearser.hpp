// SPDX-License-Identifier: MIT
// One rehearsal, from the plan of the real world to the last finding.
#pragma once

#include <chrono>
#include <set>

#include "engine/rehearsal_entries.hpp"
#include "engine/rehearsal_scratch.hpp"

namespace mailstate {

struct Mark {  // a change of the run on the clone, as it was said
    std::string line;
    double at = 0;  // seconds since the run began
};

inline double seconds_since(std::chrono::steady_clock::time_point begun)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

class Rehearser {
public:
    Rehearser(const World& world, const Survey& survey, const RehearsalOptions& options);
    Rehearsal run();

private:
    // rehearse.cpp: the order of the work, and the place of the scratch
    Result<> look();
    bool is_allowed();
    Result<> work();
    template <class Work>
    Result<> step(const char* name, Work work)
    {
        const auto begun = std::chrono::steady_clock::now();
        Result<StepOutcome> outcome = work();
        out_.steps.push_back({name, seconds_since(begun), outcome ? *outcome : StepOutcome::failed});
        if (options_.apply.said)
            options_.apply.said(std::string("rehearsal: ") + name + ": " +
                                std::string(name_of(out_.steps.back().outcome)));
        if (!outcome) return std::move(outcome).failure();
        return {};
    }
    Result<> no_scratch(const Error& error);
    bool has_room();
    void say_what_differs();
    static std::string name_of_filesystem(const FilesystemFacts& facts);
    [[nodiscard]] bool keeps_owners() const;
    [[nodiscard]] std::optional<FilesystemFacts> filesystem_of_origins() const;
    [[nodiscard]] bool is_overlay() const;
    [[nodiscard]] WriterLimits limits() const;

    // rehearse_runs.cpp: the clone, and the runs on it
    Result<StepOutcome> clone(const DirectoryRef& scratch);
    Result<bool> clone_one(const CloneSite& site, CloneEntry& entry);
    ApplyOptions apply_options() const;
    Result<StepOutcome> apply_first(const World& world);
    double first_start(const Report& report, const std::vector<Mark>& marks, double seconds) const;
    double scale_of_entry(const std::string& name) const;
    double scale_of_names() const;
    Result<StepOutcome> verify_it(const World& world);
    Result<StepOutcome> apply_again(const World& world);
    Result<StepOutcome> roll_it_back(const World& world);
    Result<StepOutcome> compare(const World& world);
    [[nodiscard]] Result<bool> has_changed(const CloneEntry& entry, const PlanEntry& planned) const;

    // rehearse_report.cpp: what is said of it
    void take_entries(const Report& report);
    [[nodiscard]] bool is_left_alone(const std::string& name) const;
    Result<> not_interrupted(const Report& report) const;
    void found(Finding finding);
    [[nodiscard]] bool is_known(const Finding& finding) const;
    void take_findings(const std::vector<Finding>& findings);
    void refuse(Finding finding);
    void stop_with(const Error& error);
    [[nodiscard]] std::string why_untested() const;
    [[nodiscard]] bool is_undone(const RehearsedEntry& entry) const;
    void judge();

    const World& real_;
    const Survey& survey_;
    const RehearsalOptions& options_;
    std::unique_ptr<Writer> writer_;
    Candidates candidates_;
    std::unique_ptr<RehearsalScratch> scratch_;
    std::unique_ptr<Reader> reader_;  // of the clone
    std::optional<Owner> owner_;      // of everything in the clone, where owners cannot be kept
    std::vector<std::string> rolled_back_;
    std::set<std::string> owned_;  // whose owners and modes were put right
    Rehearsal out_;
};

}  // namespace mailstate

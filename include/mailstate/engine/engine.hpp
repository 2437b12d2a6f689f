// SPDX-License-Identifier: MIT
// The verbs. probe, check, plan and verify get a Reader; apply and seal a Writer too.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mailstate/engine/stop.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/writer.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/layout.hpp"
#include "mailstate/model/plan.hpp"
#include "mailstate/model/seal.hpp"
#include "mailstate/model/settings.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

struct World {  // what every verb needs
    const Reader& reader;
    const Layout& layout;
    const Settings& settings;
    Progress& progress;
    const Stop& stop;
    int jobs = 1;  // threads of a walk, 1 or more
    // Where origins are below another root: the root that the run is for, by whose passwd and group owners are known,
    // and which the volume is mounted in. Null: the reader's.
    const Reader* here = nullptr;
    // May an origin become the destination by one rename? Not in a clone, where all is on one filesystem, for what is
    // on two.
    bool exchanges = true;
};

// Of /etc/passwd and /etc/group below the reader's root. One that is absent is a finding, one that cannot be read an
// error.
Result<Identities> read_identities(const Reader& reader, std::vector<Finding>& findings);

// What is there. Error only where nothing can be said at all (no /proc, no passwd is a finding).
// earlier: a survey of moments ago, whose sizes are taken over: a tree is measured once; null: measured now.
Result<Survey> probe(const World& world, const PlanOptions& options, const Survey* earlier = nullptr);

// What the volume, and each destination with a filesystem or a user of its own, can do, by doing it; into the survey.
// Leaves no trace. Error: what a test says nothing of: another run holds the lock (EWOULDBLOCK), a full volume.
Result<> write_test(const World& world, Writer& writer, Survey& survey, std::chrono::milliseconds lock_timeout);

// Why the volume lacks what entries of the layout need, and what else is worth knowing of it.
std::vector<Finding> volume_findings(const Survey& survey, const Layout& layout);

enum class OwnershipPass { full, quick };

// What the ownership pass of an apply would change, into the survey, for plan and verify; apply itself finds out as it
// goes. Findings: hard links to outside, names that the image lacks.
std::vector<Finding> survey_ownership(const World& world, Survey& survey, const PlanOptions& options,
                                      OwnershipPass pass = OwnershipPass::full);

// What apply would set aside, into the plan's entries and findings, for plan; apply itself sees it as it goes. Reads
// what origin and destination both have, and changes nothing.
Result<> forecast_set_aside(const World& world, const Survey& survey, Plan& plan);

// Volume and entries against what the layout needs. Sorted by severity, worst first.
std::vector<Finding> check(const Survey& survey, const Layout& layout, const PlanOptions& options);

enum class Outcome {
    done,         // exit 0: things may have been left alone, each with a finding
    blocked,      // exit 4: nothing was changed
    midway,       // exit 5: stopped in the middle, safe to run again
    locked,       // exit 75
    interrupted,  // exit 128 + signal
};

// What became of an entry's decision.
enum class EntryOutcome {
    not_reached,  // planned, and not done: the run ended before
    moved,
    linked,
    created,    // an empty destination
    copied,     // no link was to be made
    set_aside,  // what the destination lacked was set aside; linked, unless the origin is below another root
    rolled_back,
    in_place,  // it was before
    left_alone,
    failed,
    disabled,
};
std::string_view name_of(EntryOutcome outcome);    // "not-reached", "moved" …
EntryOutcome outcome_at_first(Decision decision);  // before anything was done
EntryOutcome outcome_when_done(Decision decision);

struct EntryReport {
    std::string name;
    Decision decision = Decision::leave_alone;  // as planned
    std::string reason;
    EntryOutcome outcome = EntryOutcome::not_reached;
    Amount copied;
    std::uint64_t owners_changed = 0;
    std::uint64_t displaced = 0;  // files set aside
    std::string displaced_to;     // path as seen from inside
};

struct Report {
    Plan plan;
    std::vector<EntryReport> entries;  // in the plan's order
    std::vector<Finding> findings;
    std::vector<std::string> changes;  // one sentence each, in the order they were done
    std::vector<std::string> besides;  // those of them that no entry's line tells: binaries, stale names, renumbering
    Outcome outcome = Outcome::done;
    std::chrono::milliseconds elapsed{0};
};

struct ApplyOptions {
    PlanOptions plan;
    bool verify_content = false;  // --verify=content
    OwnershipPass ownership = OwnershipPass::full;
    std::chrono::milliseconds lock_timeout{60'000};
    const Plan* saved = nullptr;                          // apply --plan FILE: refuse where the world has changed since
    std::string version;                                  // of this program, for the ledger
    std::function<void(const std::string& line)> said;    // each change as it is done
    std::function<void(const std::string& line)> begins;  // a step that may take long
};

// Errors are in the report: outcome and findings.
Report apply(const World& world, Writer& writer, const ApplyOptions& options);

// Everything enabled is a link to a present destination with the declared owners, nothing is pending. Errors are what
// is not as the layout promises; what is left alone for a mount is a warning. A quick pass looks at the entries
// themselves only: services that run may give what is inside to whom they like.
std::vector<Finding> verify(const World& world, const PlanOptions& options, OwnershipPass pass = OwnershipPass::full);

// The pristine state under the origins of every entry, enabled or not.
Result<Seal> make_seal(const World& world, std::string version);
Result<> write_seal(const Reader& reader, Writer& writer, const Seal& seal);
Result<std::optional<Seal>> read_seal(const Reader& reader);  // nothing where the image has none

}  // namespace mailstate

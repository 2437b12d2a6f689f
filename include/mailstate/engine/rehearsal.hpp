// SPDX-License-Identifier: MIT
// Rehearsal: the whole upgrade on a clone of the real state. The originals are only read.
//
// The plan is made of the real world; what it would change is cloned below a scratch directory, with what of the image
// and of the volume's records it needs, and the same apply runs there, twice, with verify and roll back. A clone has no
// mounts and no running services: what lies on them is judged by the plan alone, as the real run leaves it alone.
//
//   <scratch>/lock      held as long as the rehearsal runs; without it the scratch is a leftover, and removed
//   <scratch>/root/     the clone, a root of its own: etc/passwd, var/lib/redis, var/mail-state …
//   <scratch>/outside/  the other names of files that have some outside of their entry
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailstate/engine/engine.hpp"
#include "mailstate/fs/writer_limits.hpp"

namespace mailstate {

enum class StepOutcome { done, failed, skipped };
std::string_view name_of(StepOutcome outcome);  // "done", "failed", "skipped"

struct RehearsalStep {
    std::string name;  // "clone", "apply", "verify", "apply again", "roll back", "compare", "check"
    double seconds = 0;
    StepOutcome outcome = StepOutcome::done;
};

struct RehearsedEntry {
    PlanEntry planned;                     // the decision over the real world
    std::optional<EntryReport> rehearsed;  // what the apply made of it on the clone; nothing where it is not in there
    bool sampled = false;                  // only a part of its files was cloned
    bool uncloned = false;                 // it should be in there, and could not be cloned: undone, too
    bool undone = false;                   // the real run would leave it as it is, and somebody should know
};

struct SpaceForecast {           // of the place of the real run and of that of the rehearsal, in bytes
    std::uint64_t needed = 0;    // by the first start, on the volume
    std::uint64_t free = 0;      // there
    std::uint64_t scratch = 0;   // that the rehearsal asked for
    std::uint64_t headroom = 0;  // that is kept free
};

struct Rehearsal {
    Plan plan;
    std::vector<RehearsedEntry> entries;  // in the plan's order
    std::vector<Finding> findings;        // of the plan, of the runs on the clone, and of the rehearsal
    Amount amount;                        // that the first start copies, of what was rehearsed
    std::optional<double> first_start;    // seconds; nothing where it did not come to that
    std::optional<double> later_start;    //
    std::optional<std::uint64_t> sample;  // files an entry at most; then the times are extrapolated
    Amount cloned;
    SpaceForecast space;
    Capabilities capabilities;  // of the volume: as tested in the clone, else as the ledger has them
    std::string untested;       // why there are none: "the clone was elsewhere (--scratch)"
    std::vector<RehearsalStep> steps;
    std::vector<std::string> not_rehearsed;  // sentences
    bool scratch_is_gone = true;             // false: the findings say what is left, and why
    Outcome outcome = Outcome::done;  // of the rehearsal: blocked, locked, interrupted; midway where a step broke
};

struct RehearsalOptions {
    ApplyOptions apply;   // of the run that is rehearsed
    std::string scratch;  // a directory of root's or our own, as this process sees it; empty: on the volume
    std::optional<std::uint64_t> sample;  // clone no more than about so many files of an entry
    std::function<Result<std::unique_ptr<Reader>>(const Path& root)> make_reader;  // of what lies below a directory
    // The same of one that is open: whoever may rename what leads there cannot put another in its place.
    std::function<Result<std::unique_ptr<Reader>>(const DirectoryRef& root)> make_reader_of;
    std::function<std::unique_ptr<Writer>(WriterLimits limits)> make_writer;
};

// The survey is of moments ago, with what the ownership pass would change not counted. Errors are in the answer:
// outcome and findings. The scratch is gone afterwards; after a kill the next rehearsal there, or the next apply,
// removes it.
Rehearsal rehearse(const World& world, const Survey& survey, const RehearsalOptions& options);

}  // namespace mailstate

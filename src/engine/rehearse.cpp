// SPDX-License-Identifier: MIT
// rehearse: the order of the work.
#include <linux/capability.h>

#include <algorithm>
#include <cerrno>

#include "engine/destination.hpp"
#include "engine/measure.hpp"
#include "engine/rehearsal_compare.hpp"
#include "engine/rehearsal_entries.hpp"
#include "engine/rehearsal_scratch.hpp"
#include "engine/run_report.hpp"
#include "mailstate/describe.hpp"
#include "mailstate/rollback.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun)
{
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

struct Mark {  // a change of the run on the clone, as it was said
    std::string line;
    double at = 0;  // seconds since the run began
};

class Rehearser {
public:
    Rehearser(const World& world, const Survey& survey, const RehearsalOptions& options)
        : real_(world), survey_(survey), options_(options), writer_(options.make_writer({}))
    {
    }

    Rehearsal run()
    {
        Result<> done = look();
        if (done && !candidates_.entries.empty() && is_allowed()) done = work();
        const Result<> removed = scratch_ ? scratch_->remove(*writer_) : Result<>{};
        if (!done) stop_with(done.error());
        if (!removed)
            found({Severity::error, "rehearsal.leftover", options_.scratch, describe(removed.error()),
                   "The next rehearsal there, or the next apply, removes it."});
        judge();
        return std::move(out_);
    }

private:
    Result<> look()
    {
        out_.plan = make_plan(survey_, real_.layout, options_.apply.plan);
        out_.plan.tool_version = options_.apply.version;
        out_.findings = out_.plan.findings;
        out_.sample = options_.sample;
        for (const PlanEntry& planned : out_.plan.entries) out_.entries.push_back({planned, std::nullopt, false, false});
        candidates_ = TRY(find_candidates(real_, survey_, out_.plan, options_));
        out_.not_rehearsed = candidates_.left_out;
        for (const PlanEntry& planned : out_.plan.entries)
            if (is_copied(planned.decision))
                out_.space.needed += survey_.entries.at(planned.name).size.value_or(TreeSize{}).bytes;
        out_.space.free = survey_.volume.filesystem.free_bytes;
        out_.space.headroom = survey_.volume.headroom;
        return {};
    }

    // Inodes tell by their ctime what a renumbering has done already; those of a clone are all new.
    bool is_allowed()
    {
        if (!survey_.ledger || !survey_.ledger->translation) return true;
        refuse({Severity::error, "rehearsal.renumbering", real_.layout.state_dir,
                "owners on the volume are being renumbered by a run that was cut off",
                "Run 'mailstate apply' to its end first."});
        return false;
    }

    Result<> work()
    {
        Result<std::unique_ptr<RehearsalScratch>> scratch = RehearsalScratch::find(real_, options_);
        if (!scratch) return no_scratch(scratch.error());
        scratch_ = std::move(*scratch);
        if (!has_room()) return {};
        const Result<DirectoryRef> made = scratch_->make(*writer_);
        if (!made) return no_scratch(made.error());
        say_what_differs();
        TRY(step("clone", [&] { return clone(*made); }));
        if (candidates_.entries.empty()) return {};
        const World world{*reader_, real_.layout, real_.settings, real_.progress, real_.stop, real_.jobs};
        TRY(step("apply", [&] { return apply_first(world); }));
        const bool go_on = out_.steps.back().outcome == StepOutcome::done;
        if (!go_on) return {};
        TRY(step("verify", [&] { return verify_it(world); }));
        TRY(step("apply again", [&] { return apply_again(world); }));
        TRY(step("roll back", [&] { return roll_it_back(world); }));
        return step("compare", [&] { return compare(world); });
    }

    template <class Work>
    Result<> step(const char* name, Work work)
    {
        const auto begun = Clock::now();
        Result<StepOutcome> outcome = work();
        out_.steps.push_back({name, seconds_since(begun), outcome ? *outcome : StepOutcome::failed});
        if (options_.apply.said) options_.apply.said(std::string("rehearsal: ") + name + ": " +
                                                     std::string(name_of(out_.steps.back().outcome)));
        if (!outcome) return std::move(outcome).failure();
        return {};
    }

    // The place of the scratch.

    Result<> no_scratch(const Error& error)
    {
        if (error.number == ECANCELED || error.number == EWOULDBLOCK) return fail(error);
        const bool on_volume = options_.scratch.empty();
        refuse({Severity::error, "rehearsal.no-scratch", on_volume ? real_.layout.state_dir : options_.scratch,
                "no scratch directory can be made: " + describe(error),
                !error.hint.empty() ? error.hint
                                    : "Name a directory with room for the clone with --scratch, one of a filesystem "
                                      "like the volume's."});
        return {};
    }

    bool has_room()
    {
        const Room needed = room_for(candidates_.entries);
        out_.space.scratch = needed.bytes;
        const std::uint64_t headroom = survey_.volume.headroom;
        Room left = room_of(scratch_->filesystem(), headroom);
        const std::string where = scratch_->is_on_volume() ? "the volume" : printable(options_.scratch);
        const std::optional<std::string> shortage = reserve(left, needed, headroom, where);
        if (!shortage) return true;
        refuse({Severity::error, "rehearsal.no-space",
                scratch_->is_on_volume() ? real_.layout.state_dir : options_.scratch,
                "the clone does not fit: " + *shortage,
                "Rehearse with a part of the files (--sample 10000), or elsewhere (--scratch DIR)."});
        return false;
    }

    // What is not as the real run would find it.
    void say_what_differs()
    {
        const auto say = [&](std::string text) { out_.not_rehearsed.push_back(std::move(text)); };
        const FilesystemFacts& here = scratch_->filesystem();
        if (!scratch_->is_on_volume())
            say("what the volume refuses, and how fast it is: the clone was on " + name_of_filesystem(here) +
                ", the volume is " + name_of_filesystem(survey_.volume.filesystem));
        if (is_overlay())
            say("the overlay below the origins: the clone was on " + name_of_filesystem(here));
        if (!keeps_owners()) {
            say("owners: this process may not give files away, so that everything in the clone belonged to it");
            found({Severity::warning, "rehearsal.owners", "process",
                   "CAP_CHOWN is missing: rehearsed as if every file and user were one's own",
                   "The real run needs it; rehearse as root to see owners, too."});
        }
    }

    static std::string name_of_filesystem(const FilesystemFacts& facts)
    {
        return printable(facts.type) + (facts.source.empty() ? "" : " " + printable(facts.source));
    }

    [[nodiscard]] bool keeps_owners() const { return has_capability(survey_.process, CAP_CHOWN); }

    [[nodiscard]] std::optional<FilesystemFacts> filesystem_of_origins() const
    {
        const Result<Spot> spot = origin_spot(real_, *candidates_.entries.front().entry);
        if (!spot) return std::nullopt;
        const Result<FilesystemFacts> facts = real_.reader.filesystem(spot->at);
        return facts ? std::optional(*facts) : std::nullopt;
    }

    [[nodiscard]] bool is_overlay() const
    {
        const std::optional<FilesystemFacts> facts = filesystem_of_origins();
        return facts && facts->type == "overlay";
    }

    // The clone has origins and volume on one filesystem. The real run may have them on two.
    [[nodiscard]] WriterLimits limits() const
    {
        WriterLimits limits;
        const std::optional<FilesystemFacts> facts = filesystem_of_origins();
        const FilesystemFacts& volume = survey_.volume.filesystem;
        limits.shares_data = facts && facts->type == volume.type && facts->source == volume.source;
        limits.exchanges_directories = !is_overlay();
        return limits;
    }

    // The clone.

    Result<StepOutcome> clone(const DirectoryRef& scratch)
    {
        real_.progress.phase = "cloning";
        (void)TRY(writer_->make_directory(scratch, "root", Mode{0755}));
        DirectoryRef root = TRY(real_.reader.open_directory(scratch, "root", Cross::no));
        if (!keeps_owners()) {
            owner_ = TRY(real_.reader.attributes(root)).owner;
            root = TRY(real_.reader.open_directory_as(scratch, "root", Cross::no, *owner_));
        }
        const CloneSite site{real_, *writer_, survey_, root,
                             TRY(writer_->make_directory(scratch, "outside", Mode{0700}))};
        for (const std::string& missing : TRY(clone_records(site)))
            out_.not_rehearsed.push_back("what needs " + missing);
        for (const CloneEntry& entry : candidates_.entries) {
            real_.progress.total_files += entry.sample.part_of(entry.origin.files + entry.destination.files);
            real_.progress.total_bytes += entry.sample.part_of(entry.origin.data + entry.destination.data);
        }
        std::vector<CloneEntry> whole;
        for (CloneEntry& entry : candidates_.entries)
            if (TRY(clone_one(site, entry))) whole.push_back(std::move(entry));
        candidates_.entries = std::move(whole);
        for (const CloneEntry& entry : candidates_.entries) candidates_.options.only.push_back(entry.entry->name);
        reader_ = TRY(options_.make_reader(TRY(real_.reader.outer_location(root))));
        // Else the real work's first sync would pay for it.
        real_.progress.phase = "syncing";
        TRY(writer_->sync_filesystem(scratch));
        return candidates_.entries.empty() ? StepOutcome::failed : StepOutcome::done;
    }

    // False: it could not be cloned whole, and is left out.
    Result<bool> clone_one(const CloneSite& site, CloneEntry& entry)
    {
        real_.progress.entry = static_cast<int>(entry.index);
        Result<ClonedEntry> cloned = clone_entry(site, *entry.entry, entry.sample);
        const std::string name = printable(entry.entry->name);
        if (!cloned) {
            const Error& error = cloned.error();
            const bool ends_all = error.number == ECANCELED || error.number == ENOSPC || error.number == EDQUOT;
            if (ends_all) return std::move(cloned).failure();
            out_.not_rehearsed.push_back(name + ": it could not be cloned, " + describe(error));
            return false;
        }
        entry.cloned = *cloned;
        out_.entries[entry.index].sampled = !entry.sample.is_whole();
        out_.cloned_files += part_of(entry).names;
        out_.cloned_bytes += part_of(entry).bytes;
        if (cloned->immutable > 0)
            out_.not_rehearsed.push_back(name + ": " + human_count(cloned->immutable, "name is", "names are") +
                                         " immutable (chattr), which a clone is not");
        return true;
    }

    // The runs on it.

    ApplyOptions apply_options() const
    {
        ApplyOptions wanted = options_.apply;
        wanted.plan = candidates_.options;
        wanted.saved = nullptr;
        wanted.said = nullptr;
        return wanted;
    }

    Result<StepOutcome> apply_first(const World& world)
    {
        const std::unique_ptr<Writer> writer = options_.make_writer(limits());
        ApplyOptions wanted = apply_options();
        std::vector<Mark> marks;
        const auto begun = Clock::now();
        wanted.said = [&](const std::string& line) { marks.push_back({line, seconds_since(begun)}); };
        const Report report = apply(world, *writer, wanted);
        const double seconds = seconds_since(begun);
        take_findings(report.findings);
        take_entries(report);
        TRY(not_interrupted(report));
        if (report.outcome != Outcome::done) return StepOutcome::failed;
        out_.first_start = first_start(report, marks, seconds);
        for (const CloneEntry& entry : candidates_.entries) {
            const PlanEntry& planned = out_.plan.entries[entry.index];
            if (!is_copied(planned.decision)) continue;
            out_.files += planned.files;
            out_.bytes += planned.bytes;
        }
        return StepOutcome::done;
    }

    double first_start(const Report& report, const std::vector<Mark>& marks, double seconds) const
    {
        std::vector<Lap> laps;
        double last = 0;
        std::size_t next = 0;
        for (std::size_t i = 0; i < report.plan.entries.size(); ++i) {
            const std::string said = describe(report.plan.entries[i], Tense::done);
            const auto from = marks.begin() + static_cast<std::ptrdiff_t>(next);
            const auto mark =
                std::find_if(from, marks.end(), [&](const Mark& each) { return each.line.starts_with(said); });
            if (mark == marks.end()) continue;
            next = static_cast<std::size_t>(mark - marks.begin()) + 1;
            laps.push_back({mark->at - last, scale_of_entry(report.plan.entries[i].name)});
            last = mark->at;
        }
        return forecast(laps, {seconds - last, scale_of_names()});
    }

    double scale_of_entry(const std::string& name) const
    {
        for (const CloneEntry& entry : candidates_.entries)
            if (entry.entry->name == name && !entry.sample.is_whole()) return scale_of(whole_of(entry), part_of(entry));
        return 1;
    }

    // Of what looks at every name and at no content.
    double scale_of_names() const
    {
        Load whole, part;
        bool sampled = false;
        for (const CloneEntry& entry : candidates_.entries) {
            whole.names += whole_of(entry).names;
            part.names += part_of(entry).names;
            sampled = sampled || !entry.sample.is_whole();
        }
        return sampled ? scale_of(whole, part) : 1;
    }

    void take_entries(const Report& report)
    {
        for (const EntryReport& done : report.entries) {
            const auto at = std::ranges::find_if(
                out_.entries, [&](const RehearsedEntry& entry) { return entry.planned.name == done.name; });
            if (at == out_.entries.end()) continue;
            at->rehearsed = done;
            if (done.decision == at->planned.decision) continue;
            found({Severity::warning, "rehearsal.differs", done.name,
                   "the plan says " + std::string(name_of(at->planned.decision)) + ", the rehearsal ended with " +
                       std::string(name_of(done.decision)) + ": " + done.reason,
                   "The real run ends so, too: what it says is to be put right first."});
        }
    }

    [[nodiscard]] bool is_left_alone(const std::string& name) const
    {
        return std::ranges::any_of(out_.entries, [&](const RehearsedEntry& entry) {
            return entry.planned.name == name && entry.rehearsed && entry.rehearsed->decision == Decision::leave_alone;
        });
    }

    Result<StepOutcome> verify_it(const World& world)
    {
        StepOutcome outcome = StepOutcome::done;
        for (Finding& finding : verify(world, candidates_.options, options_.apply.ownership)) {
            const bool is_said = finding.severity != Severity::error || is_left_alone(finding.subject) || is_known(finding);
            if (is_said || candidates_.options.no_link) continue;
            outcome = StepOutcome::failed;
            found(std::move(finding));
        }
        if (real_.stop.requested()) return fail(stopped_error(""));
        return outcome;
    }

    Result<StepOutcome> apply_again(const World& world)
    {
        const std::unique_ptr<Writer> writer = options_.make_writer(limits());
        const auto begun = Clock::now();
        const Report report = apply(world, *writer, apply_options());
        const double seconds = seconds_since(begun);
        TRY(not_interrupted(report));
        if (report.outcome == Outcome::done) out_.later_start = seconds * scale_of_names();
        if (report.outcome == Outcome::done && report.changes.empty()) return StepOutcome::done;
        take_findings(report.findings);
        for (const std::string& change : report.changes)
            found({Severity::error, "rehearsal.changes-again", real_.layout.state_dir, "a second run " + change,
                   "A second run must change nothing: something undoes what the first did."});
        return StepOutcome::failed;
    }

    Result<StepOutcome> roll_it_back(const World& world)
    {
        if (candidates_.options.no_link) return StepOutcome::skipped;
        RollbackOptions wanted;
        wanted.plan = candidates_.options;
        wanted.verify_content = options_.apply.verify_content;
        wanted.lock_timeout = options_.apply.lock_timeout;
        wanted.version = options_.apply.version;
        const Report report = roll_back(world, *writer_, wanted);
        TRY(not_interrupted(report));
        take_findings(report.findings);
        StepOutcome outcome = report.outcome == Outcome::done ? StepOutcome::done : StepOutcome::failed;
        for (const EntryReport& done : report.entries) {
            if (done.decision == Decision::roll_back) rolled_back_.push_back(done.name);
            if (done.decision == Decision::roll_back || is_left_alone(done.name)) continue;
            outcome = StepOutcome::failed;
            found({Severity::warning, "rehearsal.no-way-back", done.name, done.reason,
                   "Once it was moved, roll back would leave it on the volume."});
        }
        return outcome;
    }

    Result<StepOutcome> compare(const World& world)
    {
        real_.progress.phase = "comparing";
        StepOutcome outcome = StepOutcome::skipped;
        const bool coarse = lacks(inferred_capabilities(scratch_->filesystem()), "mtime-ns");
        for (const CloneEntry& entry : candidates_.entries) {
            const PlanEntry& planned = out_.plan.entries[entry.index];
            const bool linked = !candidates_.options.no_link;
            if (!has_beginning(planned.decision) || is_left_alone(planned.name)) continue;
            if (linked && std::ranges::find(rolled_back_, planned.name) == rolled_back_.end()) continue;
            const Result<> same = compare_with_beginning(
                {real_, world, survey_, planned, entry.sample, linked, coarse, owner_}, *entry.entry);
            if (!same && same.error().number == ECANCELED) return fail(same.error());
            if (same && outcome == StepOutcome::skipped) outcome = StepOutcome::done;
            if (same) continue;
            if (TRY(has_changed(entry, planned))) {
                out_.not_rehearsed.push_back(printable(planned.name) +
                                             ": the comparison with the beginning: a service writes there");
                continue;
            }
            outcome = StepOutcome::failed;
            found({Severity::error, "rehearsal.not-restored", planned.name, describe(same.error()),
                   "After apply and roll back it would not be as it was: do not upgrade before that is understood."});
        }
        return outcome;
    }

    // Did somebody write to the original since it was looked at?
    [[nodiscard]] Result<bool> has_changed(const CloneEntry& entry, const PlanEntry& planned) const
    {
        const bool at_origin = begins_at_origin(planned.decision);
        const Spot spot =
            TRY(at_origin ? origin_spot(real_, *entry.entry) : find_destination(real_, *entry.entry));
        const TreeSize& then = at_origin ? entry.origin : entry.destination;
        if (entry.entry->kind == Kind::regular)
            return measure_file(TRY(real_.reader.attributes(spot.at, spot.name))).fingerprint != then.fingerprint;
        const DirectoryRef tree = TRY(real_.reader.open_directory(spot.at, spot.name, Cross::no));
        return TRY(measure_tree(real_, tree, Cross::no)).fingerprint != then.fingerprint;
    }

    // What is said of it.

    Result<> not_interrupted(const Report& report) const
    {
        if (report.outcome == Outcome::interrupted) return fail(stopped_error(""));
        return {};
    }

    void found(Finding finding)
    {
        out_.findings.push_back(std::move(finding));
    }

    [[nodiscard]] bool is_known(const Finding& finding) const
    {
        return std::ranges::any_of(out_.findings, [&](const Finding& known) {
            return known.code == finding.code && known.subject == finding.subject;
        });
    }

    void take_findings(const std::vector<Finding>& findings)
    {
        for (const Finding& finding : findings)
            if (!is_known(finding)) found(finding);
    }

    void refuse(Finding finding)
    {
        out_.outcome = Outcome::blocked;
        found(std::move(finding));
    }

    void stop_with(const Error& error)
    {
        Report report;
        stop_run(report, real_.stop, error, true);
        out_.outcome = report.outcome;
        for (Finding& finding : report.findings) found(std::move(finding));
    }

    // A note says that nothing has to be done (a file that its service has not written yet).
    [[nodiscard]] bool is_undone(const RehearsedEntry& entry) const
    {
        if (entry.rehearsed) return entry.rehearsed->decision == Decision::leave_alone;
        if (entry.planned.decision != Decision::leave_alone) return false;
        const auto is_reason = [&](const Finding& finding) { return finding.code == entry.planned.code; };
        const auto reason = std::ranges::find_if(out_.findings, is_reason);
        return reason == out_.findings.end() || reason->severity != Severity::note;
    }

    void judge()
    {
        if (out_.plan.nothing_to_do) return;
        for (RehearsedEntry& entry : out_.entries) entry.undone = is_undone(entry);
        if (out_.sample && std::ranges::any_of(out_.entries, &RehearsedEntry::sampled))
            out_.not_rehearsed.push_back("files beyond a sample of some " + std::to_string(*out_.sample) +
                                         " of an entry: times are extrapolated");
    }

    const World& real_;
    const Survey& survey_;
    const RehearsalOptions& options_;
    std::unique_ptr<Writer> writer_;
    Candidates candidates_;
    std::unique_ptr<RehearsalScratch> scratch_;
    std::unique_ptr<Reader> reader_;  // of the clone
    std::optional<Owner> owner_;      // of everything in the clone, where owners cannot be kept
    std::vector<std::string> rolled_back_;
    Rehearsal out_;
};

}  // namespace

std::string_view name_of(StepOutcome outcome)
{
    switch (outcome) {
        case StepOutcome::done:
            return "done";
        case StepOutcome::failed:
            return "failed";
        case StepOutcome::skipped:
            return "skipped";
    }
    return "";
}

Rehearsal rehearse(const World& world, const Survey& survey, const RehearsalOptions& options)
{
    return Rehearser(world, survey, options).run();
}

}  // namespace mailstate

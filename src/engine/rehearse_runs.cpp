// SPDX-License-Identifier: MIT
// The clone, and what is run on it.
#include <algorithm>
#include <cerrno>

#include "engine/entry_places.hpp"
#include "engine/measure.hpp"
#include "engine/rehearsal_compare.hpp"
#include "engine/rehearser.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/engine/rollback.hpp"
#include "mailstate/model/describe.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

Result<StepOutcome> Rehearser::clone(const DirectoryRef& scratch)
{
    real_.progress.phase = "cloning";
    (void)TRY(writer_->make_directory({scratch, "root"}, Mode{0755}));
    DirectoryRef root = TRY(real_.reader.open_directory({scratch, "root"}, Cross::no));
    if (!keeps_owners()) {
        owner_ = TRY(real_.reader.attributes(root)).owner;
        root = TRY(real_.reader.open_directory_as({scratch, "root"}, Cross::no, *owner_));
    }
    const DirectoryRef outside = TRY(writer_->make_directory({scratch, "outside"}, Mode{0700}));
    const Attributes seen = TRY(real_.reader.attributes(scratch));
    const CloneSite site{real_, *writer_, survey_, root, outside, seen};
    for (const std::string& missing : TRY(clone_records(site)))
        out_.not_rehearsed.push_back("everything that depends on " + missing);
    for (const CloneEntry& entry : candidates_.entries) {
        real_.progress.total_files += entry.origin_part.files + entry.destination_part.files;
        real_.progress.total_bytes += entry.origin_part.data + entry.destination_part.data;
    }
    std::vector<CloneEntry> whole;
    for (CloneEntry& entry : candidates_.entries)
        if (TRY(clone_one(site, entry))) whole.push_back(std::move(entry));
    candidates_.entries = std::move(whole);
    for (const CloneEntry& entry : candidates_.entries) candidates_.options.only.push_back(entry.entry->name);
    reader_ = TRY(options_.make_reader_of(root));
    // Else the real work's first sync would pay for it.
    real_.progress.phase = "syncing";
    TRY(writer_->sync_filesystem(scratch));
    return candidates_.entries.empty() ? StepOutcome::failed : StepOutcome::done;
}

// False: it could not be cloned whole, and is left out.
Result<bool> Rehearser::clone_one(const CloneSite& site, CloneEntry& entry)
{
    real_.progress.entry = static_cast<int>(entry.index);
    Result<ClonedEntry> cloned = clone_entry(site, *entry.entry, entry.sample);
    const std::string name = printable(entry.entry->name);
    if (!cloned) {
        const Error& error = cloned.error();
        const bool ends_all = error.number == ECANCELED || error.number == ENOSPC || error.number == EDQUOT;
        if (ends_all) return std::move(cloned).failure();
        out_.not_rehearsed.push_back(name + ": it could not be cloned: " + describe(error));
        out_.entries[entry.index].uncloned = true;
        return false;
    }
    if (cloned->holds_scratch)
        return fail(Error{EINVAL, "", options_.scratch, "the scratch directory is inside the entry " + name,
                          "Name a directory that no service uses with --scratch."});
    entry.cloned = *cloned;
    out_.entries[entry.index].sampled = !entry.sample.is_whole();
    out_.cloned += {part_of(entry).names, part_of(entry).bytes};
    if (cloned->immutable > 0)
        out_.not_rehearsed.push_back(name + ": " + human_count(cloned->immutable, "name is", "names are") +
                                     " immutable (chattr), which a clone is not");
    return true;
}

ApplyOptions Rehearser::apply_options() const
{
    ApplyOptions wanted = options_.apply;
    wanted.plan = candidates_.options;
    wanted.saved = nullptr;
    wanted.said = nullptr;
    return wanted;
}

Result<StepOutcome> Rehearser::apply_first(const World& world)
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
    if (scratch_->is_on_volume() && keeps_owners())
        out_.capabilities = recorded_capabilities(world.reader, world.layout.state_dir);
    // The volume itself was not asked: in the clone, exchanges fail as they do over the real origins.
    if (!limits().exchanges_directories) out_.capabilities.tested.erase(Ability::exchange);
    TRY(not_interrupted(report));
    if (report.outcome != Outcome::done) return StepOutcome::failed;
    out_.first_start = first_start(report, marks, seconds);
    for (const CloneEntry& entry : candidates_.entries) {
        const PlanEntry& planned = out_.plan.entries[entry.index];
        if (!is_copied(planned)) continue;
        out_.amount += planned.amount;
    }
    return StepOutcome::done;
}

double Rehearser::first_start(const Report& report, const std::vector<Mark>& marks, double seconds) const
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

double Rehearser::scale_of_entry(const std::string& name) const
{
    for (const CloneEntry& entry : candidates_.entries)
        if (entry.entry->name == name && !entry.sample.is_whole()) return scale_of(whole_of(entry), part_of(entry));
    return 1;
}

// Of what looks at every name and at no content.
double Rehearser::scale_of_names() const
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

Result<StepOutcome> Rehearser::verify_it(const World& world)
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

Result<StepOutcome> Rehearser::apply_again(const World& world)
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
        found(make_finding("rehearsal.changes-again", real_.layout.state_dir, "a second run " + change));
    return StepOutcome::failed;
}

Result<StepOutcome> Rehearser::roll_it_back(const World& world)
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
        if (done.outcome == EntryOutcome::rolled_back) rolled_back_.push_back(done.name);
        if (done.outcome == EntryOutcome::rolled_back || is_left_alone(done.name)) continue;
        outcome = StepOutcome::failed;
        found(make_finding("rehearsal.no-way-back", done.name, done.reason));
    }
    return outcome;
}

Result<StepOutcome> Rehearser::compare(const World& world)
{
    real_.progress.phase = "comparing";
    StepOutcome outcome = StepOutcome::skipped;
    const bool coarse = lacks(inferred_capabilities(scratch_->filesystem()), Ability::mtime_ns);
    for (const CloneEntry& entry : candidates_.entries) {
        const PlanEntry& planned = out_.plan.entries[entry.index];
        const bool linked = !candidates_.options.no_link;
        if (!has_beginning(planned.decision) || is_left_alone(planned.name)) continue;
        if (linked && std::ranges::find(rolled_back_, planned.name) == rolled_back_.end()) continue;
        const Result<> same = compare_with_beginning(
            {real_, world, survey_, planned, owned_.contains(planned.name), entry.sample, linked, coarse, owner_},
            *entry.entry);
        if (!same && same.error().number == ECANCELED) return fail(same.error());
        if (same && outcome == StepOutcome::skipped) outcome = StepOutcome::done;
        if (same) continue;
        if (TRY(has_changed(entry, planned))) {
            out_.not_rehearsed.push_back(printable(planned.name) +
                                         ": the comparison with the beginning: a service writes there");
            continue;
        }
        outcome = StepOutcome::failed;
        found(make_finding("rehearsal.not-restored", planned.name, describe(same.error())));
    }
    return outcome;
}

// Did somebody write to the original since it was looked at?
Result<bool> Rehearser::has_changed(const CloneEntry& entry, const PlanEntry& planned) const
{
    const bool at_origin = begins_at_origin(planned.decision);
    const Name spot = TRY(at_origin ? find_origin(real_, *entry.entry) : find_destination(real_, *entry.entry));
    const TreeSize& then = at_origin ? entry.origin : entry.destination;
    if (entry.entry->kind == Kind::regular)
        return measure_file(TRY(real_.reader.attributes(spot))).fingerprint != then.fingerprint;
    const DirectoryRef tree = TRY(real_.reader.open_directory(spot, Cross::no));
    return TRY(measure_tree(real_, tree)).fingerprint != then.fingerprint;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// rehearse: the order of the work, and the place where it is done.
#include <linux/capability.h>

#include <cerrno>

#include "engine/entry_places.hpp"
#include "engine/rehearser.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

Rehearser::Rehearser(const World& world, const Survey& survey, const RehearsalOptions& options)
    : real_(world), survey_(survey), options_(options), writer_(options.make_writer({}))
{
}

Rehearsal Rehearser::run()
{
    Result<> done = look();
    if (out_.plan.blocked) out_.outcome = Outcome::blocked;
    if (done && !candidates_.entries.empty() && is_allowed()) done = work();
    const Result<> removed = scratch_ ? scratch_->remove(*writer_) : Result<>{};
    if (!done) stop_with(done.error());
    out_.scratch_is_gone = bool(removed);
    if (!removed) found(make_finding("rehearsal.leftover", options_.scratch, describe(removed.error())));
    judge();
    return std::move(out_);
}

Result<> Rehearser::look()
{
    out_.plan = make_plan(survey_, real_.layout, options_.apply.plan);
    out_.plan.tool_version = options_.apply.version;
    out_.findings = out_.plan.findings;
    out_.sample = options_.sample;
    for (const PlanEntry& planned : out_.plan.entries)
        out_.entries.push_back({planned, std::nullopt, false, false, false});
    candidates_ = TRY(find_candidates(real_, survey_, out_.plan, options_));
    out_.not_rehearsed = candidates_.left_out;
    for (const PlanEntry& planned : out_.plan.entries)
        if (is_copied(planned.decision))
            out_.space.needed += survey_.entries.at(planned.name).size.value_or(TreeSize{}).bytes;
    out_.capabilities = survey_.volume.capabilities;
    out_.space.free = survey_.volume.filesystem.free_bytes;
    out_.space.headroom = survey_.volume.headroom;
    return {};
}

// Inodes tell by their ctime what a renumbering has done already; those of a clone are all new.
bool Rehearser::is_allowed()
{
    if (!survey_.ledger || !survey_.ledger->translation) return true;
    refuse(make_finding("rehearsal.renumbering", real_.layout.state_dir,
                        "an interrupted run was renumbering owners on the volume"));
    return false;
}

Result<> Rehearser::work()
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
    const bool exchanges = std::ranges::any_of(out_.plan.entries, &PlanEntry::exchange);
    const World world{*reader_,   real_.layout, real_.settings, real_.progress,
                      real_.stop, real_.jobs,   nullptr,        exchanges};
    TRY(step("apply", [&] { return apply_first(world); }));
    const bool go_on = out_.steps.back().outcome == StepOutcome::done;
    if (!go_on) return {};
    TRY(step("verify", [&] { return verify_it(world); }));
    TRY(step("apply again", [&] { return apply_again(world); }));
    TRY(step("roll back", [&] { return roll_it_back(world); }));
    return step("compare", [&] { return compare(world); });
}

Result<> Rehearser::no_scratch(const Error& error)
{
    if (error.number == ECANCELED || error.number == EWOULDBLOCK) return fail(error);
    const bool on_volume = options_.scratch.empty();
    refuse(make_finding("rehearsal.no-scratch", on_volume ? real_.layout.state_dir : options_.scratch,
                        Error{0, "", "", "no scratch directory can be created: " + describe(error), error.hint}));
    return {};
}

bool Rehearser::has_room()
{
    const Room needed = room_for(candidates_.entries);
    out_.space.scratch = needed.bytes;
    const std::uint64_t headroom = survey_.volume.headroom;
    Room left = room_of(scratch_->filesystem(), headroom);
    const std::string where = scratch_->is_on_volume() ? "the volume" : printable(options_.scratch);
    const std::optional<std::string> shortage = reserve(left, needed, headroom, where);
    if (!shortage) return true;
    refuse(make_finding("rehearsal.no-space", scratch_->is_on_volume() ? real_.layout.state_dir : options_.scratch,
                        "the clone does not fit: " + *shortage));
    return false;
}

// What is not as the real run would find it.
void Rehearser::say_what_differs()
{
    const auto say = [&](std::string text) { out_.not_rehearsed.push_back(std::move(text)); };
    const FilesystemFacts& here = scratch_->filesystem();
    if (!scratch_->is_on_volume())
        say("what the volume refuses, and how fast it is: the clone was on " + name_of_filesystem(here) +
            ", the volume is " + name_of_filesystem(survey_.volume.filesystem));
    if (is_overlay()) say("the overlay below the origins: the clone was on " + name_of_filesystem(here));
    if (!keeps_owners()) {
        say("owners: this process may not give files away, so everything in the clone belonged to it");
        found(make_finding("rehearsal.owners", "process",
                           "CAP_CHOWN is missing: rehearsed as if all files belonged to one user"));
    }
}

std::string Rehearser::name_of_filesystem(const FilesystemFacts& facts)
{
    return printable(facts.type) + (facts.source.empty() ? "" : " " + printable(facts.source));
}

bool Rehearser::keeps_owners() const
{
    return has_capability(survey_.process, CAP_CHOWN);
}

std::optional<FilesystemFacts> Rehearser::filesystem_of_origins() const
{
    const Result<Name> spot = find_origin(real_, *candidates_.entries.front().entry);
    if (!spot) return std::nullopt;
    const Result<FilesystemFacts> facts = real_.reader.filesystem(spot->at);
    return facts ? std::optional(*facts) : std::nullopt;
}

bool Rehearser::is_overlay() const
{
    const std::optional<FilesystemFacts> facts = filesystem_of_origins();
    return facts && facts->type == "overlay";
}

// The clone has origins and volume on one filesystem. The real run may have them on two.
WriterLimits Rehearser::limits() const
{
    WriterLimits limits;
    const std::optional<FilesystemFacts> facts = filesystem_of_origins();
    const FilesystemFacts& volume = survey_.volume.filesystem;
    limits.shares_data = facts && facts->type == volume.type && facts->source == volume.source;
    limits.exchanges_directories = !is_overlay();
    return limits;
}

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

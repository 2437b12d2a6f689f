// SPDX-License-Identifier: MIT
// Owners and modes: of entries by their rules, of binaries of the image, and of all that is on the volume when an image
// renumbers its users.
#include <cerrno>

#include "engine/applier.hpp"
#include "engine/binary_mode.hpp"
#include "engine/clocks.hpp"
#include "engine/entry_places.hpp"
#include "engine/failure_tally.hpp"
#include "engine/remove_tree.hpp"
#include "engine/stale.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

Renumbered numbers_of(const Translation& translation)
{
    Renumbered numbers{renumbered(translation.from, translation.to), {}, {}};
    numbers.vacated = vacated(numbers.numbers, translation.to);
    return numbers;
}

Finding undecided_finding(const OwnershipTotals& totals, const std::string& state_dir)
{
    const std::string files = human_count(totals.undecided, "file", "files");
    // Where the times of others tell, a kill alone explains these.
    const Severity severity = totals.decided > 0 ? Severity::note : Severity::warning;
    return make_finding(severity, "ids.undecided", state_dir,
                        files +
                            " changed since the translation of owners began, with numbers that belong to users of both "
                            "the old and the new image, such as " +
                            printable(totals.example_of_undecided) + ": treated as translated");
}

// Over all trees of a pass.
void add_undecided(OwnershipTotals& sum, const Result<OwnershipTotals>& totals)
{
    if (!totals) return;
    sum.decided += totals->decided;
    if (totals->undecided == 0) return;
    if (sum.undecided == 0) sum.example_of_undecided = totals->example_of_undecided;
    sum.undecided += totals->undecided;
}

}  // namespace

void Applier::apply_ownership()
{
    world_.progress.phase = "owners";
    for (std::size_t i = 0; i < report_.plan.entries.size() && !log_.stopped; ++i) {
        const PlanEntry& planned = report_.plan.entries[i];
        EntryReport& report = report_.entries[i];
        const bool undone = report.outcome == EntryOutcome::failed || report.outcome == EntryOutcome::not_reached;
        if (!planned.ownership || undone) continue;
        world_.progress.entry = static_cast<int>(i);
        const Result<> owned = own_entry(planned, report);
        if (owned) continue;
        const Error& error = owned.error();
        if (error.number == ECANCELED || error.number == EWOULDBLOCK) return log_.stop_with(error);
        log_.found(make_finding("ownership.failed", planned.name, error));
    }
}

bool Applier::may_be_quick(const PlanEntry& planned) const
{
    const bool is_there = planned.decision == Decision::in_place || planned.decision == Decision::keep_unlinked;
    return options_.ownership == OwnershipPass::quick && is_there && !report_.plan.record && !report_.plan.renumber;
}

Result<OwnershipTotals> Applier::own_target(const PlanEntry& planned, const Entry& entry,
                                            const OwnershipPassOptions& options,
                                            const std::function<Result<>(const Difference&)>& act, DirectoryRef& root)
{
    // A mount that is left alone is owned in place only where the layout or the operator says so.
    const Name spot = planned.decision == Decision::leave_alone ? TRY(find_origin(world_, entry))
                                                                : TRY(find_destination(world_, entry));
    if (entry.kind == Kind::regular) return ownership_of_file(world_, spot, options, act);
    root = TRY(open_destination(world_.reader, spot, Cross::yes, planned.as_user));
    return ownership_pass(world_, root, options, act);
}

Result<> Applier::own_entry(const PlanEntry& planned, EntryReport& report)
{
    const Entry& entry = entry_named(world_.layout, planned.name);
    Result<OwnershipRules> rules = OwnershipRules::make(entry, survey_.identities);
    if (!rules) {
        log_.found(make_finding("ownership.unknown-name", planned.name, rules.error()));
        return {};
    }
    FailureTally failures;
    std::atomic<std::uint64_t> owned{0};
    const auto act = [&](const Difference& difference) -> Result<> {
        // Who works as another user cannot give files away: no try, and no lock for it, on each start.
        if (planned.as_user && difference.wanted.owner != difference.seen.owner) {
            failures.add({EPERM, "", difference.path(),
                          "belongs to " + owner_name(survey_.identities, difference.seen.owner),
                          "Give it to the service's user on the server."});
            return {};
        }
        // Under the lock; an origin that is owned in place may have no volume beside it.
        if (survey_.volume.state != VolumeState::absent) (void)TRY(workspace_of(planned));
        log_.touched = true;
        const Result<> done = change_owner(writer_, difference);
        if (done) ++owned;
        if (!done) failures.add(done.error());
        return {};
    };
    OwnershipPassOptions options;
    options.rules = &*rules;
    if (planned.decision != Decision::leave_alone) options.stale = &entry.stale;  // only the volume's are ours
    options.spare = &entry.spare;
    options.root_only = may_be_quick(planned);
    options.itself_only = concerns_itself_only(entry) && entry.stale.empty();
    options.jobs = world_.jobs;
    // What the renumbering could not change: still the same owner by name, so the file does not change hands.
    std::optional<Renumbered> numbers;
    if (workspace_ && workspace_->ledger.translation) {
        const Translation& translation = *workspace_->ledger.translation;
        numbers = numbers_of(translation);
        numbers->begun = begun_of(translation, entry.name);
        options.renumbered = &*numbers;
    }
    DirectoryRef root;
    Result<OwnershipTotals> walked = own_target(planned, entry, options, act, root);
    report.owners_changed = owned;
    if (owned > 0)
        log_.changed("set owner or mode of " + human_count(owned, "file", "files") + " in " + printable(entry.origin));
    const OwnershipTotals totals = TRY(std::move(walked));
    if (const auto finding = failures.finding(planned.name)) log_.found(*finding);
    if (totals.foreign > 0) log_.found(foreign_link_finding(planned.name, totals));
    return remove_stale(planned, entry, root, totals);
}

Result<> Applier::remove_stale(const PlanEntry& planned, const Entry& entry, const DirectoryRef& root,
                               const OwnershipTotals& totals)
{
    for (const std::string& relative : totals.alive) {
        const SplitPath path = split_path(relative);
        const DirectoryRef at = TRY(open_below(world_.reader, root, path.parent));
        const std::optional<Attributes> seen = TRY(find(world_.reader, {at, path.name}));
        if (!seen) continue;
        const TraceFound trace = TRY(look_for_trace(world_.reader, {at, path.name}, *seen));
        if (trace.trace == Trace::alive) log_.found(alive_finding(at->path().text(path.name), trace, entry.name));
    }
    for (const std::string& problem : totals.unread) log_.found(make_finding("entry.stale", entry.name, problem));
    for (const std::string& relative : totals.stale) {
        const SplitPath path = split_path(relative);
        const DirectoryRef at = TRY(open_below(world_.reader, root, path.parent));
        (void)TRY(workspace_of(planned));  // the lock
        const std::optional<Proof> proof = TRY(Removal::stale(world_.reader, {at, path.name}));
        if (!proof) continue;
        log_.touched = true;
        const Result<> removed = writer_.remove_file({at, path.name}, *proof);
        if (removed)
            log_.changed_besides("removed the stale " + printable(at->path().text(path.name)));
        else
            log_.found(make_finding("entry.stale", entry.name, describe(removed.error())));
    }
    return {};
}

Result<> Applier::begin_renumbering()
{
    Ledger& ledger = workspace_->ledger;
    Translation translation;
    translation.from = *ledger.identities;
    translation.to = remembered(ledger.identities, survey_.identities);
    for (const std::string& names : reused_numbers(translation.from, translation.to))
        log_.found(make_finding("ids.reused", names,
                                "a user or group no longer exists, and its number now belongs to another"));
    translation.begun = TRY(clocks(world_, writer_, *workspace_));
    ledger.translation = std::move(translation);
    // Whose numbers are whose was read from the newest ledger, or nothing is translated.
    return workspace_->save_ledger(Workspace::Others::refuse);
}

// Written down before the first inode changes, so that a kill in the middle cannot translate twice: that would matter
// where numbers are swapped between users. An inode whose ctime is later than the beginning is done, unless it has a
// number that nobody has any more. What is refused is tried once more by the next run; what is refused then, too, keeps
// its number, and was said twice.
Result<> Applier::renumber()
{
    Ledger& ledger = TRY(workspace())->ledger;
    while (ledger.translation || !renumbered(ledger.identities, survey_.identities).empty()) {
        const bool taken_up = ledger.translation.has_value();
        if (!taken_up) TRY(begin_renumbering());
        const bool complete = TRY(renumber_pass(*ledger.translation, TakenUp{taken_up}));
        if (!complete && !taken_up) return {};
        // On btrfs a synced ledger does not bring along what was changed before it: owners that a power cut takes back
        // would have the old numbers, and nobody would know.
        TRY(writer_.sync_filesystem(workspace_->volume()));
        ledger.identities = ledger.translation->to;
        ledger.translation.reset();
        TRY(workspace_->save_ledger());
    }
    const bool readable = !survey_.identities.users.empty() && !survey_.identities.groups.empty();
    if (readable || ledger.identities) ledger.identities = remembered(ledger.identities, survey_.identities);
    return {};
}

Result<bool> Applier::renumber_pass(const Translation& translation, TakenUp taken_up)
{
    world_.progress.phase = "renumbering";
    FailureTally failures;
    std::atomic<std::uint64_t> owned{0};
    const auto act = [&](const Difference& difference) -> Result<> {
        const Result<> done = change_owner(writer_, difference);
        if (done) ++owned;
        if (!done) failures.add(done.error());
        return {};
    };
    Renumbered numbers = numbers_of(translation);
    OwnershipTotals undecided;
    OwnershipPassOptions options;
    options.renumbered = &numbers;
    options.jobs = world_.jobs;
    const std::uint64_t volume = TRY(world_.reader.attributes(workspace_->volume())).mount_id;
    const auto pass = [&](const std::string& name, const DirectoryRef& root) -> Result<> {
        numbers.begun = begun_of(translation, name);
        const Result<OwnershipTotals> totals = ownership_pass(world_, root, options, act);
        if (!totals && totals.error().number == ECANCELED) return fail(totals.error());
        add_undecided(undecided, totals);
        if (!totals) failures.add(totals.error());  // one tree that cannot be walked is not the end of the others
        if (totals && totals->foreign > 0) log_.found(foreign_link_finding(name, *totals));
        const bool is_mount = TRY(world_.reader.attributes(root)).mount_id != volume;
        return is_mount ? writer_.sync_filesystem(root) : Result<>{};
    };
    // Every destination, whether its service is on today or not: the numbers on the volume change as one.
    for (const Entry& entry : world_.layout.entries) {
        const Result<Name> spot = find_destination(world_, entry);
        Result<std::optional<Attributes>> there = std::optional<Attributes>();
        if (spot) there = find(world_.reader, *spot);
        const Error* unseen = !spot ? &spot.error() : !there ? &there.error() : nullptr;
        // What is not there has no owner; what could not be looked at may have the old one, and is not done.
        if (unseen != nullptr && unseen->number != ENOENT) failures.add(*unseen);
        if (unseen != nullptr || !*there || (*there)->kind == Kind::symlink) continue;
        if (entry.kind == Kind::directory) {
            const Result<DirectoryRef> root = world_.reader.open_directory(*spot, Cross::yes);
            if (root) TRY(pass(entry.name, *root));
            if (!root) failures.add(root.error());
            continue;
        }
        numbers.begun = begun_of(translation, entry.name);
        const Result<OwnershipTotals> totals = ownership_of_file(world_, *spot, options, act);
        add_undecided(undecided, totals);
        if (!totals) failures.add(totals.error());
    }
    TRY(pass("displaced", workspace_->displaced()));
    if (owned > 0)
        log_.changed_besides("gave " + human_count(owned, "file", "files") +
                             " the new numbers of their owners: this image has renumbered its users");
    if (taken_up == TakenUp::yes && undecided.undecided > 0)
        log_.found(undecided_finding(undecided, world_.layout.state_dir));
    const std::optional<Finding> refused = failures.finding("renumbering");
    if (refused) log_.found(*refused);
    return !refused;
}

void Applier::apply_binaries()
{
    const bool is_theirs = world_.here != nullptr;  // the programs of the other root
    if (log_.stopped || report_.plan.nothing_to_do || is_theirs) return;
    for (const Binary& binary : world_.layout.binaries) {
        const Result<> owned = own_binary(binary);
        if (!owned) log_.found(make_finding("binary.sgid", binary.path, describe(owned.error())));
    }
}

Result<> Applier::own_binary(const Binary& binary)
{
    const std::optional<BinaryState> state = TRY(look_at_binary(world_.reader, binary, survey_.identities));
    if (state && state->left) log_.found(*state->left);
    if (!state || state->right || state->left) return {};
    (void)TRY(writer_.change_ownership(*state, state->seen, state->wanted.owner, state->wanted.mode));
    log_.changed_besides("set " + printable(binary.path) + " to " + octal_mode(state->wanted.mode.bits) + " " +
                         owner_name(survey_.identities, state->wanted.owner));
    return {};
}

}  // namespace mailstate

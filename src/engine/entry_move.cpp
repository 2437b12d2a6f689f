// SPDX-License-Identifier: MIT
#include "engine/entry_move.hpp"

#include <cerrno>

#include "engine/claims.hpp"
#include "engine/origin.hpp"
#include "engine/publish.hpp"
#include "engine/remove_tree.hpp"
#include "engine/rolled_back.hpp"
#include "engine/split_path.hpp"
#include "engine/stage.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

Result<OriginLink> origin_link(const Run& run, const Entry& entry)
{
    const Spot origin = TRY(origin_spot(run.world, entry));
    const Spot destination = TRY(destination_spot(run, entry));
    OriginLink link{entry,          origin.at,        origin.name, destination_path(run.world.layout, entry),
                    destination.at, destination.name, run.midway};
    if (entry.kind == Kind::directory) {
        link.kept = TRY(opened_destination(run, entry, destination));
    }
    return link;
}

void add(Done& done, const CopyTotals& totals)
{
    done.copied += totals.copied;
    done.sockets = totals.sockets;
}

Result<Moved> fill_in_place(const Run& run, const Entry& entry)
{
    Moved moved;
    const Spot to = TRY(destination_spot(run, entry));
    const DirectoryRef destination = TRY(opened_destination(run, entry, to));
    TRY(check_not_being_filled(run, entry, destination));
    for (SetAsideCopy& copy : TRY(claim_staging_in(run, entry, destination)))
        moved.done.displaced.push_back(std::move(copy.displaced));
    const std::string name = mount_staging_prefix + run.workspace.run();
    const Staged staged = TRY(stage_origin(run, entry, destination, name, destination, Cross::no));
    add(moved.done, staged.totals);
    moved.published = TRY(publish_into_mount(run, entry, destination, staged));
    return moved;
}

Result<Moved> stage_and_publish(const Run& run, const Entry& entry)
{
    if (is_filled_in_place(run, entry)) return fill_in_place(run, entry);
    Moved moved;
    const std::string name = run.workspace.staging_name(entry.name);
    const Staged staged =
        TRY(stage_origin(run, entry, run.workspace.staging(), name, run.workspace.volume(), Cross::no));
    moved.published = TRY(publish_staged(run, entry, staged));
    add(moved.done, staged.totals);
    TRY(record_phase(run, entry, Phase::published, &moved.done));
    return moved;
}

Result<Displaced> displace(const Run& run, const Entry& entry, const OriginLink& link, const Judge& judge,
                           SetAside& set_aside)
{
    if (entry.kind == Kind::directory) {
        const DirectoryRef from = TRY(run.world.reader.open_directory(link.parent, link.name, Cross::no));
        return displace_tree(run.world, run.writer, run.workspace, entry, from, link.kept, judge, set_aside);
    }
    const Attributes seen = TRY(run.world.reader.attributes(link.parent, link.name));
    return displace_file(run.world, run.writer, run.workspace, entry, {link.parent, link.name, seen, 0}, link.kept,
                         link.kept_name, judge, set_aside);
}

}  // namespace

// Does the origin say where the destination is?
static Result<bool> is_linked(const Run& run, const Entry& entry)
{
    const Spot origin = TRY(origin_spot(run.world, entry));
    const std::optional<Attributes> seen = TRY(find(run.world.reader, origin.at, origin.name));
    return seen && seen->kind == Kind::symlink;
}

// The origin becomes a link. `judge` says what may go.
static Result<> link_origin(const Run& run, const Entry& entry, const Judge& judge)
{
    run.world.progress.phase = "linking";
    const OriginLink link = TRY(origin_link(run, entry));
    TRY(check_kept(run, entry, link.kept));
    TRY(replace_by_link(run.world, run.writer, link, judge));
    TRY(remove_rollback(run.world, run.writer, {link.parent, link.name}));
    return record_phase(run, entry, Phase::linked);
}

// What only the origin has is set aside, then the origin becomes a link. Where something was written after the origin
// was emptied in part there is no way back: that is set aside, too, as the next run would.
static Result<Done> displace_and_link(const Run& run, const Entry& entry, Done done)
{
    constexpr int attempts = 5;
    SetAside set_aside = TRY(SetAside::find(run.world.reader, run.workspace.displaced(), entry.name));
    const Judge judge = TRY(Judge::make(run.world, entry, run.seal, set_aside));
    for (int i = 1;; ++i) {
        run.world.progress.phase = "setting aside";
        Displaced displaced = TRY(displace(run, entry, TRY(origin_link(run, entry)), judge, set_aside));
        if (!displaced.name.empty()) done.displaced.push_back(std::move(displaced));
        // From here on the destination is no copy of a mount any more: an adopted one must never be refreshed again.
        if (!is_in_phase(run, entry, Phase::published)) TRY(record_phase(run, entry, Phase::published));
        const Result<> linked = link_origin(run, entry, judge);
        if (linked) return done;
        if (linked.error().number != EBUSY || !*run.midway || i == attempts) return fail(linked.error());
    }
}

// It was rolled back here, by the record beside it, and the destination is older.
static bool is_taken_up_again(const Run& run, const Entry& entry)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    return was_rolled_back_here(run.survey, entry, seen) && seen.destination == DestinationState::populated;
}

static Result<Moved> publish_origin(const Run& run, const Entry& entry)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    if (is_taken_up_again(run, entry)) return move_again(run, entry);
    const bool interrupted = seen.destination == DestinationState::populated && seen.foreign_copy &&
                             seen.foreign_copy->likeness == Likeness::interrupted;
    return interrupted ? move_over(run, entry) : stage_and_publish(run, entry);
}

// The service goes on with its origin.
static Failure give_up(const Run& run, const Entry& entry, const Published& published, Error why)
{
    const Result<std::string> aside = take_back(run, entry, published);
    if (!aside) return fail(aside.error());
    if (!aside->empty()) why.hint = "What was on the volume by then is set aside as " + *aside + ". " + why.hint;
    return fail(std::move(why));
}

Result<Done> move_entry(const Run& run, const Entry& entry)
{
    TRY(check_no_mounts(run.world.reader, TRY(origin_spot(run.world, entry)).at, split_path(entry.origin).name));
    const Spot origin = TRY(origin_spot(run.world, entry));
    std::optional<OriginCopy> copy = OriginCopy::begin(run.world.reader, run.writer, origin.at, origin.name);
    Moved moved = TRY(publish_origin(run, entry));
    if (copy) copy->publish();  // or compared by its content, all of it, since the copy began: move_again()
    TRY(check_published(run, entry, moved.published));
    const SetAside none;
    const Judge judge = TRY(Judge::make(run.world, entry, run.seal, none, copy ? &*copy : nullptr));
    const Result<> linked = link_origin(run, entry, judge);
    if (linked) return std::move(moved.done);
    if (TRY(is_linked(run, entry))) {  // something was written meanwhile: it lies beside the link, and is set aside now
        for (Displaced& displaced : TRY(clear_entry_leftover(run, entry)).displaced)
            moved.done.displaced.push_back(std::move(displaced));
        TRY(record_phase(run, entry, Phase::linked));
        return std::move(moved.done);
    }
    if (*run.midway && linked.error().number == EBUSY) return displace_and_link(run, entry, std::move(moved.done));
    if (!*run.midway) return give_up(run, entry, moved.published, linked.error());
    return fail(linked.error());
}

Result<Done> keep_destination(const Run& run, const Entry& entry)
{
    return displace_and_link(run, entry, Done{});
}

Result<Done> link_entry(const Run& run, const Entry& entry)
{
    const OriginLink link = TRY(origin_link(run, entry));
    TRY(link_absent(run.world, run.writer, link));
    TRY(remove_rollback(run.world, run.writer, {link.parent, link.name}));
    TRY(record_phase(run, entry, Phase::linked));
    return Done{};
}

// Made under a staging name: a kill must not leave one with another owner than declared.
static Result<> make_destination(const Run& run, const Spot& to, const std::string& name, Owner owner, Mode mode)
{
    const DirectoryRef made = TRY(run.writer.make_directory(run.workspace.staging(), name, Mode{0755}));
    (void)TRY(run.writer.change_ownership(made, TRY(run.world.reader.attributes(made)), owner, mode));
    TRY(run.writer.rename(run.workspace.staging(), name, to.at, to.name, Replace::no));
    return run.writer.sync_directory(to.at);
}

// An empty destination, with owner and mode of the seal.
static Result<> make_destination(const Run& run, const Entry& entry)
{
    const Spot to = TRY(destination_spot(run, entry));
    Mode mode{0755};
    Owner owner = root_of(run.survey.identities);
    if (run.seal) {
        const auto sealed = run.seal->items.find(entry.origin);
        if (sealed != run.seal->items.end() && sealed->second.kind == Kind::directory) {
            mode = sealed->second.mode;
            owner.uid = find_user(run.survey.identities, sealed->second.user).value_or(owner.uid);
            owner.gid = find_group(run.survey.identities, sealed->second.group).value_or(owner.gid);
        }
    }
    const std::string name = run.workspace.staging_name(entry.name);
    Result<> made = make_destination(run, to, name, owner, mode);
    if (!made) (void)remove_own(run.world, run.writer, run.workspace.staging(), name);  // else the next run removes it
    return made;
}

Result<Done> prepare_entry(const Run& run, const Entry& entry)
{
    if (run.survey.entries.at(entry.name).origin != OriginState::absent) return TRY(stage_and_publish(run, entry)).done;
    TRY(make_destination(run, entry));
    TRY(record_phase(run, entry, Phase::published));
    return Done{};
}

Result<Done> restore_entry(const Run& run, const Entry& entry)
{
    TRY(make_destination(run, entry));
    TRY(record_phase(run, entry, Phase::linked));  // the link is there already, or there would be nothing to restore
    return Done{};
}

Result<Done> create_entry(const Run& run, const Entry& entry)
{
    TRY(make_destination(run, entry));
    TRY(record_phase(run, entry, Phase::published));
    return link_entry(run, entry);
}

Result<Done> clear_entry_leftover(const Run& run, const Entry& entry)
{
    Done done;
    const Spot origin = TRY(origin_spot(run.world, entry));
    if (TRY(is_linked(run, entry))) TRY(remove_rollback(run.world, run.writer, origin));
    const std::optional<Attributes> left = TRY(find(run.world.reader, origin.at, temporary_name(origin.name)));
    if (!left) return done;
    if (left->kind == Kind::symlink) {  // the old tree was not touched yet
        const std::string temporary = temporary_name(origin.name);
        TRY(run.writer.remove_file(origin.at, temporary,
                                   TRY(Removal::own_link(run.world.reader, origin.at, temporary))));
        return done;
    }
    SetAside set_aside = TRY(SetAside::find(run.world.reader, run.workspace.displaced(), entry.name));
    const Judge judge = TRY(Judge::make(run.world, entry, run.seal, set_aside));
    const OriginLink link = TRY(origin_link(run, entry));
    Displaced displaced = TRY(clear_leftover(run.world, run.writer, run.workspace, link, judge, set_aside));
    if (!displaced.name.empty()) done.displaced.push_back(std::move(displaced));
    return done;
}

static bool says_that_there_is_none(const Error& error)
{
    return error.number == ENOENT || error.number == ENOTDIR || error.number == ELOOP || error.number == EINVAL;
}

// The wrong link in one directory, which may be a mount point: only this one name in it is touched.
static Result<bool> remove_nested_link(const Run& run, const Spot& spot, const std::string& name,
                                       const std::string& wanted)
{
    const Result<DirectoryRef> opened = run.world.reader.open_directory(spot.at, spot.name, Cross::yes);
    if (!opened && says_that_there_is_none(opened.error())) return false;
    const DirectoryRef inside = TRY(opened);
    const Result<std::string> text = run.world.reader.read_link(inside, name);
    if (!text && says_that_there_is_none(text.error())) return false;
    if (TRY(text) != wanted) return false;
    TRY(run.writer.remove_file(inside, name, TRY(Removal::own_link(run.world.reader, inside, name, wanted))));
    return true;
}

Result<bool> remove_nested_link(const Run& run, const Entry& entry)
{
    const std::string name = split_path(entry.destination).name;
    const std::string wanted = destination_path(run.world.layout, entry);
    const bool at_origin = TRY(remove_nested_link(run, TRY(origin_spot(run.world, entry)), name, wanted));
    const bool at_destination = TRY(remove_nested_link(run, TRY(destination_spot(run, entry)), name, wanted));
    return at_origin || at_destination;
}

}  // namespace mailstate

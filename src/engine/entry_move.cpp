// SPDX-License-Identifier: MIT
#include "engine/entry_move.hpp"

#include <cerrno>

#include "engine/claims.hpp"
#include "engine/exchange_entry.hpp"
#include "engine/irremovable.hpp"
#include "engine/origin.hpp"
#include "engine/publish.hpp"
#include "engine/remove_tree.hpp"
#include "engine/rolled_back.hpp"
#include "engine/stage.hpp"
#include "engine/take_back.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

Result<OriginLink> origin_link(const Run& run, const EntryPlaces& places)
{
    DirectoryRef kept = places.destination.at;
    if (places.entry.kind == Kind::directory) kept = TRY(opened_destination(run, places.entry, places.destination));
    return OriginLink{places, destination_path(run.world.layout, places.entry), std::move(kept), run.midway};
}

void add(Done& done, const CopyTotals& totals)
{
    done.copied += totals.copied;
    done.sockets = totals.sockets;
}

// A destination that holds nothing but names of its storage counts as vacant. Where the origin has one of them, too,
// both cannot be kept: seen before anything is moved, not after half of it.
Result<> check_no_name_is_in_both(const Run& run, const EntryPlaces& places, const DirectoryRef& destination)
{
    const Reader& reader = run.world.reader;
    if (places.entry.kind != Kind::directory) return {};
    const DirectoryRef from = TRY(reader.open_directory(places.origin, Cross::no));
    return each_name(reader, destination, [&](const std::string& name) -> Result<> {
        const bool is_own = name == workspace_name || name.starts_with(mount_staging_prefix);
        if (is_own || !TRY(find(reader, {from, name}))) return {};
        return fail(Error{EEXIST, "", destination->path().text(name), "is in the destination and in the origin",
                          "Inspect both, move away the one that nobody needs, then start again."});
    });
}

Result<Moved> fill_in_place(const Run& run, const EntryPlaces& places)
{
    Moved moved;
    const Entry& entry = places.entry;
    const DirectoryRef destination = TRY(opened_destination(run, entry, places.destination));
    TRY(check_not_being_filled(run, entry, destination));
    TRY(check_no_name_is_in_both(run, places, destination));
    for (SetAsideCopy& copy : TRY(claim_staging_in(run, entry, destination)))
        moved.done.displaced.push_back(std::move(copy.displaced));
    const std::string name = mount_staging_prefix + run.workspace.run();
    const Staged staged = TRY(stage_origin(run, places, {destination, name}, destination, Cross::no));
    add(moved.done, staged.totals);
    moved.published = TRY(publish_into_mount(run, entry, destination, staged));
    return moved;
}

Result<Moved> stage_and_publish(const Run& run, const EntryPlaces& places)
{
    if (is_filled_in_place(run, places.entry)) return fill_in_place(run, places);
    Moved moved;
    const std::string name = run.workspace.staging_name(places.entry.name);
    const Staged staged =
        TRY(stage_origin(run, places, {run.workspace.staging(), name}, run.workspace.volume(), Cross::no));
    moved.published = TRY(publish_staged(run, places, staged));
    add(moved.done, staged.totals);
    TRY(record_phase(run, places.entry, Phase::published, &moved.done));
    return moved;
}

Result<Displaced> displace(const Run& run, const OriginLink& link, const Judge& judge, SetAside& set_aside)
{
    const auto& [entry, origin, destination] = link.places;
    if (entry.kind == Kind::directory) {
        const DirectoryRef from = TRY(run.world.reader.open_directory(origin, Cross::no));
        return displace_tree(run.world, run.writer, run.workspace, entry, from, link.kept, judge, set_aside);
    }
    const Attributes seen = TRY(run.world.reader.attributes(origin));
    return displace_file(run.world, run.writer, run.workspace, entry, {origin, seen}, {link.kept, destination.name},
                         judge, set_aside);
}

}  // namespace

// Does the origin say where the destination is?
static Result<bool> is_linked(const Run& run, const Name& origin)
{
    const std::optional<Attributes> seen = TRY(find(run.world.reader, origin));
    return seen && seen->kind == Kind::symlink;
}

// The origin becomes a link. `judge` says what may go.
static Result<> link_origin(const Run& run, const EntryPlaces& places, const Judge& judge)
{
    run.world.progress.phase = "linking";
    const OriginLink link = TRY(origin_link(run, places));
    TRY(check_kept(run, places, link.kept));
    Result<> replaced = replace_by_link(run.world, run.writer, link, judge);
    const bool is_left_over = !replaced && is_irremovable(replaced.error()) && TRY(is_linked(run, places.origin));
    if (!replaced && !is_left_over) return replaced;
    TRY(remove_rollback(run.world, run.writer, places.origin));
    return record_linked(run, places.entry);
}

// Something was written meanwhile: it is beside the link, and is set aside now.
static Result<Done> clear_beside_link(const Run& run, const EntryPlaces& places, Done done)
{
    Done cleared = TRY(clear_entry_leftover(run, places));
    for (Displaced& displaced : cleared.displaced) done.displaced.push_back(std::move(displaced));
    TRY(record_linked(run, places.entry));
    return done;
}

// What only the origin has is set aside, then the origin becomes a link. Where something was written after the origin
// was emptied in part there is no way back: that is set aside, too, as the next run would.
static Result<Done> displace_and_link(const Run& run, const EntryPlaces& places, Done done)
{
    constexpr int attempts = 5;
    SetAside set_aside = TRY(SetAside::find(run.world.reader, run.workspace.displaced(), places.entry.name));
    const Judge judge = TRY(Judge::make(run.world, places.entry, run.seal, set_aside));
    for (int i = 1;; ++i) {
        run.world.progress.phase = "setting aside";
        Displaced displaced = TRY(displace(run, TRY(origin_link(run, places)), judge, set_aside));
        if (!displaced.name.empty()) done.displaced.push_back(std::move(displaced));
        // From here on the destination is no copy of a mount any more: an adopted one must never be refreshed again.
        const bool is_known =
            is_in_phase(run, places.entry, Phase::published) || is_in_phase(run, places.entry, Phase::linked);
        if (!is_known) TRY(record_phase(run, places.entry, Phase::published));
        const Result<> linked = link_origin(run, places, judge);
        if (linked) return done;
        if (TRY(is_linked(run, places.origin))) return clear_beside_link(run, places, std::move(done));
        if (linked.error().number != EBUSY || !*run.midway || i == attempts) return fail(linked.error());
    }
}

// It was rolled back here, by the record beside it, and the destination is older.
static bool is_taken_up_again(const Run& run, const Entry& entry)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    return was_rolled_back_here(run.survey, entry, seen) && seen.destination == DestinationState::populated;
}

static Result<Moved> publish_origin(const Run& run, const EntryPlaces& places)
{
    const EntrySurvey& seen = run.survey.entries.at(places.entry.name);
    if (is_taken_up_again(run, places.entry)) return move_again(run, places);
    const bool interrupted = seen.destination == DestinationState::populated && seen.foreign_copy &&
                             seen.foreign_copy->likeness == Likeness::interrupted;
    return interrupted ? move_over(run, places) : stage_and_publish(run, places);
}

// The service goes on with its origin.
static Failure give_up(const Run& run, const EntryPlaces& places, const Moved& moved, Error why)
{
    const Result<std::string> aside = take_back(run, places, moved.published);
    if (!aside) return fail(aside.error());
    if (!aside->empty())
        why.hint = "The content that was on the volume by then is set aside as " + *aside + ". " + why.hint;
    if (!moved.published.root)
        why.hint =
            "Its destination is filled already, and would win over what the service writes now: stop the service, "
            "empty the destination, then run 'mailstate apply' again.";
    for (const Displaced& older : moved.done.displaced)
        if (older.totals.names == 0)  // a whole one
            why.hint += " The volume's earlier content is set aside as " + older.name + ".";
    return fail(std::move(why));
}

Result<Done> move_entry(const Run& run, const EntryPlaces& places, bool exchange)
{
    const Name& origin = places.origin;
    TRY(check_no_mounts(run.world.reader, origin));
    if (exchange)
        if (std::optional<Done> done = TRY(exchange_entry(run, places))) return std::move(*done);
    std::optional<OriginCopy> copy = OriginCopy::begin(run.world.reader, run.writer, origin);
    Moved moved = TRY(publish_origin(run, places));
    if (copy) copy->publish();  // or compared by its content, all of it, since the copy began: move_again()
    TRY(check_published(run, places, moved.published));
    const SetAside none;
    const Judge judge = TRY(Judge::make(run.world, places.entry, run.seal, none, copy ? &*copy : nullptr));
    const Result<> linked = link_origin(run, places, judge);
    if (linked) return std::move(moved.done);
    if (TRY(is_linked(run, places.origin))) return clear_beside_link(run, places, std::move(moved.done));
    if (*run.midway && linked.error().number == EBUSY) return displace_and_link(run, places, std::move(moved.done));
    if (!*run.midway) return give_up(run, places, moved, linked.error());
    return fail(linked.error());
}

Result<Done> keep_destination(const Run& run, const EntryPlaces& places)
{
    return displace_and_link(run, places, Done{});
}

// As keep_destination(), but the origin stays: another run finds it again, and what it set aside then.
Result<Done> compare_entry(const Run& run, const EntryPlaces& places)
{
    run.world.progress.phase = "setting aside";
    SetAside set_aside = TRY(SetAside::find(run.world.reader, run.workspace.displaced(), places.entry.name));
    const Judge judge = TRY(Judge::make_of_leftover(run.world, places.entry, run.seal, set_aside));
    Done done;
    Displaced displaced = TRY(displace(run, TRY(origin_link(run, places)), judge, set_aside));
    if (!displaced.name.empty()) done.displaced.push_back(std::move(displaced));
    return done;
}

Result<Done> link_entry(const Run& run, const EntryPlaces& places)
{
    const OriginLink link = TRY(origin_link(run, places));
    TRY(link_absent(run.world, run.writer, link));
    TRY(remove_rollback(run.world, run.writer, places.origin));
    TRY(record_linked(run, places.entry));
    return Done{};
}

// Made under a staging name: a kill must not leave one with another owner than declared.
static Result<> make_destination(const Run& run, const Name& to, const std::string& name, Owner owner, Mode mode)
{
    const DirectoryRef made = TRY(run.writer.make_directory({run.workspace.staging(), name}, Mode{0755}));
    (void)TRY(run.writer.change_ownership(made, TRY(run.world.reader.attributes(made)), owner, mode));
    TRY(run.writer.rename({run.workspace.staging(), name}, to, Replace::no));
    return run.writer.sync_directory(to.at);
}

// An empty destination, with owner and mode of the seal.
static Result<> make_destination(const Run& run, const EntryPlaces& places)
{
    const Entry& entry = places.entry;
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
    Result<> made = make_destination(run, places.destination, name, owner, mode);
    if (!made)
        (void)remove_own(run.world, run.writer, {run.workspace.staging(), name});  // else the next run removes it
    return made;
}

Result<Done> prepare_entry(const Run& run, const EntryPlaces& places)
{
    if (run.survey.entries.at(places.entry.name).origin != OriginState::absent)
        return TRY(stage_and_publish(run, places)).done;
    TRY(make_destination(run, places));
    TRY(record_phase(run, places.entry, Phase::published));
    return Done{};
}

Result<Done> restore_entry(const Run& run, const EntryPlaces& places)
{
    TRY(make_destination(run, places));
    TRY(record_phase(run, places.entry,
                     Phase::linked));  // the link is there already, or there would be nothing to restore
    return Done{};
}

Result<Done> create_entry(const Run& run, const EntryPlaces& places)
{
    TRY(make_destination(run, places));
    TRY(record_phase(run, places.entry, Phase::published));
    return link_entry(run, places);
}

// The same; nothing is kept where the destination is not there, or not any more.
static Result<OriginLink> origin_link_if_any(const Run& run, const EntryPlaces& places)
{
    Result<OriginLink> link = origin_link(run, places);
    if (link || !is_absent(link.error())) return link;
    return OriginLink{places, destination_path(run.world.layout, places.entry), nullptr, run.midway};
}

// The old tree of an exchange that cannot be removed, or on which something is mounted, is no failure of the move: it
// is reported as long as it is there.
Result<Done> clear_entry_leftover(const Run& run, const EntryPlaces& places)
{
    Done done;
    const Entry& entry = places.entry;
    const Name& origin = places.origin;
    if (TRY(is_linked(run, places.origin))) TRY(remove_rollback(run.world, run.writer, origin));
    const std::optional<Attributes> left = TRY(find(run.world.reader, {origin.at, temporary_name(origin.name)}));
    if (!left) return done;
    const OriginLink link = TRY(origin_link_if_any(run, places));
    if (left->kind == Kind::symlink) {  // the old tree was not touched yet
        const std::string temporary = temporary_name(origin.name);
        TRY(run.writer.remove_file({origin.at, temporary},
                                   TRY(Removal::own_link(run.world.reader, {origin.at, temporary}))));
        return done;
    }
    SetAside set_aside = TRY(SetAside::find(run.world.reader, run.workspace.displaced(), entry.name));
    const Judge judge = TRY(Judge::make_of_leftover(run.world, entry, run.seal, set_aside));
    Displaced displaced = TRY(clear_leftover(run.world, run.writer, run.workspace, link, judge, set_aside));
    if (!displaced.name.empty()) done.displaced.push_back(std::move(displaced));
    return done;
}

Result<> put_back_entry(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    const std::string temporary = temporary_name(origin.name), text = destination_path(run.world.layout, entry);
    TRY(run.writer.rename({origin.at, temporary}, origin, Replace::exchange));
    TRY(run.writer.remove_file({origin.at, temporary},
                               TRY(Removal::own_link(run.world.reader, {origin.at, temporary}, text))));
    TRY(run.writer.sync_directory(origin.at));
    forget_entry(run, entry);
    return run.workspace.save_ledger();
}

static bool says_that_there_is_none(const Error& error)
{
    return is_absent(error) || error.number == EINVAL;
}

// The wrong link in one directory, which may be a mount point: only this one name in it is touched.
static Result<bool> remove_nested_link(const Run& run, const Name& spot, const std::string& name,
                                       const std::string& wanted)
{
    const Result<DirectoryRef> opened = run.world.reader.open_directory(spot, Cross::yes);
    if (!opened && says_that_there_is_none(opened.error())) return false;
    const DirectoryRef inside = TRY(opened);
    const Result<std::string> text = run.world.reader.read_link({inside, name});
    if (!text && says_that_there_is_none(text.error())) return false;
    if (TRY(text) != wanted) return false;
    TRY(run.writer.remove_file({inside, name}, TRY(Removal::own_link(run.world.reader, {inside, name}, wanted))));
    return true;
}

Result<std::vector<std::string>> remove_nested_links(const Run& run, const EntryPlaces& places)
{
    const std::string& name = places.destination.name;
    const std::string wanted = destination_path(run.world.layout, places.entry);
    std::vector<std::string> freed;
    if (TRY(remove_nested_link(run, places.origin, name, wanted))) freed.push_back(places.entry.origin);
    if (TRY(remove_nested_link(run, places.destination, name, wanted))) freed.push_back(wanted);
    return freed;
}

}  // namespace mailstate

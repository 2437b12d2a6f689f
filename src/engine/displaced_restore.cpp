// SPDX-License-Identifier: MIT
#include <cerrno>

#include "engine/copy_tree.hpp"
#include "engine/displace.hpp"
#include "engine/displaced_list.hpp"
#include "engine/displaced_name.hpp"
#include "engine/entry_places.hpp"
#include "engine/in_use.hpp"
#include "engine/origin.hpp"
#include "engine/remove_tree.hpp"
#include "engine/run_log.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr const char* restore_prefix = ".mailstate-restore.";  // beside a directory that is restored to, then the run

// What stands where something is to be restored to.
enum class Taken { free, empty, populated };

class Restorer {
public:
    Restorer(const World& world, const RestoreOptions& options)
        : world_(world), reader_(world.reader), options_(options), log_(world, {})
    {
    }

    // Looks, and blocks where it cannot or should not be.
    Result<> look()
    {
        log_.report = {};
        items_.clear();
        const std::vector<DisplacedItem> items = TRY(list_displaced(world_, log_.report.findings));
        std::erase_if(log_.report.findings, [&](const Finding& finding) { return finding.subject != options_.id; });
        const std::optional<DisplacedItem> item = item_named(items, options_.id, log_.report.findings);
        if (!item) {
            log_.report.outcome = Outcome::blocked;
            return {};
        }
        items_ = {*item};
        return options_.into.empty() ? look_in_place() : look_beside();
    }

    Result<> work(Writer& writer)
    {
        const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(world_, writer, options_.lock_timeout));
        TRY(look());
        if (!has_work()) return {};
        for (const std::string& name : TRY(displaced_leftovers(world_)))
            TRY(remove_own(world_, writer, {workspace->staging(), name}));
        TRY(options_.into.empty() ? restore_in_place(writer, *workspace) : restore_beside(writer, *workspace));
        return log_.record(*workspace, options_.version, "displaced restore", exit_code_of(log_));
    }

    [[nodiscard]] bool has_work() const { return log_.report.outcome == Outcome::done; }

    // would: it was only asked.
    DisplacedReport end(const Result<>& result, bool would)
    {
        if (!result) log_.stop_with(result.error());
        return {log_.take(), std::move(items_), would};
    }

private:
    [[nodiscard]] const DisplacedItem& item() const { return items_.front(); }

    template <class... Data>
    void refuse(CodeFor<Data...> code, std::string message, const Data&... data)
    {
        block(log_.report, make_finding(code, options_.id, std::move(message), data...));
    }

    [[nodiscard]] const Entry* entry() const
    {
        for (const Entry& each : world_.layout.entries)
            if (each.name == item().entry) return &each;
        return nullptr;
    }

    Result<Taken> look_at(const Name& spot, Kind kind) const
    {
        const std::optional<Attributes> seen = TRY(find(reader_, spot));
        if (!seen) return Taken::free;
        if (seen->kind != kind) return Taken::populated;
        if (kind == Kind::regular) return seen->size == 0 ? Taken::empty : Taken::populated;
        const DirectoryRef directory = TRY(reader_.open_directory(spot, Cross::yes));
        std::vector<std::string> names;
        TRY(TRY(reader_.list(directory))->next(names));
        return names.empty() ? Taken::empty : Taken::populated;
    }

    // --into: a name that is free, or an empty directory.
    Result<> look_beside()
    {
        const std::string workspace = world_.layout.state_dir + "/" + workspace_name;
        if (options_.into == workspace || options_.into.starts_with(workspace + "/")) {
            refuse("displaced.workspace", printable(options_.into) + " is mailstate's own");
            return {};
        }
        const SplitPath path = split_path(options_.into);
        const Name spot{TRY(reader_.open(path.parent)), path.name};
        taken_ = TRY(look_at(spot, item().kind));
        if (taken_ == Taken::populated)
            refuse("displaced.in-the-way", printable(options_.into) + " is there, and not empty");
        return check_room(TRY(reader_.filesystem(spot.at)));
    }

    Result<> check_room(const FilesystemFacts& filesystem)
    {
        const TreeSize& size = item().size;
        if (size.bytes <= filesystem.free_bytes && size.files + size.directories <= filesystem.free_inodes) return {};
        refuse("displaced.no-space", "it takes " + human_bytes(size.bytes) + ", and only " +
                                         human_bytes(filesystem.free_bytes) + " are free");
        return {};
    }

    Result<> look_in_place()
    {
        if (entry() == nullptr) {
            refuse("displaced.unknown-entry",
                   "layout " + world_.layout.name + " has no entry '" + printable(item().entry) + "'");
            return {};
        }
        Layout all = world_.layout;
        for (Entry& each : all.entries) each.enabled.clear();  // also of a service that is switched off
        const Survey survey =
            TRY(probe({reader_, all, world_.settings, world_.progress, world_.stop, world_.jobs}, PlanOptions()));
        if (!survey.volume.workspace_problem.empty()) {
            refuse("volume.workspace", survey.volume.workspace_problem);
            return {};
        }
        judge_place(survey.entries.at(entry()->name));
        if (!has_work()) return {};
        TRY(check_room(survey.volume.filesystem));
        return check_users();
    }

    void judge_place(const EntrySurvey& seen)
    {
        if (seen.origin != OriginState::link_home && seen.origin != OriginState::absent)
            return refuse("displaced.not-linked", "the origin of " + item().entry +
                                                      " is no link to the volume: the service does not look there");
        if (seen.destination_mount || seen.only_as_user || seen.own_record)
            return refuse("displaced.mount", "the destination of " + item().entry + " is worked in where it is");
        switch (seen.destination) {
            case DestinationState::absent:
                taken_ = Taken::free;
                break;
            case DestinationState::empty:
                taken_ = Taken::empty;
                break;
            case DestinationState::populated:
                taken_ = Taken::populated;
                break;
            default:
                return refuse("destination.kind", "the destination is no " + std::string(name_of(entry()->kind)),
                              printable(destination_path(world_.layout, *entry())));
        }
        if (taken_ == Taken::populated && !item().whole)
            refuse("displaced.in-parts",
                   "it is " + why_displaced(item()) + ": in place, it would be all that " + item().entry + " has");
    }

    Result<> check_users()
    {
        const Result<Name> spot = find_destination(world_, *entry());
        if (!spot) return {};  // nobody works in what is not there
        const std::string users = TRY(users_of(reader_, *spot));
        if (users.empty()) return {};
        if (!options_.allow_in_use)
            refuse("destination.in-use", "the destination is in use by " + users);
        else
            log_.found(make_finding(
                Severity::warning, "destination.in-use", item().entry,
                "the destination is in use by " + users + ": what it has open is set aside, and written there"));
        return {};
    }

    // The copy, compared and durable, under a name that nobody uses.
    Result<> copy(Writer& writer, const Name& from, Kind kind, const Name& to)
    {
        Result<> copied = kind == Kind::directory ? copy_directory(writer, from, to) : copy_file(writer, from, to);
        if (!copied) (void)remove_own(world_, writer, to);  // else the next run does
        return copied;
    }

    Result<> copy_directory(Writer& writer, const Name& from, const Name& to)
    {
        world_.progress.phase = "copying";
        const DirectoryRef source = TRY(reader_.open_directory(from, Cross::no));
        const DirectoryRef made = TRY(writer.make_directory(to, Mode{0700}));
        (void)TRY(copy_tree(world_, writer, source, made, {Cross::no}));
        TRY(writer.sync_filesystem(to.at));
        world_.progress.phase = "comparing";
        return compare_trees(world_, source, made, Cross::no, Content::yes);
    }

    Result<> copy_file(Writer& writer, const Name& from, const Name& to)
    {
        const Attributes seen = TRY(reader_.attributes(from));
        const Durable durable = durable_in(reader_, to.at);
        (void)TRY(copy_item(world_, writer, {from, seen}, to, durable));
        TRY(writer.sync_filesystem(to.at));
        const Attributes made = TRY(reader_.attributes(to));
        return compare_items(world_, {from, seen}, {to, made}, Content::yes);
    }

    Result<> restore_beside(Writer& writer, const Workspace& workspace)
    {
        const SplitPath path = split_path(options_.into);
        const DirectoryRef at = TRY(reader_.open(path.parent));
        TRY(sweep_beside(writer, at));
        const Name staged{at, restore_prefix + workspace.run()};
        TRY(copy(writer, {workspace.displaced(), item().id}, item().kind, staged));
        log_.touched = true;
        const Result<> placed = place(writer, staged, {at, path.name});
        if (!placed) (void)remove_own(world_, writer, {at, staged.name});  // else the next restore does
        TRY(placed);
        TRY(writer.sync_directory(at));
        say_restored(options_.into);
        return {};
    }

    Result<> sweep_beside(Writer& writer, const DirectoryRef& at)
    {
        std::vector<std::string> ours;
        TRY(each_name(reader_, at, [&](const std::string& name) -> Result<> {
            if (name.starts_with(restore_prefix) && is_staging_name(name)) ours.push_back(name);
            return {};
        }));
        for (const std::string& name : ours) TRY(remove_own(world_, writer, {at, name}));
        return {};
    }

    Result<> restore_in_place(Writer& writer, Workspace& workspace)
    {
        const Name from = TRY(find_returning(world_, *entry(), item().id));
        const Name staged{workspace.staging(), workspace.staging_name(item().id)};
        TRY(copy(writer, from, entry()->kind, staged));
        const SplitPath path = split_path(entry()->destination);
        const Name to{TRY(make_below(reader_, writer, workspace.volume(), path.parent)), path.name};
        log_.touched = true;
        const Result<> placed =
            taken_ == Taken::populated ? exchange(writer, workspace, staged, to) : place(writer, staged, to);
        if (!placed) (void)remove_own(world_, writer, staged);  // else the next run does
        TRY(placed);
        TRY(writer.sync_directory(to.at));
        TRY(writer.sync_directory(workspace.displaced()));
        (void)change_of(workspace.ledger, item().entry);
        say_restored(destination_path(world_.layout, *entry()));
        return {};
    }

    // Over an empty directory: rename(2) refuses where something came into it meanwhile.
    Result<> place(Writer& writer, const Name& staged, const Name& to)
    {
        if (taken_ == Taken::empty)
            if (const auto vacant = TRY(Removal::vacant(reader_, to, item().kind)))
                return writer.replace(staged, to, *vacant);
        return writer.rename(staged, to, Replace::no);
    }

    // The copy goes to displaced first, so that the exchange of the two leaves the old destination there: at no moment
    // is either without a name that lasts.
    Result<> exchange(Writer& writer, Workspace& workspace, const Name& staged, const Name& to)
    {
        const std::string aside =
            TRY(free_displaced_name(reader_, workspace.displaced(), item().entry, workspace.run()));
        TRY(writer.rename(staged, {workspace.displaced(), aside}, Replace::no));
        TRY(writer.sync_directory(workspace.displaced()));
        Result<> exchanged = writer.rename({workspace.displaced(), aside}, to, Replace::exchange);
        if (!exchanged && exchange_is_refused(exchanged.error()))
            exchanged = exchange_in_steps(writer, workspace, aside, to);
        if (!exchanged) {  // the copy is not what was set aside
            (void)writer.rename({workspace.displaced(), aside}, staged, Replace::no);
            return exchanged;
        }
        if (set_aside_.empty()) {
            set_aside_ = aside;
            change_of(workspace.ledger, item().entry).displaced.push_back(aside);
        }
        return {};
    }

    Result<> exchange_in_steps(Writer& writer, Workspace& workspace, const std::string& copy, const Name& to)
    {
        const std::string old = TRY(displace_whole(world_, writer, workspace, *entry(), to));
        Result<> placed = writer.rename({workspace.displaced(), copy}, to, Replace::no);
        if (placed) set_aside_ = old;
        if (!placed) (void)writer.rename({workspace.displaced(), old}, to, Replace::no);
        return placed;
    }

    void say_restored(const std::string& where)
    {
        const std::string what = "restored " + printable(item().id) + " to " + printable(where) + " (" +
                                 human_count(item().size.files, "file", "files") + ", " +
                                 human_bytes(item().size.data) + ")";
        log_.changed(what);
        if (set_aside_.empty()) return;
        log_.found(make_finding("entry.displaced", item().entry,
                                "what the destination held before was set aside as " + printable(set_aside_),
                                "'mailstate displaced list'"));
    }

    const World& world_;
    const Reader& reader_;
    const RestoreOptions& options_;
    RunLog log_;
    std::vector<DisplacedItem> items_;  // the one that is concerned
    Taken taken_ = Taken::free;
    std::string set_aside_;
};

}  // namespace

DisplacedReport plan_restore(const World& world, const RestoreOptions& options)
{
    Restorer restorer(world, options);
    return restorer.end(restorer.look(), true);
}

DisplacedReport restore_displaced(const World& world, Writer& writer, const RestoreOptions& options)
{
    Restorer restorer(world, options);
    Result<> result = restorer.look();
    if (result && restorer.has_work()) result = restorer.work(writer);
    return restorer.end(result, false);
}

}  // namespace mailstate

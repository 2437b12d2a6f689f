// SPDX-License-Identifier: MIT
#include <algorithm>

#include "engine/displaced_list.hpp"
#include "engine/entry_places.hpp"
#include "engine/in_use.hpp"
#include "engine/remove_tree.hpp"
#include "engine/restoring.hpp"
#include "engine/split_path.hpp"
#include "engine/workspace.hpp"
#include "engine/workspace_names.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

template <class... Data>
void refuse_restore(Restoring& restoring, CodeFor<Data...> code, std::string message, const Data&... data)
{
    block(restoring.log.report, make_finding(code, restoring.options.id, std::move(message), data...));
}

[[nodiscard]] bool is_allowed(const Restoring& restoring)
{
    return restoring.log.report.outcome == Outcome::done;
}

Result<Taken> look_at_place(const Reader& reader, const Name& place, Kind kind)
{
    const std::optional<Attributes> seen = TRY(find(reader, place));
    if (!seen) return Taken::free;
    if (seen->kind != kind) return Taken::populated;
    if (kind == Kind::regular) return seen->size == 0 ? Taken::empty : Taken::populated;
    const DirectoryRef directory = TRY(reader.open_directory(place, Cross::yes));
    std::vector<std::string> names;
    TRY(TRY(reader.list(directory))->next(names));
    return names.empty() ? Taken::empty : Taken::populated;
}

void check_room(Restoring& restoring, const FilesystemFacts& filesystem)
{
    const TreeSize& size = restoring.item().size;
    if (size.bytes <= filesystem.free_bytes && size.files + size.directories <= filesystem.free_inodes) return;
    refuse_restore(
        restoring, "displaced.no-space",
        "it takes " + human_bytes(size.bytes) + ", and only " + human_bytes(filesystem.free_bytes) + " are free");
}

// --into: a name that is free, or an empty directory.
Result<> look_beside(Restoring& restoring)
{
    const std::string& into = restoring.options.into;
    const std::string workspace = restoring.world.layout.state_dir + "/" + workspace_name;
    if (into == workspace || into.starts_with(workspace + "/")) {
        refuse_restore(restoring, "displaced.workspace", printable(into) + " is part of mailstate's workspace");
        return {};
    }
    const SplitPath path = split_path(into);
    const Name place{TRY(restoring.world.reader.open(path.parent)), path.name};
    restoring.taken = TRY(look_at_place(restoring.world.reader, place, restoring.item().kind));
    if (restoring.taken == Taken::populated)
        refuse_restore(restoring, "displaced.in-the-way", printable(into) + " exists and is not empty");
    check_room(restoring, TRY(restoring.world.reader.filesystem(place.at)));
    return {};
}

// May the destination be what was set aside?
void judge_place(Restoring& restoring, const EntrySurvey& seen)
{
    const std::string& entry = restoring.item().entry;
    if (seen.origin != OriginState::link_home && seen.origin != OriginState::absent)
        return refuse_restore(restoring, "displaced.not-linked",
                              "the origin of " + entry +
                                  " is not a link to the volume, so the service would not see the restored content");
    if (seen.destination_mount || seen.only_as_user || seen.own_record)
        return refuse_restore(restoring, "displaced.mount",
                              "the destination of " + entry +
                                  " is a separate mount, or belongs to a service that uses the volume as itself");
    switch (seen.destination) {
        case DestinationState::absent:
            restoring.taken = Taken::free;
            break;
        case DestinationState::empty:
            restoring.taken = Taken::empty;
            break;
        case DestinationState::populated:
            restoring.taken = Taken::populated;
            break;
        default:
            return refuse_restore(restoring, "destination.kind",
                                  "the destination is not a " + std::string(name_of(restoring.entry()->kind)),
                                  printable(destination_path(restoring.world.layout, *restoring.entry())));
    }
    if (restoring.taken == Taken::populated && !restoring.item().whole)
        refuse_restore(
            restoring, "displaced.in-parts",
            "it is " + why_displaced(restoring.item()) + ": in place, it would be all that " + entry + " has");
}

Result<> check_users(Restoring& restoring)
{
    const Result<Name> place = find_destination(restoring.world, *restoring.entry());
    if (!place) return {};  // nobody works in what is not there
    const std::string users = TRY(users_of(restoring.world.reader, *place));
    if (users.empty()) return {};
    if (!restoring.options.allow_in_use)
        refuse_restore(restoring, "destination.in-use", "the destination is in use by " + users);
    else
        restoring.log.found(make_finding(Severity::warning, "destination.in-use", restoring.item().entry,
                                         "the destination is in use by " + users +
                                             ": its open files are set aside, and it goes on writing to them"));
    return {};
}

// Of all entries, those of services that are switched off, too.
Result<Survey> survey_all(const World& world)
{
    Layout all = world.layout;
    for (Entry& each : all.entries) each.enabled.clear();
    return probe({world.reader, all, world.settings, world.progress, world.stop, world.jobs}, PlanOptions());
}

Result<> look_in_place(Restoring& restoring)
{
    if (restoring.entry() == nullptr) {
        refuse_restore(
            restoring, "displaced.unknown-entry",
            "layout " + restoring.world.layout.name + " has no entry '" + printable(restoring.item().entry) + "'");
        return {};
    }
    const Survey survey = TRY(survey_all(restoring.world));
    if (!survey.volume.workspace_problem.empty()) {
        refuse_restore(restoring, "volume.workspace", survey.volume.workspace_problem);
        return {};
    }
    judge_place(restoring, survey.entries.at(restoring.entry()->name));
    if (!is_allowed(restoring)) return {};
    check_room(restoring, survey.volume.filesystem);
    return check_users(restoring);
}

// Blocks where it cannot or should not be.
Result<> look(Restoring& restoring)
{
    Report& report = restoring.log.report;
    report = {};
    restoring.items.clear();
    const std::string& id = restoring.options.id;
    const std::vector<DisplacedItem> items = TRY(list_displaced(restoring.world, report.findings));
    std::erase_if(report.findings, [&](const Finding& finding) { return finding.subject != id; });
    const std::optional<DisplacedItem> item = item_named(items, id, report.findings);
    if (!item) {
        report.outcome = Outcome::blocked;
        return {};
    }
    restoring.items = {*item};
    return restoring.options.into.empty() ? look_in_place(restoring) : look_beside(restoring);
}

// Looks once more, now that nobody else works here.
Result<> look_and_restore(Restoring& restoring, Writer& writer)
{
    const World& world = restoring.world;
    const std::unique_ptr<Workspace> workspace = TRY(Workspace::open(world, writer, restoring.options.lock_timeout));
    TRY(look(restoring));
    if (!is_allowed(restoring)) return {};
    for (const std::string& name : TRY(displaced_leftovers(world)))
        TRY(remove_own(world, writer, {workspace->staging(), name}));
    TRY(restoring.options.into.empty() ? restore_in_place(restoring, writer, *workspace)
                                       : restore_beside(restoring, writer, *workspace));
    return restoring.log.record(*workspace, restoring.options.version, "displaced restore",
                                exit_code_of(restoring.log));
}

// would: it was only asked.
DisplacedReport report_of(Restoring& restoring, const Result<>& result, bool would)
{
    if (!result) restoring.log.stop_with(result.error());
    return {restoring.log.take(), std::move(restoring.items), would};
}

}  // namespace

const Entry* Restoring::entry() const
{
    const auto found = std::ranges::find(world.layout.entries, item().entry, &Entry::name);
    return found == world.layout.entries.end() ? nullptr : &*found;
}

DisplacedReport plan_restore(const World& world, const RestoreOptions& options)
{
    Restoring restoring{world, options};
    const Result<> looked = look(restoring);
    return report_of(restoring, looked, true);
}

DisplacedReport restore_displaced(const World& world, Writer& writer, const RestoreOptions& options)
{
    Restoring restoring{world, options};
    Result<> result = look(restoring);
    if (result && is_allowed(restoring)) result = look_and_restore(restoring, writer);
    return report_of(restoring, result, false);
}

}  // namespace mailstate

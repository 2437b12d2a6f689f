// SPDX-License-Identifier: MIT
// What an apply reports of its entries.
#include <cerrno>

#include "engine/applier.hpp"
#include "engine/aside_tally.hpp"
#include "engine/in_use.hpp"
#include "engine/not_kept.hpp"
#include "engine/origin.hpp"
#include "engine/run_report.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/describe.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

FindingCode code_of(const Error& error)
{
    switch (error.number) {
        case EBUSY:
            return "origin.busy";
        case EAGAIN:
            return "volume.shared";
        case ENOSPC:
        case EDQUOT:
            return "volume.no-space";
        default:
            return "entry.failed";
    }
}

// A user namespace that lacks ids: an owner outside of it can be neither read as root nor set.
bool has_few_ids(const ProcessFacts& process)
{
    constexpr std::uint32_t last_of_a_container = 65535;
    return !can_express(process.uid_map, last_of_a_container) || !can_express(process.gid_map, last_of_a_container);
}

std::string hint_of(const Error& error, bool midway, const ProcessFacts& process)
{
    if (!error.hint.empty()) return error.hint;
    if (midway) return "Start again: the destination is whole, and the next run finishes the rest.";
    if (error.number == EDQUOT)
        return "Raise the volume's quota for the user who owns this, or make room, then start again. The service runs "
               "from its origin, as before.";
    if (error.number == ENOSPC)
        return "Make room on the volume, then start again. The service runs from its origin, as before.";
    const bool refused = error.number == EPERM || error.number == EACCES || error.number == EINVAL;
    if (refused && has_few_ids(process))
        return "Its owner may be outside this user namespace: give the container more ids. The service runs from its "
               "origin, as before.";
    if (error.number == EPERM || error.number == EACCES)
        return "Check the container's capabilities (CHOWN, DAC_OVERRIDE, FOWNER, FSETID), whether something there is "
               "immutable ('lsattr -d', 'chattr -i'), and, on NFS, no_root_squash. The service runs from its origin, "
               "as "
               "before.";
    return "The service runs from its origin, as before.";
}

// The link is made, and the service starts with the destination; what could not be removed of the origin is beside it.
std::optional<Finding> leftover_finding(const World& world, const Entry& entry)
{
    const Result<Name> origin = find_origin(world, entry);
    if (!origin) return std::nullopt;
    const std::string name = temporary_name(origin->name);
    const Result<Attributes> seen = world.reader.attributes({origin->at, name});
    if (!seen || seen->kind != Kind::directory) return std::nullopt;
    const std::string path = printable(origin->at->path().text(name));
    const std::string users = users_of(world.reader, {origin->at, name}).value_or("");
    if (!users.empty())
        return make_finding("origin.leftover-in-use", entry.name,
                            "the old content of " + printable(entry.origin) + " is beside the link: " + path + "; " +
                                users + " still uses it");
    return make_finding(
        "origin.leftover", entry.name,
        "the old content of " + printable(entry.origin) + " could not be removed, and is beside the link: " + path,
        path);
}

// A mount that goes on being used changes from start to start: no reason for a warning.
Finding superseded_finding(const std::string& entry, const Displaced& displaced)
{
    return make_finding(
        "adoption.displaced", entry,
        human_count(displaced.totals.names, "name", "names") +
            " of the older copy that the mount no longer has, or has with different content, set aside as " +
            displaced.name);
}

}  // namespace

void Applier::entry_failed(const PlanEntry& planned, EntryReport& report, const Error& error)
{
    const bool was_stopped = error.number == ECANCELED && world_.stop.requested();
    report.outcome = was_stopped ? EntryOutcome::not_reached : EntryOutcome::failed;
    if (error.number == not_kept) {
        report.reason = what_of(error);
        return log_.found(make_finding("copy.not-kept", planned.name, report.reason));
    }
    report.reason = describe(error);
    if (was_stopped) return log_.stop_with(error);
    const bool passes = error.number == EBUSY || error.number == EAGAIN;
    const Severity severity = passes && !log_.midway ? Severity::warning : Severity::error;
    Error told = error;
    told.hint = hint_of(error, log_.midway, survey_.process);
    log_.found(make_finding(severity, code_of(error), planned.name, told));
}

Finding Applier::displaced_finding(const Displaced& displaced, EntryReport& report) const
{
    report.displaced += displaced.totals.names;
    const bool as_user = own_workspaces_.contains(report.name);
    const std::string inside =
        as_user ? destination_path(world_.layout, entry_named(world_.layout, report.name)) : world_.layout.state_dir;
    report.displaced_to = inside + "/.mailstate/displaced/" + displaced.name;
    std::string what =
        displaced.totals.names > 0
            ? describe(displaced.totals) + ", which the destination lacked or had with different content, were"
            : "the destination's earlier content was";
    return make_finding("entry.displaced", report.name, what + " set aside in " + report.displaced_to,
                        as_user ? "the files there" : "'mailstate displaced list'");
}

// An interrupted copy of an origin that is not here: of the container before this one, or of another machine.
Finding Applier::copy_finding(const SetAsideCopy& copy) const
{
    std::string what = "an interrupted copy of another origin held " +
                       human_count(copy.displaced.totals.names, "name", "names") +
                       " that neither the origin nor the destination has";
    for (const std::string& path : copy.displaced.totals.examples) what += ", " + printable(path);
    return make_finding(
        "entry.displaced", copy.entry,
        what + "; set aside in " + world_.layout.state_dir + "/.mailstate/displaced/" + copy.displaced.name,
        "'mailstate displaced list'");
}

void Applier::report_done(const PlanEntry& planned, EntryReport& report, const Done& done, Said subject)
{
    report.copied += done.copied;
    const bool is_as_it_was = planned.decision == Decision::set_aside && done.displaced.empty();
    if (changes_something(planned.decision) && subject == Said::decision) {
        report.outcome = done.displaced.empty() ? outcome_when_done(planned.decision) : EntryOutcome::set_aside;
        if (!is_as_it_was) log_.changed(describe(planned, Tense::done) + amount_of(done));
    }
    for (const Displaced& displaced : done.displaced) {
        const bool of_copy = planned.decision == Decision::refresh && displaced.totals.names > 0;
        log_.found(of_copy ? superseded_finding(planned.name, displaced) : displaced_finding(displaced, report));
        if (displaced.totals.repeated > 0) log_.found(repeats_finding(planned.name, displaced.totals));
    }
    for (const std::string& path : done.sockets) log_.found(socket_finding(planned.name, path));
    if (const auto left = leftover_finding(world_, entry_named(world_.layout, planned.name))) log_.found(*left);
}

}  // namespace mailstate

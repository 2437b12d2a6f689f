// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

#include "mailstate/base/text.hpp"
#include "mailstate/model/capability.hpp"
#include "mailstate/model/renumber.hpp"
#include "model/planning.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

// Off only where it is known to be off: with unknown settings a mount is worth a word.
bool is_enabled(const Evidence& evidence, const Entry& entry)
{
    if (!evidence.settings_known) return true;
    return evaluate(entry.enabled, make_settings(*evidence.layout, variables_of(evidence), {})).open;
}

bool is_its_own(const Evidence& evidence, const Entry& entry)
{
    if (evidence.survey == nullptr) return false;
    const auto seen = evidence.survey->entries.find(entry.name);
    return seen != evidence.survey->entries.end() && seen->second.origin == OriginState::same_as_destination;
}

std::string lacking_capabilities(const Evidence& evidence)
{
    if (evidence.survey == nullptr) return "";
    std::vector<Ability> lacking;
    for (const Entry& entry : evidence.layout->entries)
        for (const Ability need : entry.needs)
            if (evidence.survey->gates.at(entry.name).open && lacks(evidence.survey->volume.capabilities, need) &&
                std::ranges::find(lacking, need) == lacking.end())
                lacking.push_back(need);
    std::vector<std::string> names;
    names.reserve(lacking.size());
    for (const Ability ability : lacking) names.emplace_back(name_of(ability));
    return join(names);
}

Room room_to_move(const Survey& survey)
{
    Room needed;
    for (const auto& [name, entry] : survey.entries)
        if (entry.size && entry.destination != DestinationState::populated && !entry.destination_mount) {
            needed.bytes += entry.size->bytes;
            needed.inodes += entry.size->files + entry.size->directories;
        }
    return needed;
}

}  // namespace

bool is_one_dir_off(const Evidence& evidence)
{
    return !value_of(evidence, "ONE_DIR").empty() && !gate(evidence, "ONE_DIR");
}

namespace {

// Names of managed directories on the volume, as far as it is here to be read: of a time without ONE_DIR=0.
bool has_older_state(const Evidence& evidence)
{
    const auto names = evidence.files ? evidence.files->names(state_dir(evidence)) : std::vector<std::string>();
    return std::ranges::any_of(names, [&](const std::string& name) {
        return std::ranges::any_of(layout_of(evidence).entries,
                                   [&](const Entry& entry) { return entry.destination == name; });
    });
}

}  // namespace

Sightings one_dir_removed(const Evidence& evidence)
{
    if (!is_one_dir_off(evidence) || !state_is_there(evidence)) return {};
    const std::string state = state_dir(evidence);
    const bool was_removed = at_least(evidence.from, "14.0.0") == Certainty::yes;  // nothing moves on this upgrade
    const Part value = datum("value", value_of(evidence, "ONE_DIR")), where = datum("state", state);
    if (was_removed)
        return {see(where_of(evidence, "ONE_DIR"),
                    {"ONE_DIR=", value, " no longer has an effect: the state is consolidated in ", where},
                    "Remove the variable.")};
    const bool older = has_older_state(evidence), seen = evidence.files && evidence.files->facts(state);
    return {
        see(where_of(evidence, "ONE_DIR"),
            {"ONE_DIR=", value, " no longer has an effect: the state will be consolidated in ", where,
             older ? ", which has older state: upstream would use that, and remove the state that the container has now"
             : seen ? ""
                    : "; if that volume has older state, upstream would use it in place of the state that the "
                      "container has now"},
            older || !seen ? "Remove the variable and keep the volume, but move its older state (lib-*, spool-*) away "
                             "before the first start."
                           : "Remove the variable and keep the volume.")};
}

namespace {

// The mount table has the device, of which no line of a compose file knows.
std::string source_of(const MountFact& mount)
{
    if (!mount.service.empty()) return said(mount);
    return printable(mount.source.empty() ? mount.fs_type : mount.source);
}

// By its place: how it is written there (in long form, in JSON, with a variable or a mode) is not known here.
std::string line_of(const MountFact& mount)
{
    if (!mount.service.empty()) return "the mount at " + printable(mount.where);
    return "the container's mount at " + printable(mount.target);
}

}  // namespace

Sightings direct_mount(const Evidence& evidence)
{
    Sightings seen;
    if (evidence.layout == nullptr || !state_is_there(evidence)) return seen;
    for (const MountFact& mount : evidence.mounts)
        for (const Entry& entry : evidence.layout->entries) {
            if (!is_at_or_below(entry.origin, mount.target) || !is_enabled(evidence, entry)) continue;
            if (is_its_own(evidence, entry)) continue;
            seen.push_back(
                see(mount.where.empty() ? mount.target : mount.where,
                    {datum("source", mount.source, source_of(mount)), " is mounted ",
                     datum("target", mount.target, mount.target == entry.origin ? "on " : "inside "),
                     datum("origin", entry.origin),
                     ": upstream's first start would empty it, and each later start delete what was written there"},
                    "Stop the services, run mailstate apply --adopt-mounts alone in a one-off container, remove " +
                        line_of(mount) + ", then start the services."));
        }
    return seen;
}

Sightings state_on_network(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts) {
        if (!is_at_or_below(state_dir(evidence), mount.target) || !is_network_type(mount.fs_type)) continue;
        const std::string lacking = lacking_capabilities(evidence);
        Seen one =
            see(mount.where, {datum("target", mount.target), " is on ", datum("type", mount.fs_type), " (",
                              datum("source", mount.source), ")",
                              datum("lacking", lacking,
                                    lacking.empty() ? "; what it supports was not tested" : "; it lacks " + lacking)});
        if (!lacking.empty()) one.severity = Severity::error;
        seen.push_back(std::move(one));
    }
    return seen;
}

Sightings state_traversal(const Evidence& evidence)
{
    Sightings seen;
    const Certainty fixed = at_least(evidence.to, "15.0.1");
    for (std::string path = state_dir(evidence); path != "/" && evidence.files; path = parent_of(path)) {
        const auto facts = evidence.files->facts(path);
        if (!facts || facts->kind != Kind::directory || (facts->mode.bits & 1U) != 0) continue;
        Seen one = see(path,
                       {"its mode ", datum("mode", octal_mode(facts->mode.bits)),
                        " keeps the services out: Dovecot waits 180 s for a lock that it cannot see"},
                       "Run chmod o+x " + printable(path) + ", or mailstate check --fix.");
        if (fixed == Certainty::yes) one.severity = Severity::note;
        if (fixed == Certainty::unknown) one.unknown = "v15.0.1 and later set it, and the version is not known";
        seen.push_back(std::move(one));
    }
    return seen;
}

namespace {

// What two services share where it is the same; empty: each has its own.
std::string shared_name_of(const ComposeMount& mount)
{
    return mount.is_of_each ? "" : mount.volume.value_or(mount.source);
}

}  // namespace

Sightings shared_volume(const Evidence& evidence)
{
    Sightings seen;
    if (!evidence.lock_holder.empty())
        seen.push_back(see(state_dir(evidence), {datum("holder", evidence.lock_holder), " is using the volume"}));
    // Of all mail services in the file, also of those that are judged by themselves.
    std::vector<std::pair<const ComposeService*, const ComposeMount*>> users;
    static const std::vector<ComposeService> none;
    for (const ComposeService& service : evidence.compose ? evidence.compose->services : none)
        for (const ComposeMount& mount : service.mounts)
            if (service.enabled && mount.target == state_dir(evidence) && !mount.source.empty() &&
                evidence.mail_services.contains(service.name))
                users.emplace_back(&service, &mount);
    for (const auto& [service, mount] : users)
        if (const auto count = parse_decimal(service->replicas.text);
            count && *count > 1 && !shared_name_of(*mount).empty())
            seen.push_back(see(service->replicas.where,
                               {datum("service", service->name), " has ", datum("replicas", service->replicas.text),
                                " replicas, which all mount ", datum("source", mount->source), " as their state"}));
    for (std::size_t i = 1; i < users.size(); ++i)
        if (!shared_name_of(*users[i].second).empty() &&
            shared_name_of(*users[i].second) == shared_name_of(*users[0].second))
            seen.push_back(
                see(users[i].second->where, {"the services ", datum("service", users[0].first->name), " and ",
                                             datum("other_service", users[i].first->name), " both mount ",
                                             datum("source", users[i].second->source), " as their state"}));
    return seen;
}

Sightings free_space(const Evidence& evidence)
{
    if (evidence.survey == nullptr || evidence.survey->volume.state != VolumeState::present) return {};
    const VolumeSurvey& volume = evidence.survey->volume;
    const Room needed = room_to_move(*evidence.survey);
    const FilesystemFacts& facts = volume.filesystem;
    Sightings seen;
    if (!facts.read_only && needed.bytes + volume.headroom > facts.free_bytes)
        seen.push_back(
            see(state_dir(evidence),
                {amount("bytes", needed.bytes), " are to be moved and ", amount("headroom_bytes", volume.headroom),
                 " must stay free for Postfix, but only ", amount("free_bytes", facts.free_bytes), " are free"}));
    if (!facts.read_only && needed.inodes >= facts.free_inodes)  // a mail that comes in takes one
        seen.push_back(see(
            state_dir(evidence),
            {counted("inodes", needed.inodes, "inode is", "inodes are"),
             " to be moved and one must stay free for Postfix, but only ",
             counted("free_inodes", facts.free_inodes, "inode is", "inodes are"), " free"},
            "Use a volume with more inodes (mkfs -N when it is created), or remove small files that are not needed."));
    return seen;
}

Sightings id_drift(const Evidence& evidence)
{
    const Survey* const survey = evidence.survey;
    if (survey == nullptr || !survey->ledger || !survey->ledger->identities) return {};
    std::vector<std::string> moved;
    for (const auto& [name, uid] : survey->ledger->identities->users) {
        const auto now = find_user(survey->identities, name);
        if (now && *now != uid)
            moved.push_back(name + " " + std::to_string(static_cast<std::uint32_t>(uid)) + " → " +
                            std::to_string(static_cast<std::uint32_t>(*now)));
    }
    if (moved.empty()) return {};
    return {see(state_dir(evidence),
                {counted("users", moved.size(), "user has", "users have"),
                 " a different number in this image than on the volume: ", datum("changes", join(moved))})};
}

}  // namespace mailstate::dms

// SPDX-License-Identifier: MIT
// State of Mailu's services that is on no volume of the operator's: it ends with the container, and the way to upgrade
// (docker compose pull, down, up; docs/maintain.rst) ends every container. The images declare volumes for most of it,
// which have no name and are not found again after "down".
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/mailu_rules.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailu {

namespace {

struct StatePlace {
    Role role;
    std::string_view target, folder;  // folder: where the set-up page has it, below the root
    std::string_view lost;
    Severity severity;
    std::string_view since = {};  // the first release that keeps something there
};

// By VOLUME of the Dockerfiles, queue_directory of main.cf, --idfile of fetchmail.py, and the mounts of the set-up
// page (setup/flavors/compose/docker-compose.yml), 1.5 to 2024.06.57.
constexpr std::array<StatePlace, 7> state_places{{
    {Role::admin, "/data", "data", "accounts, aliases and domains", Severity::error},
    {Role::admin, "/dkim", "dkim", "the DKIM keys", Severity::error},
    {Role::imap, "/mail", "mail", "all mail", Severity::error},
    {Role::smtp, "/queue", "mailqueue", "mail that waits to be sent", Severity::warning},
    {Role::webdav, "/data", "dav", "calendars and address books", Severity::error},
    {Role::webmail, "/data", "webmail", "address books and settings", Severity::warning},
    {Role::fetchmail, "/data", "data/fetchmail", "the list of mail that was fetched", Severity::warning, "1.9"},
}};

std::string how_to_keep(const Evidence& evidence, const ComposeService& service, const StatePlace& place)
{
    const std::string target(place.target), folder = "./" + std::string(place.folder);
    const std::string mount = folder + ":" + target, name = printable(service.name);
    if (evidence.compose->is_manifest)
        return "Before the pod is replaced, copy the content of " + target +
               " (kubectl cp), then mount a persistent volume there.";
    if (!place.since.empty() && at_least(evidence.from, place.since) != Certainty::yes) return "Mount " + mount + ".";
    std::string copied = "Before the container is replaced, run docker compose stop " + name +
                         " and docker compose cp -a " + name + ":" + target + " " + folder + "; then mount " + mount +
                         ".";
    if (place.role != Role::smtp) return copied;
    return copied + " Or run docker compose exec " + name + " postqueue -f, and wait until postqueue -p lists nothing.";
}

// The image of 1.7 and older declares no volume for it: not even docker compose up without down keeps it.
Severity severity_of(const Evidence& evidence, const StatePlace& place)
{
    const bool in_layer = place.role == Role::smtp && at_least(evidence.from, "1.8") == Certainty::no;
    return in_layer ? Severity::error : place.severity;
}

bool has_accounts(const StatePlace& place)
{
    return place.role == Role::admin && place.target == "/data";
}

bool has_other_database(const Evidence& evidence)
{
    const std::string flavor = value_of(evidence, "DB_FLAVOR"), uri = value_of(evidence, "SQLALCHEMY_DATABASE_URI");
    return (!flavor.empty() && flavor != "sqlite") || (!uri.empty() && !uri.starts_with("sqlite:"));
}

void look_at_place(const Evidence& evidence, const ComposeService& service, const StatePlace& place, Sightings& seen)
{
    const auto is_own = [&](const MountFact& each) { return each.service == service.name; };
    const MountFact* const mount = mount_over(evidence, place.target, is_own);
    if (mount != nullptr && !mount->anonymous && !ends_with_container(*mount)) return;
    const Part name = datum("service", service.name), target = datum("target", place.target);
    const Part lost = datum("lost", place.lost);
    const std::string hint = how_to_keep(evidence, service, place);
    const Severity severity = severity_of(evidence, place);
    if (mount == nullptr)
        seen.push_back(see(severity, service.where,
                           {name, " has no volume at ", target, ", and loses ", lost, " with its container"}, hint));
    else if (mount->anonymous)
        seen.push_back(see(severity, mount->where,
                           {name, "'s volume at ", target, " has no name: docker compose down loses ", lost}, hint));
    else
        seen.push_back(see(
            severity, mount->where,
            {name, " has ", target, " on ", datum("type", mount->fs_type), ", and loses ", lost, " with its container"},
            hint));
    if (has_accounts(place))  // they may be in a database of their own
        seen.back() = unless_variable_is_seen(evidence, "DB_FLAVOR", std::move(seen.back()));
}

}  // namespace

Sightings state_not_mounted(const Evidence& evidence)
{
    Sightings seen;
    for (const StatePlace& place : state_places) {
        if (!place.since.empty() && at_least(evidence.to, place.since) != Certainty::yes) continue;
        if (has_accounts(place) && has_other_database(evidence)) continue;
        for (const ComposeService* const service : services(evidence, place.role))
            look_at_place(evidence, *service, place, seen);
    }
    return seen;
}

}  // namespace mailstate::mailu

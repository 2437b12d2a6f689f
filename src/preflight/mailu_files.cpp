// SPDX-License-Identifier: MIT
// What Mailu's compose file, folders and database show.
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/lines.hpp"
#include "preflight/mailu_rules.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailu {

namespace {

std::vector<std::string> names(const Evidence& evidence, const std::string& place)
{
    if (!evidence.files || !evidence.config_known) return {};
    return evidence.files->names(evidence.config_dir + "/" + place);
}

}  // namespace

Sightings postgresql(const Evidence& evidence)
{
    for (const ComposeService* const service : services(evidence))
        if (base_name(image_name(service->image)) == "postgresql" &&
            image_name(service->image).find("mailu") != std::string::npos)
            return {see(service->image_where,
                        {datum("service", service->name), " has the image ", datum("image", service->written_image),
                         ": from 1.9 on Mailu has no PostgreSQL image"})};
    return {};
}

namespace {

// The address that another service of Mailu asks, where admin asks none.
std::string asked_resolver(const Evidence& evidence)
{
    for (const ComposeService* const service : services(evidence))
        if (role_of(*evidence.compose, *service) && !service->dns.empty()) return printable(service->dns.front().text);
    return "";
}

Seen without_resolver(const Evidence& evidence, const ComposeService& admin)
{
    const std::string name = printable(admin.name), address = asked_resolver(evidence);
    const auto resolvers = services(evidence, Role::resolver);
    const char* const waits = "it waits at every start until its resolver validates DNSSEC, and the host's may not";
    if (resolvers.empty()) return see(admin.where, {datum("service", name), " has no dns: ", waits});
    return see(admin.where,
               {datum("service", name), " has no dns and does not ask the service ",
                datum("resolver", resolvers.front()->name), ": ", waits},
               "Add dns: " + (address.empty() ? "with the address of " + printable(resolvers.front()->name) : address) +
                   " to " + name + ".");
}

}  // namespace

// From 1.9 on admin asks at every start whether its resolver validates. What runs with 1.9 has passed. The set-up page
// of 1.6 to 1.8 writes a resolver service that other services ask, and not admin.
Sightings dnssec_resolver(const Evidence& evidence)
{
    if (at_least(evidence.from, "1.9") == Certainty::yes) return {};
    Sightings seen;
    for (const ComposeService* const admin : services(evidence, Role::admin)) {
        if (!admin->dns.empty()) continue;
        Seen one = without_resolver(evidence, *admin);
        if (evidence.compose->is_manifest)
            one = unless_known(std::move(one), "the name server of the cluster was not seen",
                               "Check whether it validates DNSSEC, or set dnsPolicy and dnsConfig.");
        else
            one = unless_from_is_known(evidence, std::move(one));
        seen.push_back(std::move(one));
    }
    return seen;
}

Sightings rspamd_map_path(const Evidence& evidence)
{
    Few few;
    for (const std::string place : {"overrides", "overrides/rspamd"})
        for (const std::string& name : names(evidence, place)) {
            const auto text = config_text(evidence, place + "/" + name);
            const int line = text ? line_with(*text, "/etc/rspamd/override.d/") : 0;
            if (line > 0)
                few.add(place_of(place + "/" + printable(name), line),
                        "/etc/rspamd/override.d/ is where overrides were before 2.0");
        }
    return few.take();
}

// Where it runs so already, an upgrade changes nothing: clamd goes on with the signatures that it has.
Sightings nested_mount(const Evidence& evidence)
{
    Sightings seen;
    const bool is_old = at_least(evidence.from, "2024.06") == Certainty::yes;
    for (const MountFact& inner : evidence.mounts)
        for (const MountFact& outer : evidence.mounts) {
            if (outer.target != "/var/lib/rspamd" || inner.service == outer.service || inner.host_path.empty())
                continue;
            if (inner.host_path == outer.host_path || outer.host_path.empty() ||
                !is_at_or_below(outer.host_path, inner.host_path))
                continue;
            seen.push_back(
                see(is_old ? Severity::warning : Severity::error, inner.where,
                    {datum("inner_service", inner.service), " keeps its data in ", datum("inner_source", inner.source),
                     ", inside ", datum("outer_source", outer.source), " of ", datum("outer_service", outer.service)}));
        }
    return seen;
}

Sightings overrides_path(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts)
        if (is_at_or_below("/etc/rspamd/override.d", mount.target))
            seen.push_back(
                see(mount.where, {datum("mount", said(mount)), " is where overrides were read from before 2.0"}));
    return seen;
}

Sightings fts(const Evidence& evidence)
{
    Few few;
    for (const std::string place : {"overrides", "overrides/dovecot"})
        for (const std::string& name : names(evidence, place)) {
            const auto text = config_text(evidence, place + "/" + name);
            const int line = text ? line_with(*text, "xapian") : 0;
            if (line > 0) few.add(place_of(place + "/" + name, line), "fts_xapian is no longer in the image");
        }
    for (const std::string& user : names(evidence, "mail"))
        for (const std::string& name : names(evidence, "mail/" + user))
            if (name == "xapian-indexes")
                few.add("mail/" + printable(user) + "/xapian-indexes",
                        "an index of fts_xapian, which nothing reads any longer");
    return few.take();
}

namespace {

struct Revision {
    std::string_view id, version;
};
constexpr std::array<Revision, 3> revisions{
    {{"3b7eee912b41", "1.9"}, {"7ac252f2bbbf", "2.0"}, {"0ba45693748d", "2024.06"}}};

}  // namespace

Sightings downgrade(const Evidence& evidence)
{
    const auto* const found = std::ranges::find(revisions, evidence.database_revision, &Revision::id);
    if (found == revisions.end() || at_least(evidence.to, found->version) == Certainty::yes) return {};
    Seen one =
        see("data/main.db", {"the database is that of ", datum("database_version", std::string(found->version)),
                             " (revision ", datum("revision", std::string(found->id)), "), newer than ",
                             datum("release", evidence.to.text,
                                   evidence.to.text.empty() ? "the installed release" : printable(evidence.to.text))});
    if (at_least(evidence.to, found->version) == Certainty::unknown) one.unknown = "the version is not known";
    return {one};
}

Sightings network_fs(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts)
        for (const char* target : {"/queue", "/mail", "/data"})
            if (mount.target == target && is_network_type(mount.fs_type))
                seen.push_back(see(mount.where,
                                   {datum("service", mount.service, mount.service.empty() ? "" : mount.service + ": "),
                                    datum("target", mount.target), " is on ", datum("type", mount.fs_type), " (",
                                    datum("source", mount.source), ")"}));
    return seen;
}

Sightings hardened_malloc(const Evidence& evidence)
{
    if (value_of(evidence, "LD_PRELOAD").find("hardened_malloc") == std::string::npos) return {};
    Seen one = see(where_of(evidence, "LD_PRELOAD"), "hardened_malloc is preloaded, and this CPU has no avx2");
    if (!evidence.cpu_flags) {
        one.message = "hardened_malloc is preloaded, which needs avx2";
        one = unless_known(std::move(one), "the CPU that it will run on was not seen",
                           "Run grep avx2 /proc/cpuinfo on its host.");
    } else if ((" " + *evidence.cpu_flags + " ").find(" avx2 ") != std::string::npos) {
        return {};
    }
    return {one};
}

}  // namespace mailstate::mailu

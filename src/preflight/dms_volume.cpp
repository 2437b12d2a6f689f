// SPDX-License-Identifier: MIT
// State that the next container would not have, and what a network filesystem was told.
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

const ComposeService* judged_service(const Evidence& evidence)
{
    if (!evidence.compose || evidence.mail_services.empty()) return nullptr;
    return find_service(*evidence.compose,
                        evidence.service.empty() ? *evidence.mail_services.begin() : evidence.service);
}

std::string how_to_save(const Evidence& evidence, const ComposeService& service)
{
    const std::string afterwards =
        "then mount a volume at " + state_dir(evidence) +
        " and let 'mailstate apply --from-root' bring them onto it (scripts/docker-mailserver/README.md).";
    if (evidence.compose->is_manifest)
        return "Do not replace the pod yet: save its files as root (mkdir old; kubectl exec POD -- tar -c /etc/passwd "
               "/etc/group /var/lib /var/spool | tar -x --numeric-owner -C old), " +
               afterwards;
    const std::string name = printable(service.name);
    return "Do not recreate the container yet: stop it and save its files as root (mkdir old; docker compose stop " +
           name + "; docker export $(docker compose ps -aq " + name + ") | tar -x --numeric-owner -C old), " +
           afterwards;
}

// By the file alone: what is at the state directory does not outlive the container.
Sightings by_the_file(const Evidence& evidence)
{
    const ComposeService* const service = judged_service(evidence);
    if (service == nullptr || evidence.live) return {};
    const MountFact* const mount = mount_at(evidence, state_dir(evidence));
    const char* const lost =
        ": the queue, what the spam filter learned and secrets are lost when the container is recreated, which the "
        "upgrade does";
    const std::string hint = how_to_save(evidence, *service);
    if (mount == nullptr)
        return {see(service->where, {"nothing is mounted at ", datum("state", state_dir(evidence)), lost}, hint)};
    const bool in_memory = mount->fs_type == "tmpfs" && mount->host_path.empty();  // not a folder on the host's tmpfs
    if (in_memory || mount->fs_type == "emptyDir")
        return {see(mount->where,
                    {datum("state", state_dir(evidence)), " is ", datum("type", mount->fs_type),
                     ", which is memory or ends with the container", lost},
                    hint)};
    if (mount->anonymous)
        return {see(mount->where, {"the volume at ", datum("state", state_dir(evidence)), " has no name", lost},
                    "Give it a name ('- mail-state:" + state_dir(evidence) +
                        "', and mail-state: below volumes:), and "
                        "copy what the old volume has.")};
    return {};
}

struct NfsOption {
    std::string_view name, consequence;
};
constexpr std::array<NfsOption, 3> harmful{{
    {"nolock", "locks hold on this machine only, so that two containers can write the same state"},
    {"soft", "a server that is slow to answer makes writes fail, and data is lost"},
    {"nobrl", "locks hold on this machine only, so that two containers can write the same state"},
}};

}  // namespace

Sightings state_not_mounted(const Evidence& evidence)
{
    const Survey* const survey = evidence.survey;
    if (survey == nullptr) return by_the_file(evidence);
    if (survey->volume.state != VolumeState::present || survey->volume.mounted) return {};
    if (mount_at(evidence, state_dir(evidence)) != nullptr) return {};
    return {see(state_dir(evidence), "it is on the container's own layer, and is lost with the container")};
}

Sightings network_options(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts) {
        if (mount.target != state_dir(evidence) && mount.target != mail_dir) continue;
        if (!is_network_type(mount.fs_type)) continue;
        const std::vector<std::string> options = split_list(mount.options, ',');
        for (const NfsOption& each : harmful)
            if (std::ranges::find(options, each.name) != options.end())
                seen.push_back(see(
                    mount.options_where.empty() ? mount.where : mount.options_where,
                    {datum("target", mount.target), " is mounted with ", datum("option", std::string(each.name)), " (",
                     datum("type", mount.fs_type), "): ", datum("consequence", std::string(each.consequence))},
                    each.name == "soft" ? "Use hard." : "Remove " + std::string(each.name) + "."));
    }
    return seen;
}

Sightings fs_group(const Evidence& evidence)
{
    const ComposeService* const service = judged_service(evidence);
    if (service == nullptr || service->fs_group.text.empty()) return {};
    const bool once = service->fs_group.text.ends_with(" once");
    Seen one = see(service->fs_group.where,
                   {"fsGroup gives every file of the volumes to group ",
                    datum("group", service->fs_group.text.substr(0, service->fs_group.text.find(' '))),
                    once ? " where the volume's top is not of that group yet" : " at every start",
                    ", also those whose group the services need (postdrop, redis, _rspamd)"});
    if (once) one.severity = Severity::note;
    return {one};
}

}  // namespace mailstate::dms

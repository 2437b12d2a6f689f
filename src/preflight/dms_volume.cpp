// SPDX-License-Identifier: MIT
// State that the next container would not have, and what a network filesystem was told.
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rescue.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

constexpr const char* lost =
    ": the queue, the spam filter's training and secrets are lost when the container is recreated, which the upgrade "
    "does";

// A volume that compose gives the next container of the service, too, as long as nobody takes the project down.
Seen without_name(const Evidence& evidence, const ComposeService& service, const MountFact& mount)
{
    return see(mount.where,
               {"the volume at ", datum("state", state_dir(evidence)),
                " has no name: docker compose down, up --renew-anon-volumes and Swarm leave it behind, and with it the "
                "queue, the spam filter's training and secrets; docker compose up alone keeps it"},
               save_of_mount(evidence, service));
}

// v13 and older keep nothing on the volume then (setup.d/mail_state.sh); from v14 on the variable is not read.
Sightings in_the_layer_by_one_dir(const Evidence& evidence, const ComposeService& service)
{
    if (!is_one_dir_off(evidence) || at_least(evidence.from, "14.0.0") == Certainty::yes) return {};
    Seen seen = see(where_of(evidence, "ONE_DIR"),
                    {"with ONE_DIR=", datum("value", value_of(evidence, "ONE_DIR")), " nothing is kept in ",
                     datum("state", state_dir(evidence)), lost},
                    save_of_layer(evidence, service));
    if (!is_known(evidence.from))
        seen = if_from_were_known(std::move(seen),
                                  "v14 and later do not read ONE_DIR, and the release that runs is not known");
    return {seen};
}

// By the file alone: what is at the state directory does not outlive the container.
Sightings by_the_file(const Evidence& evidence)
{
    const ComposeService* const service = judged_service(evidence);
    if (service == nullptr || evidence.live) return {};
    const MountFact* const mount = mount_at(evidence, state_dir(evidence));
    if (mount == nullptr && !evidence.mounts_missing.empty()) return {};  // it may be there
    if (mount == nullptr)
        return {see(service->where, {"nothing is mounted at ", datum("state", state_dir(evidence)), lost},
                    save_of_layer(evidence, *service))};
    if (Sightings seen = in_the_layer_by_one_dir(evidence, *service); !seen.empty()) return seen;
    if (ends_with_container(*mount))
        return {see(mount->where,
                    {datum("state", state_dir(evidence)), " is ", datum("type", mount->fs_type),
                     evidence.compose->is_manifest ? ", which ends with the pod"
                                                   : ", which is in memory and lost when the container stops",
                     lost},
                    save_of_mount(evidence, *service))};
    if (mount->anonymous) return {without_name(evidence, *service, *mount)};
    return {};
}

// An NFS mount's version by its options: "4" for vers=4.2, nfsvers=4, v4.1; empty where none says so.
std::string nfs_version(const MountFact& mount, const std::vector<std::string>& options)
{
    if (mount.fs_type == "nfs4") return "4";
    for (const std::string& option : options)
        for (const std::string_view name : {"vers=", "nfsvers=", "v"})
            if (option.starts_with(name) && option.size() > name.size() && option[name.size()] >= '2' &&
                option[name.size()] <= '4')
                return option.substr(name.size(), 1);
    return "";
}

// nolock and local_lock are options of NFS 2 and 3, whose locks are a protocol of its own; Linux takes no notice of
// them for version 4 (nfs(5); fs/nfs/fs_context.c, nfs_fs_context_validate).
bool is_of_older_nfs(std::string_view option)
{
    return option == "nolock" || option == "local_lock=";
}

bool is_ignored(std::string_view option, const std::string& version)
{
    return is_of_older_nfs(option) && version == "4";
}

Seen unless_version_is_known(Seen seen, std::string_view option, const std::string& version)
{
    if (!is_of_older_nfs(option) || !version.empty()) return seen;
    return unless_known(std::move(seen), "NFS 4 ignores the option, and the version is not named",
                        "See vers= in /proc/mounts while it is mounted, or name it (vers=4.2).");
}

struct NfsOption {
    std::string_view name, consequence;
};
constexpr std::array<NfsOption, 5> harmful{{
    {"nolock", "locks hold on this machine only, so two containers can write the same state"},
    {"soft", "a server that is slow to answer makes writes fail, and data is lost"},
    {"softerr", "a server that is slow to answer makes writes fail, and data is lost"},
    {"local_lock=", "locks hold on this machine only, so two containers can write the same state"},
    {"nobrl", "locks hold on this machine only, so two containers can write the same state"},
}};

// An option as it is written; of one with a value the beginning counts. Empty: it is not there, or says none.
std::string written_option(const std::vector<std::string>& options, std::string_view name)
{
    for (const std::string& option : options)
        if (option == name || (name.ends_with('=') && option.starts_with(name) && option != "local_lock=none"))
            return option;
    return "";
}

std::string place_of_option(const MountFact& mount, const std::string& option)
{
    const auto found = std::ranges::find(mount.option_places, option, &ComposeItem::text);
    if (found != mount.option_places.end()) return found->where;
    return mount.options_where.empty() ? mount.where : mount.options_where;
}

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
        const std::string version = nfs_version(mount, options);
        for (const NfsOption& each : harmful) {
            const std::string option = written_option(options, each.name);
            if (option.empty() || is_ignored(each.name, version)) continue;
            Seen one = see(place_of_option(mount, option),
                           {datum("target", mount.target), " is mounted with ", datum("option", option), " (",
                            datum("type", mount.fs_type), "): ", datum("consequence", std::string(each.consequence))},
                           each.name.starts_with("soft") ? "Use hard." : "Remove " + printable(option) + ".");
            seen.push_back(unless_version_is_known(std::move(one), each.name, version));
        }
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
                    once ? " once, where the volume's root does not belong to that group yet" : " at every start",
                    ", including those whose group the services need (postdrop, redis, _rspamd)"});
    if (once) one.severity = Severity::note;
    return {one};
}

}  // namespace mailstate::dms

// SPDX-License-Identifier: MIT
#include "preflight/evidence.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mailstate {

namespace {

constexpr std::array<std::pair<std::string_view, System>, 3> systems{{
    {"docker-mailserver", System::docker_mailserver},
    {"mailu", System::mailu},
    {"mailcow", System::mailcow},
}};

constexpr std::array<std::string_view, 17> network_types{
    "nfs",        "nfs4",   "cifs",      "smb3",      "smbfs",          "9p",
    "fuse.sshfs", "ceph",   "fuse.ceph", "glusterfs", "fuse.glusterfs", "fuse.juicefs",
    "fuse.s3fs",  "lustre", "beegfs",    "afs",       "virtiofs"};

// target/scripts/startup/variables-stack.sh; what stands nowhere is 0.
std::string default_of(const Evidence& evidence, std::string_view name)
{
    if (name == "ENABLE_AMAVIS") return "1";
    if (name == "ENABLE_RSPAMD_REDIS") return value_of(evidence, "ENABLE_RSPAMD");
    if (name != "ENABLE_QUOTAS") return "0";
    const std::string provisioner = value_of(evidence, "ACCOUNT_PROVISIONER");
    return gate(evidence, "SMTP_ONLY") || (!provisioner.empty() && provisioner != "FILE") ? "0" : "1";
}

}  // namespace

std::string_view name_of(System system)
{
    return std::ranges::find(systems, system, &std::pair<std::string_view, System>::second)->first;
}

std::optional<System> system_named(std::string_view name)
{
    const auto* const found = std::ranges::find(systems, name, &std::pair<std::string_view, System>::first);
    return found == systems.end() ? std::nullopt : std::optional(found->second);
}

const Setting* find_setting(const Evidence& evidence, std::string_view name)
{
    const auto found = evidence.settings.find(name);
    return found == evidence.settings.end() ? nullptr : &found->second;
}

std::string value_of(const Evidence& evidence, std::string_view name)
{
    const Setting* const setting = find_setting(evidence, name);
    return setting == nullptr ? "" : setting->value;
}

std::string where_of(const Evidence& evidence, std::string_view name)
{
    const Setting* const setting = find_setting(evidence, name);
    return setting == nullptr || setting->where.empty() ? std::string(name) : setting->where;
}

bool gate(const Evidence& evidence, std::string_view name)
{
    std::string value = value_of(evidence, name);
    if (value.empty()) value = default_of(evidence, name);
    const Result<std::int64_t> number = bash_arithmetic(value, {});
    return number && *number == 1;
}

bool is_network_type(std::string_view fs_type)
{
    return std::ranges::find(network_types, fs_type) != network_types.end();
}

}  // namespace mailstate

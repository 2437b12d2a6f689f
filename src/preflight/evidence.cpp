// SPDX-License-Identifier: MIT
#include "preflight/evidence.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mailstate/model/layout_json.hpp"

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

// Switches of services that keep no state, so that no layout names them.
constexpr std::array<std::string_view, 3> stateless_switches{"ENABLE_OPENDKIM", "ENABLE_OPENDMARC", "ENABLE_QUOTAS"};

const Layout& built_in_layout()
{
    static const Layout layout =
        parse_layout("docker-mailserver", built_in_layout_text("docker-mailserver")).value_or(Layout{});
    return layout;
}

// A layout of one's own may declare other defaults, or none.
const Layout& layout_declaring(const Evidence& evidence, const std::string& name)
{
    const Layout& layout = layout_of(evidence);
    return layout.defaults.contains(name) ? layout : built_in_layout();
}

// target/scripts/startup/variables-stack.sh: without files for the accounts quotas are off.
bool has_quotas(const Evidence& evidence)
{
    const std::string provisioner = value_of(evidence, "ACCOUNT_PROVISIONER");
    return !gate(evidence, "SMTP_ONLY") && (provisioner.empty() || provisioner == "FILE");
}

std::string default_of(const Evidence& evidence, const std::string& name)
{
    if (name == "ENABLE_QUOTAS") return has_quotas(evidence) ? "1" : "0";
    return make_settings(layout_declaring(evidence, name), variables_of(evidence), {}).values[name];
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

bool is_set(const Evidence& evidence, std::string_view name)
{
    const Setting* const setting = find_setting(evidence, name);
    return setting != nullptr && (setting->unseen || !setting->value.empty());
}

std::string where_of(const Evidence& evidence, std::string_view name)
{
    const Setting* const setting = find_setting(evidence, name);
    return setting == nullptr || setting->where.empty() ? std::string(name) : setting->where;
}

Variables variables_of(const Evidence& evidence)
{
    Variables variables;
    for (const auto& [name, setting] : evidence.settings) variables[name] = setting.value;
    return variables;
}

const Layout& layout_of(const Evidence& evidence)
{
    return evidence.layout == nullptr ? built_in_layout() : *evidence.layout;
}

bool is_switch(const Evidence& evidence, const std::string& name)
{
    return layout_declaring(evidence, name).defaults.contains(name) ||
           std::ranges::find(stateless_switches, name) != stateless_switches.end();
}

bool gate(const Evidence& evidence, std::string_view name)
{
    std::string value = value_of(evidence, name);
    if (value.empty()) value = default_of(evidence, std::string(name));
    const Result<std::int64_t> number = bash_integer(value, {});
    return number && *number == 1;
}

bool is_network_type(std::string_view fs_type)
{
    return std::ranges::find(network_types, fs_type) != network_types.end();
}

}  // namespace mailstate

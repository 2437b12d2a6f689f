// SPDX-License-Identifier: MIT
#include "mailstate/base/text.hpp"
#include "preflight/gathering.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

constexpr std::size_t largest_value = 4096;  // it is the wrong file then

// It is admin that judges by the variables.
const MountFact* mount_of_admin(const Evidence& evidence, const std::string& path)
{
    for (const ComposeService* const admin : mailu::services(evidence, mailu::Role::admin)) {
        const auto is_own = [&](const MountFact& mount) { return mount.service == admin->name; };
        if (const MountFact* const own = mount_over(evidence, path, is_own); own != nullptr) return own;
    }
    return mount_over(evidence, path, [](const MountFact&) { return true; });
}

std::optional<std::string> seen_text(const Evidence& evidence, const Sources& sources, const std::string& path)
{
    if (!path.starts_with('/')) return std::nullopt;
    const Reader* reader = sources.inside;
    std::string real = path;
    if (!sources.live) {
        const MountFact* const mount = mount_of_admin(evidence, path);
        if (mount == nullptr || mount->host_path.empty()) return std::nullopt;
        reader = sources.host;
        real = path_on_host(*mount, path);
    }
    const auto text = read_named(*reader, real);
    if (!text || text->size() > largest_value) return std::nullopt;
    return std::string(trim(*text));
}

}  // namespace

void read_file_variables(Evidence& evidence, const Sources& sources)
{
    for (const char* name : {"INBOUND_TLS_ENFORCE", "TLS_FLAVOR", "PORTS", "PROXY_PROTOCOL", "REAL_IP_FROM"}) {
        const Setting* const named = find_setting(evidence, std::string(name) + "_FILE");
        if (named == nullptr || named->value.empty()) continue;
        Setting setting;
        setting.where = named->where;
        setting.from_file = named->from_file;
        setting.file = named->value;
        const auto text = seen_text(evidence, sources, setting.file);
        setting.unseen = !text;
        setting.value = text.value_or("");
        evidence.settings[name] = std::move(setting);
    }
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "mailstate/base/text.hpp"
#include "preflight/gathering.hpp"

namespace mailstate {

namespace {

constexpr std::size_t largest_value = 4096;  // it is the wrong file then

// The deepest mount over a path of a container; the one of `service` before that of another.
const MountFact* mount_over(const Evidence& evidence, const std::string& path, std::string_view service)
{
    const MountFact* best = nullptr;
    const auto is_better = [&](const MountFact& mount) {
        if (best == nullptr) return true;
        const bool own = mount.service == service, best_is_own = best->service == service;
        return own != best_is_own ? own : mount.target.size() > best->target.size();
    };
    for (const MountFact& mount : evidence.mounts)
        if (is_at_or_below(mount.target, path) && is_better(mount)) best = &mount;
    return best;
}

std::optional<std::string> seen_text(const Evidence& evidence, const Sources& sources, const std::string& path)
{
    if (!path.starts_with('/')) return std::nullopt;
    const Reader* reader = sources.inside;
    std::string real = path;
    if (!sources.live) {
        const MountFact* const mount = mount_over(evidence, path, "admin");  // it is admin that judges by them
        if (mount == nullptr || mount->host_path.empty()) return std::nullopt;
        reader = sources.host;
        real = mount->host_path + path.substr(mount->target == "/" ? 0 : mount->target.size());
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

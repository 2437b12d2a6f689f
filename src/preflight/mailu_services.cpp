// SPDX-License-Identifier: MIT
#include "preflight/mailu_services.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "preflight/recognise.hpp"

namespace mailstate::mailu {

namespace {

// Of all releases: tests/build.hcl, tests/build.yml.
constexpr std::array<std::pair<std::string_view, Role>, 14> image_roles{{
    {"admin", Role::admin},
    {"nginx", Role::front},
    {"dovecot", Role::imap},
    {"postfix", Role::smtp},
    {"rspamd", Role::antispam},
    {"rmilter", Role::antispam},
    {"clamav", Role::antivirus},
    {"rainloop", Role::webmail},
    {"roundcube", Role::webmail},
    {"snappymail", Role::webmail},
    {"webmail", Role::webmail},
    {"radicale", Role::webdav},
    {"fetchmail", Role::fetchmail},
    {"unbound", Role::resolver},
}};

}  // namespace

// DOCKER_PREFIX may stand before the name: "example/mailu-admin".
std::optional<Role> role_of(const Compose& compose, const ComposeService& service)
{
    if (!is_service_of(compose, System::mailu, service)) return std::nullopt;
    const std::string name = base_name(image_name(service.image));
    const auto* const found =
        std::ranges::find_if(image_roles, [&](const auto& row) { return name.ends_with(row.first); });
    return found == image_roles.end() ? std::nullopt : std::optional(found->second);
}

std::vector<const ComposeService*> services(const Evidence& evidence)
{
    std::vector<const ComposeService*> started;
    if (!evidence.compose) return started;
    for (const ComposeService& service : evidence.compose->services)
        if (service.enabled) started.push_back(&service);
    return started;
}

std::vector<const ComposeService*> services(const Evidence& evidence, Role role)
{
    std::vector<const ComposeService*> found = services(evidence);
    std::erase_if(found, [&](const ComposeService* each) { return role_of(*evidence.compose, *each) != role; });
    return found;
}

std::vector<std::string> unknown_services(const Compose& compose)
{
    std::vector<std::string> unknown;
    const auto is_mailu = [&](const ComposeService& each) { return is_service_of(compose, System::mailu, each); };
    if (compose.is_manifest || std::ranges::none_of(compose.services, is_mailu)) return unknown;
    for (const auto& [name, role] : {std::pair("admin", Role::admin), std::pair("front", Role::front),
                                     std::pair("imap", Role::imap), std::pair("smtp", Role::smtp)}) {
        const auto has_role = [&, wanted = role](const ComposeService& each) {
            return role_of(compose, each) == wanted;
        };
        const ComposeService* const named = find_service(compose, name);
        if (named != nullptr && std::ranges::none_of(compose.services, has_role))
            unknown.push_back(unknown_image(*named));
    }
    return unknown;
}

}  // namespace mailstate::mailu

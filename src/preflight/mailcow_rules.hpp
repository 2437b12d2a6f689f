// SPDX-License-Identifier: MIT
// What the rules of mailcow look for in SNI maps, hooks, variables, overrides and releases; mailcow.cpp has the others,
// and the table.
#pragma once

#include "preflight/rule.hpp"

namespace mailstate::mailcow {

inline std::optional<FileFacts> home_facts(const Evidence& evidence, const std::string& name)
{
    if (!evidence.files || evidence.home_dir.empty()) return std::nullopt;
    return evidence.files->facts(evidence.home_dir + "/" + name);
}

inline constexpr const char* extra_cf = "postfix/extra.cf";

Sightings sni_default(const Evidence& evidence);
Sightings sni_skip(const Evidence& evidence);
Sightings sni_stale(const Evidence& evidence);
Sightings sni_map(const Evidence& evidence);
Sightings sni_compiled(const Evidence& evidence);
Sightings hook_mode(const Evidence& evidence);
Sightings override_service(const Evidence& evidence);
Sightings env_removed(const Evidence& evidence);
Sightings login_2025_03(const Evidence& evidence);
Sightings mta_sts(const Evidence& evidence);
Sightings docker_versions(const Evidence& evidence);
Sightings hostname(const Evidence& evidence);

}  // namespace mailstate::mailcow

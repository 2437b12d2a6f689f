// SPDX-License-Identifier: MIT
// What the rules of Mailu look for; mailu.cpp has the table.
#pragma once

#include "preflight/rule.hpp"

namespace mailstate::mailu {

Sightings lmtp_tls(const Evidence& evidence);
Sightings tls_enforce_policy(const Evidence& evidence);
Sightings lmtp_ratelimit(const Evidence& evidence);
Sightings ports(const Evidence& evidence);
Sightings proxy_protocol(const Evidence& evidence);
Sightings tls_flavor(const Evidence& evidence);
Sightings env_renamed(const Evidence& evidence);
Sightings real_ip(const Evidence& evidence);
Sightings auth_ratelimit(const Evidence& evidence);

// mailu_images.cpp
Sightings images(const Evidence& evidence);

// mailu_overrides.cpp
Sightings overrides_moved(const Evidence& evidence);

// mailu_state.cpp
Sightings state_not_mounted(const Evidence& evidence);

// mailu_files.cpp
Sightings postgresql(const Evidence& evidence);
Sightings dnssec_resolver(const Evidence& evidence);
Sightings rspamd_map_path(const Evidence& evidence);
Sightings nested_mount(const Evidence& evidence);
Sightings overrides_path(const Evidence& evidence);
Sightings fts(const Evidence& evidence);
Sightings downgrade(const Evidence& evidence);
Sightings network_fs(const Evidence& evidence);
Sightings hardened_malloc(const Evidence& evidence);

}  // namespace mailstate::mailu

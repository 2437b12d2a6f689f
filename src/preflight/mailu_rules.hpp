// SPDX-License-Identifier: MIT
// What the rules of Mailu look for in its variables; mailu.cpp has the others, and the table.
#pragma once

#include "preflight/rule.hpp"

namespace mailstate::mailu {

// None where there is no compose file.
inline const std::vector<ComposeService>& services(const Evidence& evidence)
{
    static const std::vector<ComposeService> none;
    return evidence.compose ? evidence.compose->services : none;
}

Sightings lmtp_tls(const Evidence& evidence);
Sightings tls_enforce_policy(const Evidence& evidence);
Sightings lmtp_ratelimit(const Evidence& evidence);
Sightings ports(const Evidence& evidence);
Sightings proxy_protocol(const Evidence& evidence);
Sightings tls_flavor(const Evidence& evidence);
Sightings env_renamed(const Evidence& evidence);
Sightings real_ip(const Evidence& evidence);
Sightings auth_ratelimit(const Evidence& evidence);

}  // namespace mailstate::mailu

// SPDX-License-Identifier: MIT
// The services of a Mailu project by what they are for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "preflight/evidence.hpp"

namespace mailstate::mailu {

enum class Role { admin, front, imap, smtp, antispam, antivirus, webmail, webdav, fetchmail, resolver };

// By the image, whose last word is Mailu's own; the names of services are the operator's.
std::optional<Role> role_of(const Compose& compose, const ComposeService& service);

// Those that are started, whatever they are for; none where there is no compose file. Valid as long as the evidence.
std::vector<const ComposeService*> services(const Evidence& evidence);
std::vector<const ComposeService*> services(const Evidence& evidence, Role role);

// What a file of Mailu's has by the name of a role that none of its images is for: "the service front has the image
// nginx:1.27, which is not known".
std::vector<std::string> unknown_services(const Compose& compose);

}  // namespace mailstate::mailu

// SPDX-License-Identifier: MIT
// The table of all senders whose mail is routed in a way of its own: before the upgrade, and after.
#pragma once

#include <string>
#include <vector>

#include "preflight/evidence.hpp"
#include "preflight/relay.hpp"

namespace mailstate {

struct SenderRoute {
    std::string sender, where;  // "@example.org" or an address; the line that names it
    Route before, after;
};

RelayEra era_of(const Version& version);  // v14 where the version is not known

// The lines of the relay map, then the other domains of accounts and aliases.
std::vector<SenderRoute> sender_routes(const Evidence& evidence);

struct SenderChange {
    Route before, after;
};
SenderChange route_change(const Evidence& evidence, std::string_view sender);

}  // namespace mailstate

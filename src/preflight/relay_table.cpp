// SPDX-License-Identifier: MIT
#include "preflight/relay_table.hpp"

#include <set>

#include "preflight/lines.hpp"

namespace mailstate {

namespace {

RelaySetup setup_of(const Evidence& evidence, const Version& version)
{
    return relay_setup(era_of(version), evidence.relay, evidence.relay_variables);
}

}  // namespace

RelayEra era_of(const Version& version)
{
    return at_least(version, "14.0.0") == Certainty::no ? RelayEra::v13 : RelayEra::v14;
}

std::vector<SenderRoute> sender_routes(const Evidence& evidence)
{
    const RelaySetup before = setup_of(evidence, evidence.from), after = setup_of(evidence, evidence.to);
    std::vector<SenderRoute> routes;
    std::set<std::string> known;
    const auto add = [&](const std::string& sender, const std::string& where) {
        if (known.insert(lower_case(sender)).second)
            routes.push_back({sender, where, route_of(before, sender), route_of(after, sender)});
    };
    for (const RelayLine& line : evidence.relay.map) add(line.sender, place_of("postfix-relaymap.cf", line.line));
    for (const auto& [domain, where] : evidence.relay.domains) add("@" + domain, where);
    return routes;
}

SenderChange route_change(const Evidence& evidence, std::string_view sender)
{
    return {route_of(setup_of(evidence, evidence.from), sender), route_of(setup_of(evidence, evidence.to), sender)};
}

}  // namespace mailstate

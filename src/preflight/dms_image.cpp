// SPDX-License-Identifier: MIT
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

// The name from before the repository moved; its images ended with v7 (CHANGELOG v8.0.0).
Sightings image_moved(const Evidence& evidence)
{
    const ComposeService* const service = judged_service(evidence);
    if (service == nullptr) return {};
    const std::string name = image_name(service->image);
    if (name != "tvial/docker-mailserver" && !name.ends_with("/tvial/docker-mailserver")) return {};
    return {see(service->image_where,
                {datum("image", service->image), " no longer gets releases: pulling it does not bring a newer one"},
                "Write ghcr.io/docker-mailserver/docker-mailserver and the release, such as :15.1.0.")};
}

}  // namespace mailstate::dms

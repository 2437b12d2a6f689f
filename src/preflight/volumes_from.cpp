// SPDX-License-Identifier: MIT
#include "preflight/volumes_from.hpp"

#include <algorithm>
#include <set>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

// Compose specification, volumes_from: "service[:ro]" or "container:NAME[:ro]". The engine mounts these first, so that
// what a service mounts itself wins; of the other's tmpfs it takes none (moby, daemon/volumes.go: registerMountPoints).
class VolumesFrom {
public:
    explicit VolumesFrom(Compose& compose) : compose_(compose)
    {
        for (ComposeService& service : compose_.services) follow(service);
    }

private:
    void follow(ComposeService& service)
    {
        if (!followed_.insert(service.name).second) return;
        const std::vector<ComposeMount> own = std::move(service.mounts);
        service.mounts.clear();
        for (const ComposeItem& item : service.volumes_from) take(item, service);
        for (const ComposeMount& mount : own) {
            std::erase_if(service.mounts, [&](const ComposeMount& each) { return each.target == mount.target; });
            service.mounts.push_back(mount);
        }
    }

    void take(const ComposeItem& item, ComposeService& service)
    {
        constexpr std::string_view of_a_container = "container:";
        if (item.text.starts_with(of_a_container)) {
            service.mounts_missing = item.where + ": the volumes of the container " +
                                     printable(item.text.substr(of_a_container.size())) + " were not seen";
            compose_.not_followed.push_back(service.mounts_missing);
            return;
        }
        const std::size_t colon = std::min(item.text.find(':'), item.text.size());
        const std::string name = item.text.substr(0, colon);
        const auto other = std::ranges::find(compose_.services, name, &ComposeService::name);
        if (other == compose_.services.end()) {
            compose_.problems.push_back(
                problem_of(make_finding("compose.unreadable", item.where, "compose refuses this: ", ""),
                           {"volumes_from names the service ", datum("service", name), ", which is not there"}));
            return;
        }
        follow(*other);
        if (service.mounts_missing.empty()) service.mounts_missing = other->mounts_missing;
        for (ComposeMount mount : other->mounts) {
            if (mount.type != "bind" && mount.type != "volume") continue;
            mount.read_only = mount.read_only || item.text.substr(colon) == ":ro";
            std::erase_if(service.mounts, [&](const ComposeMount& each) { return each.target == mount.target; });
            service.mounts.push_back(std::move(mount));
        }
    }

    Compose& compose_;
    std::set<std::string> followed_;  // services; one that is met again while it is followed has its own mounts only
};

}  // namespace

void follow_volumes_from(Compose& compose)
{
    const VolumesFrom followed(compose);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "preflight/volumes_from.hpp"

#include <algorithm>
#include <iterator>
#include <map>
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
        for (ComposeService& service : compose_.services) by_name_.emplace(service.name, &service);
        for (ComposeService& service : compose_.services) follow(service);
    }

private:
    void follow(ComposeService& service)
    {
        if (service.volumes_from.empty() || !followed_.insert(service.name).second) return;
        std::vector<ComposeMount> all, own = std::move(service.mounts);
        service.mounts.clear();
        ++depth_;
        for (const ComposeItem& item : service.volumes_from) take(item, service, all);
        --depth_;
        std::ranges::move(own, std::back_inserter(all));
        service.mounts = last_of_each_target(std::move(all));
    }

    void take(const ComposeItem& item, ComposeService& service, std::vector<ComposeMount>& all)
    {
        constexpr std::string_view of_a_container = "container:";
        if (item.text.starts_with(of_a_container))
            return miss(service, item, "the container " + printable(item.text.substr(of_a_container.size())));
        const std::size_t colon = std::min(item.text.find(':'), item.text.size());
        const std::string name = item.text.substr(0, colon);
        const auto found = by_name_.find(name);
        if (found == by_name_.end())
            return compose_.problems.push_back(
                problem_of(make_finding("compose.unreadable", item.where, "compose refuses this: ", ""),
                           {"volumes_from names the service ", datum("service", name), ", which does not exist"}));
        if (depth_ > deepest || taken_ > most_taken) return miss(service, item, "so many services");
        const ComposeService& other = *found->second;
        follow(*found->second);
        if (service.mounts_missing.empty()) service.mounts_missing = other.mounts_missing;
        for (const ComposeMount& mount : other.mounts) {
            if (mount.type != "bind" && mount.type != "volume") continue;
            all.push_back(mount);
            all.back().read_only = mount.read_only || item.text.substr(colon) == ":ro";
            ++taken_;
        }
    }

    void miss(ComposeService& service, const ComposeItem& item, const std::string& whose)
    {
        service.mounts_missing = item.where + ": the volumes of " + whose + " were not seen";
        compose_.not_followed.push_back(service.mounts_missing);
    }

    static std::vector<ComposeMount> last_of_each_target(std::vector<ComposeMount> all)
    {
        std::set<std::string> targets;
        std::vector<ComposeMount> kept;
        for (auto mount = all.rbegin(); mount != all.rend(); ++mount)
            if (targets.insert(mount->target).second) kept.push_back(std::move(*mount));
        std::ranges::reverse(kept);
        return kept;
    }

    // A short file can name a million.
    static constexpr int deepest = 50;
    static constexpr std::size_t most_taken = 20'000;

    Compose& compose_;
    std::map<std::string_view, ComposeService*> by_name_;
    std::set<std::string> followed_;  // services; one that is met again while it is followed has none yet
    int depth_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace

void follow_volumes_from(Compose& compose)
{
    const VolumesFrom followed(compose);
}

}  // namespace mailstate

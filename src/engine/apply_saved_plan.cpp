// SPDX-License-Identifier: MIT
// apply --plan: what was saved is carried out as it was shown, or not at all.
#include "engine/applier.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

void Applier::check_saved_plan()
{
    const Plan& saved = *options_.saved;
    const auto refuse = [&](const std::string& subject, const std::string& message) {
        log_.found(make_finding("plan.outdated", subject, message));
        report_.outcome = Outcome::blocked;
    };
    if (saved.layout_name != report_.plan.layout_name || saved.layout_version != report_.plan.layout_version ||
        saved.state_dir != report_.plan.state_dir)
        return refuse(saved.layout_name, "the plan was saved for another layout or state directory");
    if (report_.plan.renumber && !saved.renumber)
        return refuse(saved.layout_name, "users have different numbers than when the plan was saved");
    if (saved.entries.size() != report_.plan.entries.size())
        return refuse(saved.layout_name, "the plan was saved for other entries");
    for (std::size_t i = 0; i < saved.entries.size(); ++i) {
        const PlanEntry &before = saved.entries[i], &now = report_.plan.entries[i];
        if (before.name == now.name && before.decision == now.decision && before.fingerprint == now.fingerprint)
            continue;
        return refuse(now.name, "the system has changed since the plan was saved: it was " +
                                    std::string(name_of(before.decision)) + " (" + before.reason + "), now it is " +
                                    std::string(name_of(now.decision)) + " (" + now.reason + ")" +
                                    (before.decision == now.decision ? ", with different content" : ""));
    }
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The one case in which a mount stops a start: a script of the image would empty it after us.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

// A mounted file withstands mv and rm; so does a read-only mount.
bool would_be_emptied(const Entry& entry, const EntrySurvey& seen)
{
    if (entry.kind != Kind::directory) return false;
    const bool mounted = seen.origin == OriginState::mount_point || seen.origin == OriginState::mounts_below ||
                         seen.origin == OriginState::same_as_destination;
    const bool read_only =
        seen.origin == OriginState::mount_point &&
        std::all_of(seen.mounts.begin(), seen.mounts.end(), [](const MountSeen& mount) { return mount.read_only; });
    return mounted && !read_only;
}

// Also of entries that --only leaves out: the script does not ask.
std::string mounted_origins(const Survey& survey, const Layout& layout)
{
    std::string names;
    for (const Entry& entry : layout.entries) {
        const auto seen = survey.entries.find(entry.name);
        if (seen == survey.entries.end() || !would_be_emptied(entry, seen->second)) continue;
        names += (names.empty() ? "" : ", ") + printable(entry.origin);
    }
    return names;
}

}  // namespace

void apply_start_script_rule(const Survey& survey, const Layout& layout, const PlanOptions& options, Plan& plan)
{
    if (survey.start_script.empty()) return;
    const std::string mounts = mounted_origins(survey, layout);
    const std::string script = printable(survey.start_script);
    const auto finding = [&](Severity severity, const std::string& message) {
        return make_finding(severity, "image.own-state-script", survey.start_script, message, script);
    };
    if (mounts.empty()) {
        plan.findings.push_back(finding(Severity::warning,
                                        "the image's own script moves state when the services start: it deletes the "
                                        "content of mounts, and mistakes half a copy for a complete one"));
        return;
    }
    const std::string message =
        "the image's own script would delete the content of the mount at " + mounts + " when the services start";
    if (options.command_follows && !options.keep_going)
        return block(plan, finding(Severity::error, message + ", so they are not started"));
    plan.findings.push_back(finding(Severity::error, message));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// probe --write-test: what volume and destinations can do, without work to do.
#include <cerrno>
#include <set>

#include "engine/capability_test.hpp"
#include "engine/entry_places.hpp"
#include "engine/remove_tree.hpp"
#include "model/volume_causes.hpp"

namespace mailstate {

namespace {

bool is_scratch(const std::string& name)
{
    return name.starts_with(std::string(probe_name) + ".");
}

Result<> test_on_volume(const World& world, Writer& writer, Survey& survey, Workspace& workspace)
{
    for (const std::string& name : survey.volume.staging_leftovers)
        if (is_scratch(name)) TRY(remove_own(world, writer, {workspace.staging(), name}));
    survey.volume.capabilities = TRY(test_capabilities(
        world, writer,
        {{workspace.staging(), workspace.staging_name(probe_name)}, owners_to_test(world.layout, survey)}));
    return {};
}

Result<> test_in_destination(const World& world, Writer& writer, Survey& survey, const Entry& entry,
                             const std::string& run)
{
    EntrySurvey& seen = survey.entries.at(entry.name);
    const Name spot = TRY(find_destination(world, entry));
    const std::optional<Owner> user = seen.destination_mount && !seen.only_as_user ? std::nullopt : seen.as_user;
    const DirectoryRef at = TRY(open_destination(world.reader, spot, Cross::yes, user));
    TRY(remove_scratch(world, writer, at));
    seen.capabilities =
        TRY(test_capabilities(world, writer, {{at, scratch_prefix + run}, owners_to_test(world.layout, survey)}));
    return {};
}

bool has_its_own(const Survey& survey, const EntrySurvey& seen)
{
    const bool there = seen.destination == DestinationState::empty || seen.destination == DestinationState::populated;
    const Capabilities& roots = survey.volume.capabilities;
    const bool by_user = seen.as_user && (lacks(roots, Ability::chown) || lacks(roots, Ability::create));
    return there && (seen.destination_mount || by_user);
}

}  // namespace

Result<> write_test(const World& world, Writer& writer, Survey& survey, std::chrono::milliseconds lock_timeout)
{
    VolumeSurvey& volume = survey.volume;
    if (volume.state != VolumeState::present || !volume.workspace_problem.empty() || survey.ledger_newer) return {};
    volume.tested_now = true;
    if (volume.filesystem.read_only) {
        volume.capabilities.tested = {{Ability::create, refused(EROFS)}};
        return {};
    }
    std::string run(16, '0');  // where there is no workspace to take it from
    Result<std::unique_ptr<Workspace>> opened = Workspace::open(world, writer, lock_timeout);
    if (opened) {
        run = (*opened)->run();
        const Result<> tested = test_on_volume(world, writer, survey, **opened);
        TRY((*opened)->remove_if_new());
        TRY(tested);
    } else if (opened.error().number == EACCES || opened.error().number == EPERM) {
        volume.capabilities.tested = {{Ability::create, refused(opened.error().number)}};
    } else {
        return std::move(opened).failure();
    }
    for (const Entry& entry : world.layout.entries)
        if (entry.kind == Kind::directory && survey.entries.contains(entry.name) &&
            has_its_own(survey, survey.entries.at(entry.name)))
            TRY(test_in_destination(world, writer, survey, entry, run));
    return {};
}

std::vector<Finding> volume_findings(const Survey& survey, const Layout& layout)
{
    if (survey.volume.state != VolumeState::present) return {};
    const VolumeEvidence evidence{survey.volume.capabilities, survey.volume.filesystem, survey.process};
    std::vector<Finding> findings = peculiarities(evidence, layout.state_dir);
    std::map<std::string_view, Ability> needs = {{name_of(Ability::create), Ability::create}};
    std::set<std::string> said;
    for (const Entry& entry : layout.entries)
        if (survey.entries.contains(entry.name))
            for (const Ability need : entry.needs) needs[name_of(need)] = need;
    for (const auto& [name, need] : needs) {
        if (!lacks(survey.volume.capabilities, need)) continue;
        Finding cause = cause_of(need, evidence);
        cause.subject = layout.state_dir;
        if (said.insert(cause.code + cause.message).second) findings.push_back(std::move(cause));
    }
    return findings;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// probe: what is there. Reads only.
#include <algorithm>
#include <cerrno>

#include "engine/foreign_copy.hpp"
#include "engine/ledger_store.hpp"
#include "engine/ledger_trust.hpp"
#include "engine/probe_entry.hpp"
#include "engine/shared_destinations.hpp"
#include "engine/side_by_side.hpp"
#include "engine/workspace.hpp"
#include "engine/workspace_state.hpp"
#include "fs/read_in_root.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "mailstate/model/renumber.hpp"
#include "model/main_cf.hpp"
#include "model/start_script.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {

namespace {

constexpr std::size_t identity_limit = 16U << 20U;  // bytes of passwd or group

// A file that is there and cannot be read is no finding but the end: its users may have other numbers today, and what
// is moved or set aside without knowing would be renumbered wrongly by a later run.
Result<std::string> read_identity_file(const Reader& reader, const char* name, std::vector<Finding>& findings)
{
    const std::string path = std::string("/etc/") + name;
    Result<std::string> text = read_in_root(reader, path, identity_limit);
    if (text || text.error().number != ENOENT) return text;
    findings.push_back(make_finding("ids.unreadable", path, describe_outcome(text.error())));
    return std::string();
}

const Reader& here(const World& world)
{
    return world.here == nullptr ? world.reader : *world.here;
}

// Files of theirs would belong to somebody else here, by their numbers.
Result<> look_for_reused_numbers(const World& world, Survey& survey)
{
    if (world.here == nullptr) return {};
    std::vector<Finding> unread;  // whoever joined the roots has read it before
    const Identities theirs = TRY(read_identities(world.reader, unread));
    for (const std::string& names : reused_numbers(theirs, survey.identities))
        survey.findings.push_back(make_finding("ids.reused", world.layout.state_dir, names));
    return {};
}

// There a server or a share may decide who owns what, and who may do what.
bool is_remote(FilesystemClass kind)
{
    return kind == FilesystemClass::network || kind == FilesystemClass::fuse || kind == FilesystemClass::shared;
}

// What root makes on an NFS export with root_squash belongs to nobody there, 65534; on a share that gives everything to
// one user it belongs to the owner of the state directory, who could put another workspace there anyway.
bool is_ours(const Survey& survey, const Attributes& workspace, const Attributes& volume)
{
    constexpr Uid nobody{65534};
    const Uid owner = workspace.owner.uid;
    if (owner == survey.process.uid) return true;
    return is_remote(survey.volume.filesystem.kind) && (owner == nobody || owner == volume.owner.uid);
}

// Where the ledger's numbers were forgotten, today's take their place: there is nothing to translate, and nothing to
// write down that would be believed the next time.
void settle_numbers(const DirectoryRef& workspace, const StoredLedger& stored, Survey& survey)
{
    if (!stored.said) return;
    if (const auto finding = disbelieved_numbers(*stored.said, survey.identities, workspace->path().text(stored.name)))
        survey.findings.push_back(*finding);
    survey.ledger->identities = survey.identities;
}

Result<> probe_workspace(const Reader& reader, const DirectoryRef& volume, Survey& survey)
{
    const std::optional<Attributes> found = TRY(find(reader, {volume, workspace_name}));
    if (!found) return {};
    VolumeSurvey& seen = survey.volume;
    if (found->kind != Kind::directory) {
        seen.workspace_problem = "the workspace is a " + std::string(name_of(found->kind)) + ", not a directory";
        return {};
    }
    seen.workspace = TRY(state_of_workspace(reader, volume, survey.process.uid));
    if (const auto finding = workspace_finding(seen.workspace, volume->path().text(workspace_name)))
        survey.findings.push_back(*finding);
    if (seen.workspace == WorkspaceState::foreign) return {};
    const bool writable_by_others = (found->mode.bits & 022U) != 0;
    if (writable_by_others && is_remote(seen.filesystem.kind)) {  // a share with one mode for all: no place to work in
        seen.capabilities.tested[Ability::create] = {Verdict::open_workspace, 0};
        return {};
    }
    const bool is_theirs = !is_ours(survey, *found, TRY(reader.attributes(volume)));
    if (is_theirs && is_remote(seen.filesystem.kind)) {  // root is somebody else there (anonuid), or somebody made it
        seen.capabilities.tested[Ability::create] = {Verdict::foreign_workspace, 0};
        seen.capabilities.made_by_root = found->owner;
        return {};
    }
    if (is_theirs) {
        seen.workspace_problem = "the workspace belongs to " + owner_name(survey.identities, found->owner) +
                                 ", not to the user who runs mailstate";
        return {};
    }
    const Result<DirectoryRef> workspace = reader.open_directory({volume, workspace_name}, Cross::no);
    if (!workspace && workspace.error().number == EACCES) {  // root's own, and root is kept out: root squash
        seen.capabilities.tested[Ability::create] = refused(EACCES);
        return {};
    }
    if (!workspace) {
        seen.workspace_problem = describe(workspace.error());
        return {};
    }
    seen.workspace_present = true;
    const Result<StoredLedger> stored = read_newest_ledger(reader, *workspace);
    if (!stored && is_unread(stored.error())) return fail(stored.error());  // no decision can rest on that
    if (stored) {
        survey.ledger = stored->ledger;
        settle_numbers(*workspace, *stored, survey);
    } else {
        survey.ledger_problem = stored.error();
        survey.ledger_newer = stored.error().number == ENOTSUP;
    }
    const Result<DirectoryRef> staging = reader.open_directory({*workspace, "staging"}, Cross::no);
    if (!staging) return {};
    return each_name(reader, *staging, [&](const std::string& name) -> Result<> {
        if (is_staging_name(name) && !TRY(is_running_rehearsal(reader, {*staging, name})))
            seen.staging_leftovers.push_back(name);
        return {};
    });
}

// What is not root's own, and every service has such state, is reached through the state directory.
void look_for_passage(const World& world, const Attributes& volume, Survey& survey)
{
    constexpr std::uint32_t passage = 01;
    if ((volume.mode.bits & passage) != 0) return;
    survey.findings.push_back(
        make_finding("volume.closed", world.layout.state_dir,
                     "services cannot enter the state directory: its mode is " + octal_mode(volume.mode.bits),
                     printable(world.layout.state_dir)));
}

// Is the state directory on another mount than the root?
Result<bool> is_mounted(const Reader& reader, const DirectoryRef& volume)
{
    const DirectoryRef root = TRY(reader.open("/"));
    return TRY(reader.attributes(root)).mount_id != TRY(reader.attributes(volume)).mount_id;
}

// Where Postfix is not installed, its default.
std::uint64_t find_headroom(const Reader& reader)
{
    constexpr std::size_t main_cf_limit = 1U << 20U;  // bytes
    return queue_headroom(read_in_root(reader, "/etc/postfix/main.cf", main_cf_limit).value_or(std::string()));
}

Result<DirectoryRef> probe_volume(const World& world, Survey& survey)
{
    const Reader& reader = world.reader;
    Result<DirectoryRef> volume = reader.open(world.layout.state_dir);
    if (!volume) {
        if (volume.error().number == ENOENT) return DirectoryRef{};
        if (volume.error().number != ENOTDIR) return volume;
        survey.volume.state = VolumeState::not_a_directory;
        return DirectoryRef{};
    }
    survey.volume.state = VolumeState::present;
    survey.volume.mounted = TRY(is_mounted(here(world), *volume));
    survey.volume.filesystem = TRY(reader.filesystem(*volume));
    survey.volume.headroom = find_headroom(reader);
    look_for_passage(world, TRY(reader.attributes(*volume)), survey);
    TRY(probe_workspace(reader, *volume, survey));
    const bool has_record = survey.ledger || survey.ledger_problem || !survey.volume.workspace_problem.empty() ||
                            survey.volume.workspace == WorkspaceState::foreign;
    survey.volume.untouched = !has_record && TRY(is_untouched(reader, *volume));
    const std::string identity = volume_identity(survey.volume.filesystem, survey.process);
    if (survey.ledger && survey.ledger->volume == identity) survey.volume.capabilities = survey.ledger->capabilities;
    return *volume;
}

// One after the other, or side by side where each look is a round trip to a server.
Result<> probe_entries(const World& world, const PlanOptions& options, const DirectoryRef& volume,
                       const Survey* earlier, Survey& survey)
{
    const MountTable mounts = TRY(world.reader.mounts());
    Surroundings around{volume, std::nullopt, mounts};
    if (volume) around.volume_at = TRY(whereabouts(world.reader, around.mounts, volume));
    std::vector<const Entry*> open;
    for (const Entry& entry : world.layout.entries) {
        survey.gates[entry.name] = evaluate(entry.enabled, world.settings);
        if (survey.gates[entry.name].open) open.push_back(&entry);
    }
    std::vector<std::optional<Result<EntrySurvey>>> seen(open.size());
    constexpr int at_once = 4;  // each may measure a tree with as many threads as there are jobs
    const int threads = is_remote(survey.volume.filesystem.kind) ? std::clamp(world.jobs, 1, at_once) : 1;
    side_by_side(static_cast<std::size_t>(threads), open.size(), [&](std::size_t i) {
        std::optional<TreeSize> size;
        if (earlier != nullptr && earlier->entries.contains(open[i]->name))
            size = earlier->entries.at(open[i]->name).size;
        seen[i] = probe_entry(world, survey, options, around, *open[i], size);
    });
    for (std::size_t i = 0; i < open.size(); ++i) survey.entries[open[i]->name] = TRY(std::move(*seen[i]));
    return note_shared_destinations(world, around, survey);
}

// What cannot be read is none. Each release of docker-mailserver has these scripts at other names, all in two places.
Result<std::string> find_start_script(const World& world)
{
    constexpr std::size_t script_limit = 1U << 20U;  // bytes
    std::string found;
    for (const char* const place : {"/usr/local/bin/setup.d", "/usr/local/bin"}) {
        const Result<DirectoryRef> at = world.reader.open(place);
        if (!at) continue;
        TRY(each_name(world.reader, *at, [&](const std::string& name) -> Result<> {
            if (!found.empty() || !name.ends_with(".sh")) return {};
            const std::string path = std::string(place) + "/" + name;
            const Result<std::string> script = read_in_root(world.reader, path, script_limit);
            if (script && moves_state(*script, world.layout.state_dir, world.settings)) found = path;
            return {};
        }));
    }
    return found;
}

}  // namespace

// Asked where the volume has refused something: it may be the engine that did.
static void name_refused_calls(Survey& survey)
{
    const auto is_refused = [&](const AbilityRow& row) {
        const Tested found = tested(survey.volume.capabilities, row.ability);
        return found == refused(EPERM) || found == refused(EACCES);
    };
    if (std::ranges::any_of(abilities, is_refused)) survey.process.refused_calls = refused_system_calls();
}

Result<Identities> read_identities(const Reader& reader, std::vector<Finding>& findings)
{
    const std::string passwd = TRY(read_identity_file(reader, "passwd", findings));
    return parse_identities(passwd, TRY(read_identity_file(reader, "group", findings)));
}

Result<Survey> probe(const World& world, const PlanOptions& options, const Survey* earlier)
{
    Survey survey;
    survey.process = TRY(world.reader.process());
    survey.identities = TRY(read_identities(here(world), survey.findings));
    TRY(look_for_reused_numbers(world, survey));
    const DirectoryRef volume = TRY(probe_volume(world, survey));
    TRY(probe_entries(world, options, volume, earlier, survey));
    if (world.here == nullptr) survey.start_script = TRY(find_start_script(world));
    if (survey.ledger_problem && !survey.ledger_newer)
        survey.findings.push_back(
            make_finding("ledger.broken", survey.ledger_problem->subject, describe_outcome(*survey.ledger_problem)));
    name_refused_calls(survey);
    return survey;
}

}  // namespace mailstate

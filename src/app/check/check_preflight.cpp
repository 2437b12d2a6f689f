// SPDX-License-Identifier: MIT
#include "app/check/check_preflight.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/commands/choose_layout.hpp"
#include "app/files/files.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/gather.hpp"
#include "preflight/gathering.hpp"
#include "preflight/location.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/recognise.hpp"

namespace mailstate {

namespace {

std::string here()
{
    std::array<char, 4096> buffer{};
    return ::getcwd(buffer.data(), buffer.size()) == nullptr ? "/" : buffer.data();
}

// As an absolute path, so that its folder can be opened; empty stays empty.
std::string absolute(const std::string& path)
{
    return path.empty() ? path : normal_path(joined(here(), path));
}

Problem missing(Message what, const std::string& hint)
{
    return problem_of(make_finding("check.unknown", "check", "unknown: ", hint), what);
}

const std::string& project_option(const Options& options)
{
    return options.manifest.empty() ? options.compose_file : options.manifest;
}

Result<Sources> sources_of(const Session& session, const Reader& host, const Survey* survey)
{
    const Options& options = session.options();
    Sources sources;
    sources.from = options.from;
    sources.to = options.to;
    sources.config_dir = absolute(options.config_dir);
    sources.env_file = absolute(options.env_file);
    sources.compose_file = absolute(project_option(options));
    sources.shown_config_dir = options.config_dir;
    sources.shown_env_file = options.env_file;
    sources.shown_compose_file = project_option(options);
    sources.is_manifest = !options.manifest.empty();
    sources.directory = here();
    if (project_option(options) == "-") sources.input = TRY(read_input_file("/dev/stdin", session.call.stop));
    sources.root = absolute(options.root);
    sources.live = is_live(options);
    sources.environment = &session.call.environment;
    sources.settings = &session.settings.values;
    sources.inside = session.reader.get();
    sources.host = &host;
    sources.survey = survey;
    sources.layout = &session.layout;
    return sources;
}

// By the files that were named; nothing where they do not tell.
std::optional<System> system_of_files(const Sources& sources)
{
    const PlacedFiles files({{"/", sources.host, "/"}});
    const auto text = sources.env_file.empty() ? std::nullopt : files.text(sources.env_file);
    if (text)
        if (const auto found = recognise(parse_env_file(sources.env_file, *text).settings)) return found;
    return sources.config_dir.empty() ? std::nullopt : recognise(files, sources.config_dir);
}

void add_unknown_services(const RecognisedSystems& recognised, const Compose& project, Inspection& inspection)
{
    const auto is_of_the_file = [](const Problem& each) { return each.finding.code == "compose.unreadable"; };
    if (recognised.systems.empty() && recognised.doubtful.empty() &&
        std::ranges::any_of(project.problems, is_of_the_file)) {
        inspection.not_judged.push_back(project.file + " cannot be read as it is, so nothing in it was judged");
        return;
    }
    const std::vector<std::string> unknown = mailu::unknown_services(project);
    for (const auto* const list : {&recognised.doubtful, &unknown, &recognised.disabled})
        for (const std::string& each : *list)
            if (std::ranges::find(inspection.not_judged, each) == inspection.not_judged.end())
                inspection.not_judged.push_back(each);
    if (!recognised.systems.empty()) return;
    std::string why = inspection.not_judged.empty() ? "it has no service from docker-mailserver, Mailu or mailcow" : "";
    for (const std::string& each : inspection.not_judged) why += (why.empty() ? "" : "; ") + each;
    inspection.problems.push_back(problem_of(
        make_finding("check.not-judged", project.file, "nothing in it was judged: "), {datum("why", why, why)}));
}

std::vector<MailSystem> systems_to_judge(const Session& session, const Sources& sources,
                                         const std::optional<Compose>& project, Inspection& inspection)
{
    const std::optional<System> named = system_named(session.options().system);
    if (project) {
        const RecognisedSystems recognised = recognise(*project);
        for (const std::string& each : project->not_followed) inspection.not_judged.push_back(each);
        std::vector<MailSystem> systems = recognised.systems;
        std::erase_if(systems, [&](const MailSystem& each) { return named && each.system != *named; });
        if (systems.empty() && named) return {{*named, ""}};
        if (!named) add_unknown_services(recognised, *project, inspection);
        return systems;
    }
    if (named) return {{*named, ""}};
    if (const auto found = system_of_files(sources)) return {{*found, ""}};
    const std::optional<System> of_layout = system_named(session.layout.name);
    return of_layout ? std::vector<MailSystem>{{*of_layout, ""}} : std::vector<MailSystem>{};
}

// A version must be one of some system that is judged: a slip of the hand would turn all rules into notes.
std::optional<Error> wrong_version(const Sources& sources, const std::vector<MailSystem>& systems)
{
    for (const auto& [option, text] : {std::pair("--from", sources.from), std::pair("--to", sources.to)}) {
        const std::string& version = text;
        const auto fits = [&](const MailSystem& each) { return is_version_of(each.system, version); };
        if (version.empty() || systems.empty() || std::ranges::any_of(systems, fits)) continue;
        return text_error(version,
                          std::string(option) + ": is not a release of " + std::string(name_of(systems.front().system)),
                          "Write it like " + std::string(example_version(systems.front().system)) + ".");
    }
    return std::nullopt;
}

// A release of one system says nothing of another in the same file.
void add_unused_versions(const Sources& sources, const std::vector<MailSystem>& systems, Inspection& inspection)
{
    for (const MailSystem& each : systems)
        for (const auto& [option, version] : {std::pair("--from", sources.from), std::pair("--to", sources.to)})
            if (!version.empty() && !is_version_of(each.system, version))
                inspection.not_judged.push_back(
                    std::string(name_of(each.system)) + ": " + option + " " + printable(version) +
                    " is not a release of it and was ignored; judge it separately with --system " +
                    std::string(name_of(each.system)));
}

Sources for_system(Sources sources, const MailSystem& system, const Session& session)
{
    sources.system = system.system;
    sources.service = system.service;
    if (system.system != System::docker_mailserver) sources.settings = &session.call.environment;
    if (!is_version_of(system.system, sources.from)) sources.from.clear();
    if (!is_version_of(system.system, sources.to)) sources.to.clear();
    return sources;
}

void add_missing_config(const Options& options, const Evidence& evidence, std::vector<Problem>& findings)
{
    const char* const hint = options.config_dir.empty() ? "Name it with --config-dir." : "Correct --config-dir.";
    const std::string& folder = options.config_dir.empty() ? evidence.config_dir : options.config_dir;
    if (!evidence.config_missing.empty())
        findings.push_back(missing({datum("why", evidence.config_missing)}, hint));
    else if (!evidence.config_known)
        findings.push_back(missing({"the configuration folder was not seen",
                                    datum("folder", folder, folder.empty() ? "" : " at " + printable(folder))},
                                   hint));
}

void add_later_release(const Evidence& evidence, std::vector<Problem>& findings)
{
    if (!is_after_the_rules(evidence.system, evidence.to)) return;
    findings.push_back(missing(
        {"changes in ", datum("to", evidence.to.text), " were not judged: the rules for ",
         datum("system", name_of(evidence.system)), " end with ", datum("last", last_known_release(evidence.system))},
        "Read its release notes, or use a newer mailstate."));
}

void add_missing(const Session& session, const Evidence& evidence, std::vector<Problem>& findings)
{
    const Options& options = session.options();
    const bool told = !options.config_dir.empty() || !options.from.empty() || !options.to.empty();
    const bool asked = told || !evidence.live ||
                       !recognise_layout(*session.reader, session.call.environment).because.empty() ||
                       !options.system.empty();
    if (!asked) return;
    if (!evidence.settings_known)
        findings.push_back(missing({"the variables of the mail system were not seen"},
                                   "Name its env file with --env-file, "
                                   "or the compose file with --compose."));
    add_missing_config(options, evidence, findings);
    if (!evidence.mounts_known)
        findings.push_back(
            missing({"the mounts of the mail system were not seen"}, "Name the compose file with --compose."));
    if (!is_known(evidence.to))
        findings.push_back(
            missing({"the release to upgrade to is not known",
                     datum("to", evidence.to.text, evidence.to.text.empty() ? "" : ": " + printable(evidence.to.text))},
                    "Name it with --to, and the release that runs now with --from."));
}

}  // namespace

bool is_live(const Options& options)
{
    if (!project_option(options).empty()) return false;
    return options.root != "/" || (options.env_file.empty() && options.config_dir.empty());
}

Result<Inspection> inspect(const Session& session, const Survey* survey)
{
    Inspection inspection;
    const std::shared_ptr<const Reader> host = TRY(make_posix_reader(Path("/")));
    const Sources sources = TRY(sources_of(session, *host, survey));
    const std::optional<Compose> project = TRY(read_project_of(sources));
    const std::vector<MailSystem> systems = systems_to_judge(session, sources, project, inspection);
    inspection.usage = wrong_version(sources, systems);
    if (inspection.usage) return inspection;
    add_unused_versions(sources, systems, inspection);
    if (project) inspection.files = project->files;
    if (systems.empty() && project)
        inspection.problems.insert(inspection.problems.end(), project->problems.begin(), project->problems.end());
    for (const MailSystem& system : systems) {
        Evidence evidence = TRY(gather(for_system(sources, system, session), project));
        evidence.host = host;
        add_later_release(evidence, inspection.problems);
        add_missing(session, evidence, inspection.problems);
        RuleVerdict verdict = judge(evidence);
        inspection.systems.push_back({std::move(evidence), std::move(verdict)});
    }
    return inspection;
}

std::vector<Finding> findings_of(const Inspection& inspection)
{
    std::vector<Finding> findings;
    const auto take = [&](const std::vector<Finding>& more) {
        for (const Finding& finding : more)
            if (std::ranges::find(findings, finding) == findings.end()) findings.push_back(finding);
    };
    for (const Inspected& each : inspection.systems) take(each.verdict.findings);
    for (const Problem& problem : inspection.problems) take({problem.finding});
    return findings;
}

DetailsOfFindings details_of(const Inspection& inspection)
{
    DetailsOfFindings all;
    for (const Inspected& each : inspection.systems)
        all.insert(each.verdict.details.begin(), each.verdict.details.end());
    for (const auto& [finding, data] : inspection.problems)
        all.insert({key_of(finding), {location_of(inspection.files, finding.subject), data, ""}});
    return all;
}

}  // namespace mailstate

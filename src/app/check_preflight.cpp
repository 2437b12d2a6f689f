// SPDX-License-Identifier: MIT
#include "app/check_preflight.hpp"

#include <unistd.h>

#include <array>

#include "app/choose_layout.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/text.hpp"
#include "preflight/gather.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

namespace {

// As an absolute path, so that its folder can be opened; empty stays empty.
std::string absolute(const std::string& path)
{
    if (path.empty()) return path;
    std::array<char, 4096> here{};
    const bool relative = !path.starts_with('/');
    if (relative && ::getcwd(here.data(), here.size()) == nullptr) return path;
    std::string text = (relative ? Path(here.data()) / path : Path(path)).lexically_normal().string();
    while (text.size() > 1 && (text.ends_with('/') || text.ends_with("/."))) text.pop_back();
    return text;
}

Finding missing(const std::string& what, const std::string& hint)
{
    return {Severity::note, "check.unknown", "check", "unknown: " + what, hint};
}

}  // namespace

bool is_live(const Options& options)
{
    if (!options.compose_file.empty()) return false;
    return options.root != "/" || (options.env_file.empty() && options.config_dir.empty());
}

std::optional<System> system_of(const Session& session)
{
    const std::string& named = session.options().system;
    return system_named(named.empty() ? session.layout.name : named);
}

Result<Evidence> gather_evidence(const Session& session, System system, const Reader& host, const Survey* survey)
{
    const Options& options = session.options();
    Sources sources;
    sources.system = system;
    sources.from = options.from;
    sources.to = options.to;
    sources.config_dir = absolute(options.config_dir);
    sources.env_file = absolute(options.env_file);
    sources.compose_file = absolute(options.compose_file);
    sources.root = absolute(options.root);
    sources.live = is_live(options);
    sources.environment = &session.call.environment;
    sources.settings = system == System::docker_mailserver ? &session.settings.values : &session.call.environment;
    sources.inside = session.reader.get();
    sources.host = &host;
    sources.survey = survey;
    sources.layout = &session.layout;
    return gather(sources);
}

std::vector<Finding> missing_evidence(const Session& session, const Evidence& evidence)
{
    std::vector<Finding> findings;
    const Options& options = session.options();
    const bool told = !options.config_dir.empty() || !options.from.empty() || !options.to.empty();
    const bool asked = told || !evidence.live ||
                       !recognise_layout(*session.reader, session.call.environment).because.empty() ||
                       !options.system.empty();
    if (!asked) return findings;
    if (!evidence.settings_known)
        findings.push_back(missing("the variables of the mail system were not seen",
                                   "Name its env file with --env-file, "
                                   "or the compose file with --compose."));
    const std::string& folder = options.config_dir.empty() ? evidence.config_dir : options.config_dir;
    if (!evidence.config_known)
        findings.push_back(
            missing("the configuration folder was not seen" + (folder.empty() ? "" : " at " + printable(folder)),
                    options.config_dir.empty() ? "Name it with --config-dir." : "Correct --config-dir."));
    if (!evidence.mounts_known)
        findings.push_back(
            missing("the mounts of the mail system were not seen", "Name the compose file with --compose."));
    if (!is_known(evidence.to))
        findings.push_back(missing("the release that is to run is not known" +
                                       (evidence.to.text.empty() ? "" : ": " + printable(evidence.to.text)),
                                   "Name it with --to, and what runs now with --from."));
    return findings;
}

Result<std::vector<Finding>> preflight_findings(const Session& session, const Survey* survey)
{
    const std::optional<System> system = system_of(session);
    if (!system) return std::vector<Finding>{};
    const std::unique_ptr<Reader> host = TRY(make_posix_reader(Path("/")));
    const Evidence evidence = TRY(gather_evidence(session, *system, *host, survey));
    std::vector<Finding> findings = judge_rules(evidence);
    for (Finding& finding : missing_evidence(session, evidence)) findings.push_back(std::move(finding));
    return findings;
}

}  // namespace mailstate

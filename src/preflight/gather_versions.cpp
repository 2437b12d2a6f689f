// SPDX-License-Identifier: MIT
// Which release runs, and which is to run.
#include "mailstate/base/text.hpp"
#include "preflight/gathering.hpp"
#include "preflight/lines.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/recognise.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

// Docker takes a name without a tag for its latest; "admin:" is what a variable left that is not set.
std::string tag_of(const ComposeService& service)
{
    const std::string tag = image_tag(service.image);
    return tag.empty() && !service.image.ends_with(':') ? "latest" : tag;
}

// The images of Mailu's own services, before those beside it: certdumper is often of another release. Images that
// others have built count where MAILU_VERSION is in their names.
std::string mailu_version(const Evidence& evidence)
{
    for (const mailu::Role role : {mailu::Role::admin, mailu::Role::front, mailu::Role::imap, mailu::Role::smtp})
        for (const ComposeService* const service : mailu::services(evidence, role)) return tag_of(*service);
    for (const ComposeService* const service : mailu::services(evidence))
        if (is_service_of(*evidence.compose, System::mailu, *service)) return tag_of(*service);
    return "";
}

std::string image_version(const Evidence& evidence)
{
    if (!evidence.compose || evidence.system == System::mailcow) return "";  // whose images count for themselves
    if (evidence.system == System::mailu) return mailu_version(evidence);
    for (const ComposeService& service : evidence.compose->services) {
        const bool is_judged = evidence.service.empty() || service.name == evidence.service;
        if (is_judged && is_image_of(evidence.system, service.image)) return tag_of(service);
    }
    return "";
}

// What runs here: docker-mailserver says so itself, Mailu in /version, mailcow in a file of its checkout.
std::string own_version(const Evidence& evidence, const Sources& sources)
{
    const auto word = [&](const char* path) {
        const auto text = evidence.files->text(path);
        return text ? std::string(first_word(*text)) : "";
    };
    if (evidence.system == System::mailcow) {
        const auto text = evidence.files->text(evidence.home_dir + "/data/web/inc/app_info.inc.php");
        const std::size_t at = text ? text->find("MAILCOW_GIT_VERSION") : std::string::npos;
        if (at == std::string::npos) return "";
        const std::size_t begin = text->find_first_of("\"'", at), end = text->find_first_of("\"'", begin + 1);
        return begin == std::string::npos || end == std::string::npos ? "" : text->substr(begin + 1, end - begin - 1);
    }
    if (!sources.live) return "";
    if (evidence.system == System::mailu) return word("/version");
    const std::string release = value_of(evidence, "DMS_RELEASE");
    return release.empty() ? word("/VERSION") : release;
}

// From what older versions left on the volume; mailstate's own workspace ends the guessing.
std::string guessed_version(const Evidence& evidence)
{
    if (evidence.system != System::docker_mailserver || !evidence.files) return "";
    const std::string state = state_dir(evidence), spool = destination_of(evidence, postfix_spool);
    const auto is_there = [&](const std::string& path) { return evidence.files->facts(path).has_value(); };
    if (!is_there(state) || is_there(state + "/.mailstate")) return "";
    if (is_there(state + "/lib-shared/dhparams.pem")) return "10.1.0";
    if (spool.empty()) return "";
    for (const char* name : {"/dev", "/etc", "/lib", "/usr"})
        if (is_there(spool + name)) return "11.3.0";
    const auto maildrop = evidence.files->facts(spool + "/maildrop"), open = evidence.files->facts(spool + "/public");
    if (maildrop && open && maildrop->mode.bits == 01730 && open->mode.bits == 02710) return "12.0.0";
    return "";
}

}  // namespace

void add_versions(Evidence& evidence, const Sources& sources)
{
    const std::string image = image_version(evidence), own = own_version(evidence, sources);
    std::string to = sources.to, from = sources.from;
    if (sources.live && to.empty()) to = own;
    if (from.empty()) from = !image.empty() ? image : sources.live ? guessed_version(evidence) : own;
    if (to.empty()) to = from;
    evidence.from = parse_version(evidence.system, from);
    evidence.to = parse_version(evidence.system, to);
}

}  // namespace mailstate

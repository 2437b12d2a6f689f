// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/lines.hpp"
#include "preflight/location.hpp"
#include "preflight/rule.hpp"
#include "preflight/rule_finding.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

Certainty applies(const Releases& releases, const Version& to)
{
    const Certainty begun = releases.at_least.empty() ? Certainty::yes : at_least(to, releases.at_least);
    const Certainty over = releases.below.empty() ? Certainty::no : at_least(to, releases.below);
    if (begun == Certainty::no || over == Certainty::yes) return Certainty::no;
    return begun == Certainty::yes && over == Certainty::no ? Certainty::yes : Certainty::unknown;
}

std::string why_unknown(const Rule& rule, const Version& to)
{
    const std::string version =
        to.text.empty() ? "the version is not known" : to.text + " does not name a single release";
    return version + ", and the rule is for " + releases_text(rule);
}

// What would settle it; the release is named only where it is what nobody knows.
std::string settled_by(const Seen& seen, bool release_is_unknown)
{
    const bool by_itself = !seen.unknown.empty() && !seen.settle.empty();
    const bool by_release = release_is_unknown || !by_itself;
    return std::string(by_release ? "Name the release to upgrade to with --to (and the one that runs now with --from). "
                                  : "") +
           (by_itself ? seen.settle + " " : "");
}

Finding finding_of(const Rule& rule, const Seen& seen, const std::string& release_unknown)
{
    const std::string hint = seen.hint.empty() ? std::string(rule.hint) : seen.hint;
    if (release_unknown.empty() && seen.unknown.empty())
        return {seen.severity.value_or(rule.severity), std::string(rule.id), seen.subject, seen.message, hint};
    const bool of_its_own = !seen.unknown.empty() && (release_unknown.empty() || !seen.settle.empty());
    return {Severity::note, std::string(rule.id), seen.subject,
            "unknown: " + seen.message + (release_unknown.empty() ? "" : "; " + release_unknown) +
                (of_its_own ? "; " + seen.unknown : ""),
            settled_by(seen, !release_unknown.empty()) + "If it applies: " + hint};
}

bool state_is_seen(const Evidence& evidence)
{
    return evidence.survey != nullptr ||
           (evidence.files && evidence.layout != nullptr && evidence.files->facts(evidence.layout->state_dir));
}

bool mail_is_seen(const Evidence& evidence)
{
    const std::string mail(mail_dir);
    if (!evidence.files || !evidence.files->is_readable(mail)) return false;
    return std::ranges::all_of(evidence.files->names(mail), [&](const std::string& domain) {
        return evidence.files->is_readable(mail + "/" + domain);
    });
}

// A switch whose value a Secret has, or a file that was not seen.
std::string unseen_switch(const Evidence& evidence)
{
    for (const auto& [name, setting] : evidence.settings)
        if (setting.unseen && evidence.system == System::docker_mailserver && is_switch(evidence, name))
            return "the value of " + printable(name) + " was not seen";
    return "";
}

// The first thing that a rule needs and that was not seen; empty: it saw all.
std::string missing_need(Need needs, const Evidence& evidence)
{
    if (has(needs, Need::settings) && !evidence.settings_known)
        return "the variables were not seen (--env-file, --compose)";
    if (has(needs, Need::settings) && !evidence.settings_missing.empty()) return evidence.settings_missing;
    if (has(needs, Need::settings))
        if (std::string unseen = unseen_switch(evidence); !unseen.empty()) return unseen;
    if (has(needs, Need::config))
        if (const std::string unseen = unseen_config(evidence); !unseen.empty()) return unseen + " (--config-dir)";
    if (has(needs, Need::mounts) && !evidence.mounts_known) return "the mounts were not seen (--compose)";
    if (has(needs, Need::mounts) && !evidence.mounts_missing.empty()) return evidence.mounts_missing;
    if (has(needs, Need::compose) && !evidence.compose) return "the compose file was not seen (--compose)";
    if (has(needs, Need::volume) && !state_is_seen(evidence))
        return "the state directory was not seen (run check in the container)";
    if (has(needs, Need::mail) && !mail_is_seen(evidence))
        return "the mail in " + std::string(mail_dir) + " was not seen (run check where it is)";
    if (has(needs, Need::survey) && evidence.survey == nullptr)
        return "the running system was not seen (run check in the container)";
    if (has(needs, Need::checkout) && evidence.home_dir.empty()) return "mailcow's folder was not seen (--config-dir)";
    if (has(needs, Need::database) && evidence.database_revision.empty()) return "the database was not seen";
    if (has(needs, Need::host) && !evidence.live && !evidence.compose)
        return "the host was not seen (run check there with --compose)";
    return "";
}

void leave_unjudged(Judged& judged, const Rule& rule, const std::string& why)
{
    const auto found = std::ranges::find(judged.unjudged, why, &Unjudged::why);
    if (found != judged.unjudged.end())
        found->rules.push_back(rule.id);
    else
        judged.unjudged.push_back({why, {rule.id}});
}

// What was found was judged, whatever else a rule would have liked to see; what hangs on an unknown was not.
void count(Judged& judged, const Rule& rule, const Sightings& seen, const std::string& unseen,
           const std::string& release_unknown)
{
    const auto is_sure = [](const Seen& each) { return each.unknown.empty(); };
    const bool found = release_unknown.empty() && std::ranges::any_of(seen, is_sure);
    if (found) {
        judged.found.push_back(rule.id);
    } else if (!seen.empty()) {
        leave_unjudged(judged, rule,
                       release_unknown.empty() ? "see the notes that begin with unknown"
                                               : "the release to upgrade to is not known (--to)");
    } else if (!unseen.empty()) {
        leave_unjudged(judged, rule, unseen);
    } else {
        judged.fine.push_back(rule.id);
    }
}

}  // namespace

std::span<const Rule> rules_of(System system)
{
    switch (system) {
        case System::docker_mailserver:
            return docker_mailserver_rules();
        case System::mailu:
            return mailu_rules();
        case System::mailcow:
            return mailcow_rules();
    }
    return {};
}

const Rule* find_rule(std::string_view id)
{
    for (const System system : {System::docker_mailserver, System::mailu, System::mailcow})
        for (const Rule& rule : rules_of(system))
            if (rule.id == id) return &rule;
    return nullptr;
}

Finding finding_of_rule(std::string_view id, std::string subject, std::string message, std::string hint)
{
    const Rule& rule = *find_rule(id);
    if (hint.empty()) hint = rule.hint;
    return {rule.severity, std::string(rule.id), std::move(subject), std::move(message), std::move(hint)};
}

std::string releases_text(const Rule& rule)
{
    const std::string from(rule.releases.at_least), below(rule.releases.below);
    if (from.empty() && below.empty()) return "any version";
    if (below.empty()) return from + " and later";
    return from.empty() ? "versions before " + below : from + " and later, before " + below;
}

namespace {

// A file of the container that the project has the text of: people look for it in the project.
void say_where_it_is_written(Finding& finding, const Location& place)
{
    constexpr std::string_view unknown = "unknown: ";
    const std::size_t begin = finding.message.starts_with(unknown) ? unknown.size() : 0;
    const std::string file = finding.subject.substr(0, finding.subject.rfind(':'));
    finding.message.insert(begin, printable(file.starts_with('/') ? file : base_name(file)) + ": ");
    finding.subject = place_of(place.file, place.line);
}

void keep(RuleVerdict& verdict, const Evidence& evidence, Finding finding, FindingDetails details)
{
    details.location = location_of(evidence, finding.subject);
    if (const auto place = location_in_project(evidence, finding.subject)) say_where_it_is_written(finding, *place);
    verdict.details[key_of(finding)] = std::move(details);
    verdict.findings.push_back(std::move(finding));
}

}  // namespace

RuleVerdict judge(const Evidence& evidence)
{
    RuleVerdict verdict{
        {}, {}, {evidence.system, evidence.service, evidence.from, evidence.to, evidence.files_read, {}, {}, {}}};
    for (const Problem& problem : evidence.problems) {
        const Rule* const rule = find_rule(problem.finding.code);
        const std::string reference = rule == nullptr ? "" : reference_url(evidence.system, rule->reference);
        keep(verdict, evidence, problem.finding, {std::nullopt, problem.data, reference});
    }
    for (const Rule& rule : rules_of(evidence.system)) {
        const Certainty certainty = applies(rule.releases, evidence.to);
        if (certainty == Certainty::no) continue;
        const std::string unknown = certainty == Certainty::unknown ? why_unknown(rule, evidence.to) : "";
        const Sightings seen = rule.detect(evidence);
        for (const Seen& each : seen) {
            FindingDetails details{std::nullopt, each.data, reference_url(evidence.system, rule.reference)};
            if (!evidence.from.text.empty()) details.data.emplace("from", evidence.from.text);
            if (!evidence.to.text.empty()) details.data.emplace("to", evidence.to.text);
            keep(verdict, evidence, finding_of(rule, each, unknown), std::move(details));
        }
        count(verdict.judged, rule, seen, missing_need(rule.needs, evidence), unknown);
    }
    if (evidence.files)  // by now the rules have read theirs, too
        for (const std::string& path : evidence.files->texts_read()) {
            std::vector<std::string>& files = verdict.judged.files;
            const std::string shown = shown_file(evidence, path);
            if (std::ranges::find(files, shown) == files.end()) files.push_back(shown);
        }
    std::ranges::stable_sort(verdict.findings,
                             [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return verdict;
}

std::vector<Finding> judge_rules(const Evidence& evidence)
{
    return judge(evidence).findings;
}

}  // namespace mailstate

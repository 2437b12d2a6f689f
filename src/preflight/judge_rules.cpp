// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "preflight/rule.hpp"

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
    const std::string version = to.text.empty() ? "the version is not known" : to.text + " names no one release";
    return version + ", and it matters in " + releases_text(rule);
}

// What would settle it; the release is named only where it is what nobody knows.
std::string settled_by(const Seen& seen, bool release_is_unknown)
{
    const bool by_itself = !seen.unknown.empty() && !seen.settle.empty();
    const bool by_release = release_is_unknown || !by_itself;
    return std::string(by_release ? "Name the release with --to (and what runs now with --from). " : "") +
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

std::string releases_text(const Rule& rule)
{
    const std::string from(rule.releases.at_least), below(rule.releases.below);
    if (from.empty() && below.empty()) return "any version";
    if (below.empty()) return from + " and later";
    return from.empty() ? "versions before " + below : from + " and later, before " + below;
}

std::vector<Finding> judge_rules(const Evidence& evidence)
{
    std::vector<Finding> findings = evidence.problems;
    for (const Rule& rule : rules_of(evidence.system)) {
        const Certainty certainty = applies(rule.releases, evidence.to);
        if (certainty == Certainty::no) continue;
        const std::string unknown = certainty == Certainty::unknown ? why_unknown(rule, evidence.to) : "";
        for (const Seen& seen : rule.detect(evidence)) findings.push_back(finding_of(rule, seen, unknown));
    }
    std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return findings;
}

}  // namespace mailstate

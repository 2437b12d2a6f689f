// SPDX-License-Identifier: MIT
// Rule: one row of the rule book. Help, listing and judgement come from the same rows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/evidence.hpp"

namespace mailstate {

// What a rule saw. The row's severity and hint count where these are not set.
struct Seen {
    std::string subject;  // file:line, variable, path or address
    std::string message;
    std::string hint;
    std::optional<Severity> severity;
    std::string unknown;      // why it is not known whether it matters; empty: it does
    std::string settle = {};  // a sentence: how to find out; empty: by naming the release
};
using Sightings = std::vector<Seen>;

// Releases that a rule is about: those from at_least on, and before `below`; empty: no bound on that side.
struct Releases {
    std::string_view at_least, below;
};

struct Rule {
    std::string_view id;
    Severity severity = Severity::warning;
    Releases releases;  // of the version that is upgraded to
    Sightings (*detect)(const Evidence& evidence) = nullptr;
    std::string_view meaning;    // why it matters
    std::string_view hint;       // what to do
    std::string_view reference;  // thread or source
};

std::span<const Rule> docker_mailserver_rules();
std::span<const Rule> mailu_rules();
std::span<const Rule> mailcow_rules();
std::span<const Rule> rules_of(System system);
const Rule* find_rule(std::string_view id);  // of any system; null where there is none

std::string releases_text(const Rule& rule);  // "14.0.0 and later", "any"

// All rules of the evidence's system, worst first. What depends on a version that is not known is a note: "unknown: …".
std::vector<Finding> judge_rules(const Evidence& evidence);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Rule: one row of the rule book. Help, listing and judgement come from the same rows.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/evidence.hpp"
#include "preflight/finding_details.hpp"

namespace mailstate {

// What a rule saw. The row's severity and hint count where these are not set.
struct Seen {
    std::string subject;  // file:line, variable, path or address
    std::string message;
    std::string hint;
    std::optional<Severity> severity;
    std::string unknown;                           // why it is not known whether it matters; empty: it does
    std::string settle = {};                       // a sentence: how to find out; empty: by naming the release
    std::map<std::string, std::string> data = {};  // what the message is made of; never a secret
};
using Sightings = std::vector<Seen>;

// Releases that a rule is about: those from at_least on, and before `below`; empty: no bound on that side.
struct Releases {
    std::string_view at_least, below;
};

// What a rule has to see before "nothing found" means that nothing is wrong.
enum class Need : unsigned {
    none = 0,
    settings = 1,   // the variables
    config = 2,     // the configuration folder
    mounts = 4,     // of a compose file, a manifest or the mount table
    compose = 8,    // the compose file itself
    volume = 16,    // the state directory
    survey = 32,    // the running system, looked at from inside
    checkout = 64,  // mailcow's folder
    database = 128,
    host = 256,  // the machine that it runs on
    mail = 512,  // the mailboxes
};
constexpr Need operator|(Need a, Need b)
{
    return static_cast<Need>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(Need needs, Need one)
{
    return (static_cast<unsigned>(needs) & static_cast<unsigned>(one)) != 0;
}

struct Rule {
    std::string_view id;
    Severity severity = Severity::warning;
    Releases releases;  // of the version that is upgraded to
    Sightings (*detect)(const Evidence& evidence) = nullptr;
    std::string_view meaning;    // why it matters
    std::string_view cause;      // the usual one
    std::string_view hint;       // what to do
    std::string_view reference;  // thread or source
    Need needs = Need::none;
    std::string_view seen_as = {};  // messages that people see in their logs, separated by " | "
};

std::span<const Rule> docker_mailserver_rules();
std::span<const Rule> mailu_rules();
std::span<const Rule> mailcow_rules();
std::span<const Rule> rules_of(System system);
const Rule* find_rule(std::string_view id);  // of any system; null where there is none

std::string releases_text(const Rule& rule);  // "14.0.0 and later", "any"

std::string reference_url(System system, std::string_view reference);  // of the thread or the source

// Rules that could not be judged, and why.
struct Unjudged {
    std::string why;  // "the configuration folder was not seen (--config-dir)"
    std::vector<std::string_view> rules;
};

struct Judged {  // what was made of one system
    System system = System::docker_mailserver;
    std::string service;
    Version from, to;
    std::vector<std::string> files;             // that were read
    std::vector<std::string_view> fine, found;  // rules that were judged; those of another release are left out
    std::vector<Unjudged> unjudged;
};

struct RuleVerdict {
    std::vector<Finding> findings;
    DetailsOfFindings details;
    Judged judged;
};

// All rules of the evidence's system, worst first. What depends on a version that is not known is a note: "unknown: …".
RuleVerdict judge(const Evidence& evidence);
std::vector<Finding> judge_rules(const Evidence& evidence);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Options: what the command line and the environment ask for, as plain values. Reading them touches nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/exit_code.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/plan.hpp"

namespace mailstate {

enum class Output { text, json, junit, sarif, github };
enum class LogLevel { error, warn, info, debug, trace };
enum class LogFormat { text, json };
enum class Color { automatic, always, never };
enum class Verification { content, metadata };

struct Options {
    std::vector<std::string> arguments;  // of the command: "show", "docker-mailserver"
    std::vector<std::string> program;    // apply -- CMD ARG…; empty: none

    std::string layout;         // name or file; empty: recognised
    std::string state_dir;      // empty: the layout's
    std::string root = "/";     //
    std::string settings_file;  // empty: none
    PlanOptions plan;
    int jobs = 0;  // 0: default_jobs()
    bool strict = false;

    std::string system, from, to;                    // check; empty: detected
    std::string before;                              // rollback: a run of the history
    std::string into;                                // displaced restore
    std::string config_dir, env_file, compose_file;  // of this machine, as given
    std::string manifest;                            // the same
    std::string sender, recipient;
    bool list_rules = false, fix = false;
    std::string explain;  // a code
    std::string symptom;  // a message of a log

    std::uint64_t limit = 0;  // history: of runs; 0: all

    std::string certificates = "/etc/ssl/mail";  // sni
    std::string hostname;
    bool dovecot = false;  // --format
    bool postmap = false;

    std::string scratch;  // rehearse; empty: on the volume
    std::optional<std::uint64_t> sample;

    bool allow_in_use = false;                       // rollback, displaced restore
    std::optional<std::chrono::seconds> older_than;  // displaced prune
    bool all = false;                                //
    bool dry_run = false;
    bool write_test = false;
    std::string saved_plan;  // apply --plan
    std::string out;         // plan --out
    std::string metrics;     // a file; empty: none
    std::string report;      // the same: .json or .html
    bool detailed_exitcode = false;
    bool keep_going = false;
    Verification verification = Verification::metadata;
    OwnershipPass ownership = OwnershipPass::full;
    std::chrono::milliseconds lock_timeout{60'000};

    Output output = Output::text;
    LogLevel log_level = LogLevel::info;
    LogFormat log_format = LogFormat::text;
    Color color = Color::automatic;
    bool progress = true;
    bool quiet = false, verbose = false;            // findings only; all entries too
    bool timestamps = false;                        // in front of each line of the log
    std::map<std::string, std::string> given = {};  // on the command line or in the environment: option and value
};

inline Strict strictness(const Options& options)
{
    return options.strict ? Strict::yes : Strict::no;
}

// The results of an apply that starts a command go to stderr: stdout is that command's.
inline bool leaves_stdout_alone(const Options& options)
{
    return !options.program.empty();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// The commands' entry points. Each answers with an exit code and the whole of what goes to stdout.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/cli/options.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {

class Terminal;

enum class Measured : bool { no, yes };  // are the run's metrics written, if --metrics asks for them?

struct ChosenLayout {
    std::string name, state_dir;
};

struct Answer {
    int exit_code = 0;
    std::string output;
    Measured measured = Measured::no;
    std::optional<ChosenLayout> layout = {};  // where the command came as far as that
};

struct Call {  // what every command is started with
    const Options& options;
    const Variables& environment;
    const Stop& stop;
    Terminal& terminal;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

Answer run_plan(const Call& call);
Answer run_apply(const Call& call);
Answer run_verify(const Call& call);
Answer run_check(const Call& call);
Answer run_explain(const Call& call);
Answer run_probe(const Call& call);
Answer run_rehearse(const Call& call);
Answer run_rollback(const Call& call);
Answer run_history(const Call& call);
Answer run_displaced(const Call& call);
Answer run_seal(const Call& call);
Answer run_sni(const Call& call);
Answer run_layout(const Call& call);
Answer run_man(const Call& call);
Answer run_completion(const Call& call);
Answer run_help(const Call& call);
Answer run_version(const Call& call);

}  // namespace mailstate

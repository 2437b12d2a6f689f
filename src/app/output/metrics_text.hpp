// SPDX-License-Identifier: MIT
// What a run did, in Prometheus' text format. Pure: the clock is given.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "app/output/run_view.hpp"

namespace mailstate {

struct MeasuredRun {
    std::string command;  // "apply", "apply --dry-run"
    int exit_code = 0;
    std::chrono::milliseconds elapsed{0};
    std::int64_t ended = 0;  // seconds since 1970
};

// Every series has the labels command, layout and state_dir: node_exporter reads all files of its directory as one, and
// refuses two series of the same name and labels. Entries, files and bytes are left out where the view has no entries.
std::string metrics_text(const MeasuredRun& run, const RunView& view);

// "a\"b\\c\n": for a label's value, between its quotes.
std::string escaped_label(std::string_view text);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/metrics_file.hpp"

#include <ctime>

#include "app/files.hpp"
#include "app/log.hpp"
#include "app/metrics_text.hpp"
#include "engine/log.hpp"

namespace mailstate {

namespace {

MeasuredRun measured(std::string_view command, const Call& call, int exit_code)
{
    MeasuredRun run;
    run.command = std::string(command) + (call.options.dry_run ? " --dry-run" : "");
    run.exit_code = exit_code;
    run.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - call.started);
    run.ended = std::time(nullptr);
    return run;
}

}  // namespace

std::optional<Finding> write_metrics(std::string_view command, const Call& call, const RunView& view, int exit_code)
{
    const std::string& file = call.options.metrics;
    if (file.empty()) return std::nullopt;
    const std::string text = metrics_text(measured(command, call, exit_code), view);
    return write_beside("metrics", file, text, Mode{0644});
}

void write_metrics_of_refusal(std::string_view command, const Call& call, int exit_code)
{
    RunView view;
    view.layout_name = call.options.layout;
    view.state_dir = call.options.state_dir;
    view.findings = {{Severity::error, "refused", "", "", ""}};
    const std::optional<Finding> problem = write_metrics(command, call, view, exit_code);
    if (problem) log_warn(problem->subject + ": " + problem->message + ". " + problem->hint);
}

}  // namespace mailstate

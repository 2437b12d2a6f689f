// SPDX-License-Identifier: MIT
#include "app/files/metrics_file.hpp"

#include <sys/stat.h>
#include <ctime>
#include <exception>
#include <utility>

#include "app/commands/choose_layout.hpp"
#include "app/files/files.hpp"
#include "app/log/log.hpp"
#include "app/output/metrics_text.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

// A label that is empty counts as none at all: its series would not be that of the other runs.
constexpr const char* unknown = "unknown";

MeasuredRun measured(std::string_view command, const Call& call, int exit_code)
{
    MeasuredRun run;
    run.command = (command.empty() ? unknown : std::string(command)) + (call.options.dry_run ? " --dry-run" : "");
    run.exit_code = exit_code;
    run.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - call.started);
    run.ended = std::time(nullptr);
    return run;
}

// Not from a pipe: it gives its content once, and then lets its reader wait. A mistake in the layout may have
// ended the run, and is already reported.
std::optional<Layout> layout_asked_for(const std::string& name, const Stop& stop)
{
    struct stat found {};
    if (is_layout_file(name) && (::stat(name.c_str(), &found) == -1 || !S_ISREG(found.st_mode))) return std::nullopt;
    try {
        Result<Layout> layout = load_layout(name, stop);
        if (layout) return std::move(*layout);
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}

// Of a run that did not come as far as its layout: what it would have chosen.
ChosenLayout would_be_chosen(const Call& call)
{
    const Options& options = call.options;
    std::string name = options.layout;
    const Result<std::unique_ptr<Reader>> reader = make_posix_reader(Path(options.root));
    if (name.empty()) name = reader ? recognise_layout(**reader, call.environment).layout : std::string(default_layout);
    const std::optional<Layout> layout = layout_asked_for(name, call.stop);
    const std::string& asked_for = options.state_dir;
    return {layout ? layout->name : name, !asked_for.empty() ? asked_for : layout ? layout->state_dir : unknown};
}

}  // namespace

std::optional<Finding> write_metrics(std::string_view command, const Call& call, const RunView& view, int exit_code)
{
    const std::string& file = call.options.metrics;
    if (file.empty()) return std::nullopt;
    const std::string text = metrics_text(measured(command, call, exit_code), view);
    return write_beside("metrics.not-written", file, text, Mode{0644});
}

void write_metrics_of_refusal(std::string_view command, const Call& call, const Answer& answer)
{
    if (call.options.metrics.empty()) return;
    const ChosenLayout layout = answer.layout ? *answer.layout : would_be_chosen(call);
    RunView view;
    view.layout_name = layout.name;
    view.state_dir = layout.state_dir;
    view.findings = {make_finding("run.refused", "", std::string())};
    const std::optional<Finding> problem = write_metrics(command, call, view, answer.exit_code);
    if (problem) log_warn(problem->subject + ": " + problem->message + ". " + problem->hint);
}

}  // namespace mailstate

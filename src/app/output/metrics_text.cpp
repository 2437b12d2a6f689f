// SPDX-License-Identifier: MIT
#include "app/output/metrics_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

#include "app/cli/program_version.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string label(std::string_view name, std::string_view value)
{
    return std::string(name) + "=\"" + escaped_label(value) + "\"";
}

std::string seconds_value(std::chrono::milliseconds elapsed)
{
    std::array<char, 48> text{};
    (void)std::snprintf(text.data(), text.size(), "%.3f", std::chrono::duration<double>(elapsed).count());
    return text.data();
}

class Page {
public:
    Page(const MeasuredRun& run, const RunView& view)
        : labels_(label("command", run.command) + "," + label("layout", printable(view.layout_name)) + "," +
                  label("state_dir", printable(view.state_dir)))
    {
    }

    // All of them are gauges: a run that ends cannot count those that came before it.
    void begin(std::string_view name, std::string_view help)
    {
        name_ = "mailstate_" + std::string(name);
        text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " gauge\n";
    }

    void sample(const std::string& value, const std::string& more_labels = {})
    {
        text_ += name_ + "{" + labels_ + (more_labels.empty() ? "" : ",") + more_labels + "} " + value + "\n";
    }

    void metric(std::string_view name, std::string_view help, const std::string& value)
    {
        begin(name, help);
        sample(value);
    }

    [[nodiscard]] std::string text() const { return text_; }

private:
    std::string labels_, name_, text_;
};

// None is left out where it is 0: a series that comes and goes cannot be watched.
void add_findings(const RunView& view, Page& page)
{
    page.begin("run_findings", "Findings of the run, by severity.");
    for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
        const auto count = std::ranges::count(view.findings, severity, &Finding::severity);
        page.sample(std::to_string(count), label("severity", name_of(severity)));
    }
}

void add_outcomes(const RunView& view, Page& page)
{
    for (int number = 0; number <= static_cast<int>(EntryOutcome::disabled); ++number) {
        const auto outcome = static_cast<EntryOutcome>(number);
        const auto count = std::ranges::count(view.entries, std::optional(outcome), &EntryLine::outcome);
        page.sample(std::to_string(count), label("outcome", name_of(outcome)));
    }
}

void add_entries(const RunView& view, Page& page)
{
    page.begin("run_entries", "Entries of the layout, by what became of them; of a plan, by what was decided.");
    if (view.entries.front().outcome) return add_outcomes(view, page);
    for (int number = 0; number <= static_cast<int>(Decision::disabled); ++number) {
        const auto decision = static_cast<Decision>(number);
        const auto count = std::ranges::count(view.entries, decision, &EntryLine::decision);
        page.sample(std::to_string(count), label("decision", name_of(decision)));
    }
}

void add_amounts(const RunView& view, Page& page)
{
    Amount copied;
    std::uint64_t owners = 0, displaced = 0;
    for (const EntryLine& entry : view.entries) {
        if (brings_content(entry.decision)) copied += entry.amount;
        owners += entry.owners;
        displaced += entry.displaced;
    }
    page.metric("run_files", "Files that were copied, or would be.", std::to_string(copied.files));
    page.metric("run_bytes", "Bytes of content that were copied, or would be.", std::to_string(copied.bytes));
    page.metric("run_owner_files", "Files whose owner or mode was corrected, or would be.", std::to_string(owners));
    page.metric("run_displaced_files", "Files that were set aside.", std::to_string(displaced));
}

void add_volume(const FilesystemFacts& volume, Page& page)
{
    constexpr std::uint64_t not_counted = std::numeric_limits<std::uint64_t>::max();
    if (volume.free_bytes != not_counted)
        page.metric("volume_free_bytes", "Space that is free on the volume.", std::to_string(volume.free_bytes));
    if (volume.free_inodes != not_counted)
        page.metric("volume_free_inodes", "Inodes that are free on the volume.", std::to_string(volume.free_inodes));
    page.metric("volume_readonly", "1 where the volume is read-only.", volume.read_only ? "1" : "0");
}

}  // namespace

std::string escaped_label(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        if (letter == '\\' || letter == '"') result += '\\';
        if (letter == '\n')
            result += "\\n";
        else
            result += letter;
    }
    return result;
}

std::string metrics_text(const MeasuredRun& run, const RunView& view)
{
    Page page(run, view);
    page.begin("run_info", "The version that ran.");
    page.sample("1", label("version", version()));
    page.metric("run_exit_code", "Exit code of the run; 0 is done.", std::to_string(run.exit_code));
    page.metric("run_timestamp_seconds", "When the run ended, since 1970.", std::to_string(run.ended));
    page.metric("run_duration_seconds", "How long the run took.", seconds_value(run.elapsed));
    add_findings(view, page);
    if (!view.entries.empty()) add_entries(view, page);
    if (!view.entries.empty()) add_amounts(view, page);
    if (view.volume) add_volume(*view.volume, page);
    return page.text();
}

}  // namespace mailstate

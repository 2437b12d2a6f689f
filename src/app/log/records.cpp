// SPDX-License-Identifier: MIT
#include "app/log/records.hpp"

#include "app/log/log_line.hpp"
#include "app/output/json_look.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Json record(std::string_view level, std::string message)
{
    return {{"time", utc_now()}, {"level", level}, {"message", std::move(message)}};
}

LogLevel level_of(const std::string& severity)
{
    if (severity == name_of(Severity::error)) return LogLevel::error;
    return severity == name_of(Severity::warning) ? LogLevel::warn : LogLevel::info;
}

std::string entry_record(const Json& entry)
{
    const std::string outcome = text_of(entry, "outcome");
    Json line = record(name_of(LogLevel::info),
                       text_of(entry, "name") + ": " + (outcome.empty() ? text_of(entry, "decision") : outcome));
    line["entry"] = entry;
    return one_line(line);
}

std::string summary_record(const Json& answer, std::string_view summary)
{
    Json line = record(name_of(LogLevel::info), std::string(summary));
    for (const char* name : {"command", "version", "state_dir", "exit_code", "outcome", "elapsed_ms"})
        if (!member(answer, name).is_null()) line[name] = member(answer, name);
    return one_line(line);
}

}  // namespace

std::string finding_record(const Json& finding)
{
    Json line = record(name_of(level_of(text_of(finding, "severity"))), text_of(finding, "message"));
    for (const auto& [name, value] : finding.items())
        if (name != "message" && name != "severity") line[name] = value;
    return one_line(line);
}

std::string records_of(const Json& answer, std::string_view summary, const Options& options)
{
    std::string text;
    if (options.verbose || text_of(answer, "command") == "plan")
        for (const Json& entry : list_of(answer, "entries")) text += entry_record(entry);
    for (const Json& finding : list_of(answer, "findings")) text += finding_record(finding);
    if (!options.quiet) text += summary_record(answer, summary);
    return text;
}

std::string records_of_lines(std::string_view text)
{
    std::string records;
    for (const std::string& line : split_list(text, '\n')) records += json_log_line(utc_now(), LogLevel::info, line);
    return records;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/report_file.hpp"

#include "app/files.hpp"
#include "app/log.hpp"
#include "app/report_html.hpp"
#include "app/run_json.hpp"
#include "engine/log.hpp"
#include "engine/workspace.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

// As the ledger has them; empty where the volume was never tested, or where this cannot be read.
Capabilities tested_capabilities(const Session& session)
{
    const Result<DirectoryRef> volume = session.reader->open(Path(session.layout.state_dir));
    if (!volume) return {};
    const Result<DirectoryRef> workspace = session.reader->open_directory(*volume, workspace_name, Cross::no);
    if (!workspace) return {};
    const Result<std::optional<Ledger>> ledger = read_ledger(*session.reader, *workspace);
    return ledger && *ledger ? (*ledger)->capabilities : Capabilities{};
}

Json capabilities_json(const Capabilities& tested, const FilesystemFacts& facts)
{
    Json json = {{"tested", !tested.empty()}, {"results", Json::object()}, {"inferred", Json::object()}};
    for (const std::string& name : capability_names()) {
        const std::string value = value_of(tested, name);
        json["results"][name] = value.empty() ? "not tested" : printable(value);
    }
    for (const auto& [name, value] : inferred_capabilities(facts)) json["inferred"][name] = value;
    return json;
}

std::string rendered(const std::string& file, const Json& report)
{
    return file.ends_with(".html") ? report_html(report) : pretty(report);
}

std::optional<Finding> write(const std::string& file, const Json& report)
{
    return write_beside("report", file, rendered(file, report), Mode{0600});
}

}  // namespace

Json report_of(const Session& session, Json answer)
{
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    answer["time"] = utc_now();
    answer["volume"] = filesystem_json(volume);
    answer["capabilities"] = volume ? capabilities_json(tested_capabilities(session), *volume) : Json(nullptr);
    return answer;
}

std::optional<Finding> write_report(const Session& session, const Json& answer)
{
    const std::string& file = session.options().report;
    return file.empty() ? std::nullopt : write(file, report_of(session, answer));
}

void write_report_of_refusal(const Options& options, const Json& answer)
{
    if (options.report.empty()) return;
    Json report = answer;
    report["time"] = utc_now();
    const std::optional<Finding> problem = write(options.report, report);
    if (problem) log_warn(problem->subject + ": " + problem->message + ". " + problem->hint);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/files/report_file.hpp"

#include "app/files/keep_report.hpp"
#include "app/output/run_json.hpp"
#include "engine/workspace.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

Json report_of(const Session& session, Json answer)
{
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    add_time_and_host(answer);
    answer["volume"] = filesystem_json(volume);
    if (answer.contains("capabilities")) return answer;  // a rehearsal has tested them itself
    const Capabilities recorded = recorded_capabilities(*session.reader, session.layout.state_dir);
    answer["capabilities"] = volume ? tested_json(recorded, *volume) : Json(nullptr);
    return answer;
}

std::optional<Finding> write_report(const Session& session, const Json& answer)
{
    const std::string& file = session.options().report;
    return file.empty() ? std::nullopt : keep_report(file, report_of(session, answer));
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/answers/under_way.hpp"

#include "app/answers/run_answer.hpp"
#include "app/output/findings_text.hpp"
#include "app/output/json.hpp"
#include "engine/at_work.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

RunView view_beside(const Session& session, const std::vector<Finding>& findings)
{
    RunView view;
    view.layout_name = session.layout.name;
    view.layout_version = session.layout.version;
    view.state_dir = session.layout.state_dir;
    view.findings = findings;
    return view;
}

}  // namespace

std::optional<Answer> answer_under_way(const Session& session)
{
    const std::optional<Finding> at_work = run_at_work(session.world());
    if (!at_work) return std::nullopt;
    std::vector<Finding> findings{*at_work};
    const auto json = [&](const RunView& view, int exit_code) {
        Json answer = json_answer(session.command);
        answer["exit_code"] = exit_code;
        answer["findings"] = findings_json(view.findings);
        return answer;
    };
    return told(session,
                {findings, [] { return number_of(ExitCode::locked); }, [&] { return view_beside(session, findings); },
                 json, [](const RunView& view, Paint paint) { return findings_text(view.findings, paint); },
                 [&](const RunView&) { return std::string(session.command) + ": another run is in progress"; }});
}

}  // namespace mailstate

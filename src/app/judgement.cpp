// SPDX-License-Identifier: MIT
#include "app/judgement.hpp"

#include "app/exit_code.hpp"
#include "app/findings_text.hpp"
#include "app/json.hpp"
#include "app/paragraph.hpp"
#include "app/run_view.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

Answer judgement(const Session& session, const std::vector<Finding>& findings, std::string_view all_well)
{
    const std::vector<Finding> sorted = by_severity(findings);
    const int exit_code = unless_stopped(session.call.stop, exit_code_of(worst(sorted), strictness(session.options())));
    if (session.options().output == Output::json) {
        Json json = json_answer(session.command);
        json["layout"] = {{"name", printable(session.layout.name)}, {"version", session.layout.version}};
        json["state_dir"] = printable(session.layout.state_dir);
        json["exit_code"] = exit_code;
        json["findings"] = findings_json(sorted);
        return {exit_code, one_line(json)};
    }
    const std::string count = count_of(sorted);
    std::string last = std::string(session.command) + ": " + (count.empty() ? std::string(all_well) : count);
    if (session.call.stop.requested()) last += "; interrupted, not everything was looked at";
    const Paint paint = paint_for(session.options().color, session.call.environment, STDOUT_FILENO);
    return {exit_code, findings_text(sorted, paint) + wrapped(last, 2)};
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/judgement.hpp"

#include "app/exit_code.hpp"
#include "app/findings_text.hpp"
#include "app/json.hpp"
#include "app/paragraph.hpp"
#include "app/run_json.hpp"
#include "app/run_view.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

int exit_code_for(const Session& session, const std::vector<Finding>& findings)
{
    const int signal = session.call.stop.signal.load();
    if (signal != 0) return signal_exit_code(signal);  // not everything was looked at
    return number_of(exit_code_of(worst(findings), strictness(session.options())));
}

}  // namespace

Answer judgement(const Session& session, const std::vector<Finding>& findings, std::string_view all_well)
{
    const std::vector<Finding> sorted = by_severity(findings);
    const int exit_code = exit_code_for(session, sorted);
    if (session.options().output == Output::json) {
        Json json = json_answer(session.command);
        json["layout"] = {{"name", printable(session.layout.name)}, {"version", session.layout.version}};
        json["state_dir"] = printable(session.layout.state_dir);
        json["exit_code"] = exit_code;
        json["findings"] = to_json(sorted);
        return {exit_code, one_line(json)};
    }
    const std::string count = count_of(sorted);
    std::string last = std::string(session.command) + ": " + (count.empty() ? std::string(all_well) : count);
    if (session.call.stop.requested()) last += "; interrupted, not everything was looked at";
    const Paint paint = paint_for(session.options().color, session.call.environment, STDOUT_FILENO);
    return {exit_code, findings_text(sorted, paint) + wrapped(last, 2)};
}

}  // namespace mailstate

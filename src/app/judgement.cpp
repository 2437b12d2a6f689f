// SPDX-License-Identifier: MIT
#include "app/judgement.hpp"

#include "app/exit_code.hpp"
#include "app/findings_text.hpp"
#include "app/json.hpp"
#include "app/paragraph.hpp"
#include "app/run_view.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

Answer judgement(const Session& session, const std::vector<Finding>& findings, std::string_view all_well,
                 const Explained& explained)
{
    const std::vector<Finding> sorted = by_severity(findings);
    const bool forgiven = explained.never_blocks && !session.options().strict;
    const ExitCode judged = forgiven ? ExitCode::done : exit_code_of(worst(sorted), strictness(session.options()));
    const int exit_code = unless_stopped(session.call.stop, judged);
    if (session.options().output == Output::json) {
        Json json = json_answer(session.command);
        json["layout"] = {{"name", printable(session.layout.name)}, {"version", session.layout.version}};
        json["state_dir"] = printable(session.layout.state_dir);
        json["exit_code"] = exit_code;
        json["findings"] = findings_json(sorted);
        for (const auto& [name, value] : explained.members.items()) json[name] = value;
        return {exit_code, one_line(json)};
    }
    const std::string count = count_of(sorted);
    std::string last = std::string(session.command) + ": " + (count.empty() ? std::string(all_well) : count);
    if (session.call.stop.requested()) last += "; interrupted, not everything was looked at";
    const Paint paint = paint_for(session.options().color, session.call.environment, STDOUT_FILENO);
    if (forgiven && worst(sorted) == Severity::error) last += "; the start goes on all the same (--strict stops it)";
    return {exit_code, findings_text(sorted, paint) + explained.text + wrapped(last, 2)};
}

}  // namespace mailstate

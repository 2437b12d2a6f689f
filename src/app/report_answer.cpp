// SPDX-License-Identifier: MIT
#include "app/report_answer.hpp"

#include <unistd.h>

#include "app/plan_text.hpp"
#include "app/run_json.hpp"

namespace mailstate {

Answer rendered(const Session& session, const Report& report)
{
    const Options& options = session.options();
    const int exit_code =
        exit_code_of(report.outcome, worst(report.findings), strictness(options), session.call.stop.signal.load());
    const RunView view = view_of(report, volume_facts(session));
    if (options.output == Output::json)
        return {exit_code, one_line(report_json(session.command, report, view, exit_code))};
    const Paint paint = paint_for(options.color, session.call.environment, STDOUT_FILENO);
    return {exit_code, report_text(session.command, report, view, paint)};
}

}  // namespace mailstate

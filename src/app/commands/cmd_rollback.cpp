// SPDX-License-Identifier: MIT
// rollback. A dry run makes no Writer.
#include "app/answers/refusal.hpp"
#include "app/answers/report_answer.hpp"
#include "app/cli/program_version.hpp"
#include "app/commands/cmd_plan.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/engine/rollback.hpp"

namespace mailstate {

namespace {

RollbackOptions rollback_options(const Session& session)
{
    const Options& options = session.options();
    RollbackOptions wanted;
    wanted.plan = options.plan;
    if (!options.before.empty()) wanted.before = parse_decimal(options.before);
    wanted.allow_in_use = options.allow_in_use;
    wanted.verify_content = options.verification == Verification::content;
    wanted.lock_timeout = options.lock_timeout;
    wanted.version = version();
    wanted.said = [&session](const std::string& line) { session.change(line); };
    wanted.begins = [&session](const std::string& line) { session.line.begin_step(line); };
    return wanted;
}

Answer answer_with_plan_of_rollback(const Session& session)
{
    Result<Plan> plan = plan_rollback(session.world(), rollback_options(session));
    if (!plan) return failed(session.command, session.call, "probe.failed", plan.error());
    plan->tool_version = version();
    return rendered(session, *plan);
}

Answer answer_with_rollback(const Session& session)
{
    const std::unique_ptr<Writer> writer = make_posix_writer();
    return rendered(session, roll_back(session.world(), *writer, rollback_options(session)));
}

}  // namespace

Answer run_rollback(const Call& call)
{
    if (!call.options.before.empty() && !parse_decimal(call.options.before))
        return refused("rollback", call.options, ExitCode::usage, "run.usage",
                       text_error("--before", "'" + excerpt(call.options.before) + "' is not a run",
                                  "Name it by its number in 'mailstate history': mailstate rollback --before 12."));
    return with_session("rollback", call, call.options.dry_run ? answer_with_plan_of_rollback : answer_with_rollback);
}

}  // namespace mailstate

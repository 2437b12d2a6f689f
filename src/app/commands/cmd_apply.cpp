// SPDX-License-Identifier: MIT
#include "app/answers/refusal.hpp"
#include "app/answers/report_answer.hpp"
#include "app/cli/program_version.hpp"
#include "app/commands/cmd_plan.hpp"
#include "app/files/files.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"

namespace mailstate {

namespace {

Result<std::optional<Plan>> saved_plan(const Call& call)
{
    const std::string& file = call.options.saved_plan;
    if (file.empty()) return std::optional<Plan>();
    const std::string text = TRY(read_input_file(file, call.stop));
    return std::optional(TRY(parse_plan(file, text)));
}

ApplyOptions apply_options(const Session& session, const std::optional<Plan>& saved)
{
    const Options& options = session.options();
    ApplyOptions wanted;
    wanted.plan = options.plan;
    wanted.plan.command_follows = !options.program.empty();
    wanted.plan.keep_going = options.keep_going;
    wanted.verify_content = options.verification == Verification::content;
    wanted.ownership = options.ownership;
    wanted.lock_timeout = options.lock_timeout;
    wanted.saved = saved ? &*saved : nullptr;
    wanted.version = version();
    wanted.said = [&session](const std::string& line) { session.change(line); };
    wanted.begins = [&session](const std::string& line) { session.line.begin_step(line); };
    return wanted;
}

Answer answer_with_report(const Session& session)
{
    const Result<std::optional<Plan>> saved = saved_plan(session.call);
    if (!saved) return bad_file(session.command, session.call, "plan.bad", saved.error());
    const std::unique_ptr<Writer> writer = make_posix_writer();
    return rendered(session, apply(session.world(), *writer, apply_options(session, *saved)));
}

}  // namespace

Answer run_apply(const Call& call)
{
    return with_session("apply", call, call.options.dry_run ? answer_with_plan : answer_with_report);
}

}  // namespace mailstate

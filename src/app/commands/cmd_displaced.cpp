// SPDX-License-Identifier: MIT
// displaced list, restore ID, prune. A dry run makes no Writer.
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "app/answers/refusal.hpp"
#include "app/cli/command_line_problem.hpp"
#include "app/cli/option_values.hpp"
#include "app/cli/program_version.hpp"
#include "app/commands/session.hpp"
#include "app/output/displaced_text.hpp"
#include "app/output/findings_text.hpp"
#include "app/output/paragraph.hpp"
#include "app/output/run_view.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Paint paint_of(const Session& session)
{
    return paint_for(session.options().color, session.call.environment, STDOUT_FILENO);
}

Json json_of(const Session& session, int exit_code, const std::vector<DisplacedItem>& items,
             const std::vector<Finding>& findings)
{
    Json json = json_answer(session.command);
    json["state_dir"] = printable(session.layout.state_dir);
    json["exit_code"] = exit_code;
    json["displaced"] = displaced_json(items);
    json["bytes"] = bytes_of(items);
    json["findings"] = findings_json(by_severity(findings));
    return json;
}

Answer answer_list(const Session& session)
{
    const Options& options = session.options();
    std::vector<Finding> findings;
    Result<std::vector<DisplacedItem>> items = list_displaced(session.world(), findings);
    if (!items) return failed(session.command, session.call, "displaced.unreadable", items.error());
    const std::vector<std::string>& only = options.plan.only;
    std::erase_if(*items, [&](const DisplacedItem& item) {
        return !only.empty() && std::ranges::find(only, item.entry) == only.end();
    });
    const Severity seen = options.strict ? worst(findings) : Severity::note;
    const int exit_code = unless_stopped(session.call.stop, exit_code_of(seen, strictness(options)));
    if (options.output == Output::json) return {exit_code, one_line(json_of(session, exit_code, *items, findings))};
    const std::string last = items->empty()
                                 ? "nothing is set aside"
                                 : human_count(items->size(), "item", "items") + ", " + human_bytes(bytes_of(*items));
    return {exit_code, displaced_text(*items) + findings_text(by_severity(findings), paint_of(session)) +
                           wrapped("displaced list: " + last, 2)};
}

Answer rendered(const Session& session, std::string_view action, const DisplacedReport& report)
{
    const Options& options = session.options();
    const Report& run = report.run;
    const int exit_code =
        exit_code_of(run.outcome, worst(run.findings), strictness(options), session.call.stop.signal.load());
    if (options.output == Output::text) return {exit_code, displaced_report_text(action, report, paint_of(session))};
    Json json = json_of(session, exit_code, report.items, run.findings);
    json["action"] = action;
    json["dry_run"] = report.would;
    json["outcome"] = name_of(run.outcome);
    json["changes"] = Json::array();
    for (const std::string& change : run.changes) json["changes"].push_back(change);
    return {exit_code, one_line(json)};
}

Answer answer_restore(const Session& session)
{
    const Options& options = session.options();
    RestoreOptions wanted{options.arguments[1], "", options.allow_in_use, options.lock_timeout, std::string(version())};
    if (!options.into.empty()) {
        const Result<> assigned = assign_state_dir(wanted.into, options.into);
        if (!assigned)
            return refused(session.command, options, ExitCode::usage, "run.usage",
                           text_error("--into", assigned.error().message, see_help(find_command("displaced"))));
    }
    if (options.dry_run) return rendered(session, "restore", plan_restore(session.world(), wanted));
    const std::unique_ptr<Writer> writer = make_posix_writer();
    return rendered(session, "restore", restore_displaced(session.world(), *writer, wanted));
}

Answer answer_prune(const Session& session)
{
    const Options& options = session.options();
    PruneOptions wanted;
    wanted.ids.assign(options.arguments.begin() + 1, options.arguments.end());
    if (options.older_than)
        wanted.older_than = utc_text(std::time(nullptr) - static_cast<std::int64_t>(options.older_than->count()));
    wanted.only = options.plan.only;
    wanted.lock_timeout = options.lock_timeout;
    wanted.version = version();
    if (options.dry_run) return rendered(session, "prune", plan_prune(session.world(), wanted));
    const std::unique_ptr<Writer> writer = make_posix_writer();
    return rendered(session, "prune", prune_displaced(session.world(), *writer, wanted));
}

// The mistake on the command line that the action would otherwise ignore. Empty: there is none.
std::string mistake_in(const Options& options)
{
    const std::vector<std::string>& arguments = options.arguments;
    const std::string action = arguments.empty() ? "" : arguments.front();
    const std::size_t ids = arguments.empty() ? 0 : arguments.size() - 1;
    const bool chooses = options.older_than || options.all;
    if (action == "list")
        return ids > 0 || chooses || !options.into.empty() || options.dry_run || options.allow_in_use
                   ? "list takes no ID and none of the options of restore and prune"
                   : "";
    if (action == "restore") {
        if (ids != 1) return "restore takes one ID";
        return chooses || !options.plan.only.empty() ? "restore takes an ID, not --only, --older-than or --all" : "";
    }
    if (action != "prune") return "expected " + std::string(find_command("displaced")->arguments);
    if (!options.into.empty() || options.allow_in_use) return "prune does not take --into or --allow-in-use";
    const int choices = (ids > 0 ? 1 : 0) + (options.older_than ? 1 : 0) + (options.all ? 1 : 0);
    if (choices != 1) return "prune takes one of the three: IDs, --older-than or --all";
    return ids > 0 && !options.plan.only.empty() ? "prune takes IDs or --only, not both" : "";
}

}  // namespace

Answer run_displaced(const Call& call)
{
    const std::string mistake = mistake_in(call.options);
    if (!mistake.empty())
        return refused("displaced", call.options, ExitCode::usage, "run.usage",
                       text_error("displaced", mistake, see_help(find_command("displaced"))));
    const std::string& action = call.options.arguments.front();
    return with_session("displaced", call,
                        action == "list"      ? answer_list
                        : action == "restore" ? answer_restore
                                              : answer_prune);
}

}  // namespace mailstate

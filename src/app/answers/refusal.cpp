// SPDX-License-Identifier: MIT
#include "app/answers/refusal.hpp"

#include "app/answers/remedy.hpp"
#include "app/files/keep_report.hpp"
#include "app/log/log.hpp"
#include "app/output/json.hpp"
#include "app/output/pipeline_text.hpp"
#include "engine/logger.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

Answer answer(std::string_view command, const Options& options, int exit_code, FindingCode code, Error error)
{
    error.hint = remedy_for(error, options);
    Error without_subject = error;
    without_subject.subject.clear();
    const Finding finding = make_finding(Severity::error, code, error.subject, without_subject);
    error.hint = finding.hint;
    Json json = json_answer(command);
    json["exit_code"] = exit_code;
    json["findings"] = findings_json(std::vector<Finding>{finding});
    if (options.output == Output::text) log_refusal(finding, with_hint(error));  // else the answer has it
    write_report_of_refusal(options, json);
    if (is_for_pipelines(options.output)) return {exit_code, pipeline_text(options.output, json)};
    return {exit_code, options.output == Output::json ? one_line(json) : ""};
}

}  // namespace

Answer refused(std::string_view command, const Options& options, ExitCode exit_code, FindingCode code,
               const Error& error)
{
    return answer(command, options, number_of(exit_code), code, error);
}

Answer bad_file(std::string_view command, const Call& call, FindingCode code, const Error& error)
{
    return answer(command, call.options, unless_stopped(call.stop, ExitCode::bad_file), code, error);
}

Answer failed(std::string_view command, const Call& call, FindingCode code, const Error& error)
{
    return answer(command, call.options, unless_stopped(call.stop, ExitCode::blocked), code, error);
}

}  // namespace mailstate

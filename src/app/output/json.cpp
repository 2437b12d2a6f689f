// SPDX-License-Identifier: MIT
#include "app/output/json.hpp"

#include "app/cli/program_version.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr int output_schema = 1;

}  // namespace

Json json_answer(std::string_view command)
{
    return {{"schema", output_schema}, {"command", command}, {"version", version()}};
}

Json finding_json(const Finding& finding)
{
    return {{"code", finding.code},
            {"severity", name_of(finding.severity)},
            {"subject", printable(finding.subject)},
            {"message", escape(finding.message, Backslash::keep)},
            {"hint", escape(finding.hint, Backslash::keep)}};
}

Json findings_json(const std::vector<Finding>& findings)
{
    Json list = Json::array();
    for (const Finding& finding : findings) list.push_back(finding_json(finding));
    return list;
}

Json printable_list(const std::vector<std::string>& texts)
{
    Json list = Json::array();
    for (const std::string& text : texts) list.push_back(printable(text));
    return list;
}

std::string one_line(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string pretty(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mailstate

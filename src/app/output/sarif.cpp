// SPDX-License-Identifier: MIT
#include "app/output/sarif.hpp"

#include <algorithm>
#include <cctype>

#include "app/cli/exit_code.hpp"
#include "app/output/not_judged.hpp"

namespace mailstate {

namespace {

// RFC 3986: bytes that are not path characters are escaped, so that any file name is a URI reference.
std::string uri_of(const std::string& path)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = path.starts_with('/') ? "file://" : "";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~/+@").find(c) != std::string_view::npos)) {
            uri += c;
            continue;
        }
        uri += '%';
        uri += digits[byte >> 4U];
        uri += digits[byte & 15U];
    }
    return uri;
}

Json location_json(const Json& location)
{
    Json physical;
    physical["artifactLocation"]["uri"] = uri_of(location["file"].get<std::string>());
    if (location.contains("line")) physical["region"]["startLine"] = location["line"];
    return {{"physicalLocation", std::move(physical)}};
}

Json result_json(const Json& finding)
{
    Json result;
    result["ruleId"] = finding["code"];
    result["level"] = finding["severity"];  // note, warning, error: SARIF's own words
    const std::string hint = finding["hint"].get<std::string>();
    result["message"]["text"] = finding["subject"].get<std::string>() + ": " + finding["message"].get<std::string>() +
                                (hint.empty() ? "" : ". " + hint);
    if (finding.contains("location")) result["locations"] = Json::array({location_json(finding["location"])});
    if (finding.contains("data")) result["properties"] = finding["data"];
    return result;
}

Json rules_json(const Json& findings)
{
    Json rules = Json::array();
    for (const Json& finding : findings) {
        const auto same = [&](const Json& rule) { return rule["id"] == finding["code"]; };
        if (std::ranges::any_of(rules, same)) continue;
        Json rule{{"id", finding["code"]}};
        if (finding.contains("reference")) rule["helpUri"] = finding["reference"];
        rules.push_back(std::move(rule));
    }
    return rules;
}

// Problems that were found are a success; a file that cannot be read, or a wrong option, is none. A rehearsal that ends
// blocked has looked at all; another command then could not look.
bool was_done(const Json& answer)
{
    const int status = answer["exit_code"].get<int>();
    if (status == number_of(ExitCode::blocked)) return answer["command"] == "rehearse";
    return status == number_of(ExitCode::done) || status == number_of(ExitCode::changes) ||
           status == number_of(ExitCode::problems_found);
}

Json invocation_json(const Json& answer)
{
    Json notes = Json::array();
    for (const NotJudged& each : what_was_not_judged(answer))
        notes.push_back({{"level", "note"}, {"message", {{"text", "not judged: " + text_of(each)}}}});
    Json invocation{{"executionSuccessful", was_done(answer)}, {"exitCode", answer["exit_code"]}};
    if (!notes.empty()) invocation["toolExecutionNotifications"] = std::move(notes);
    return invocation;
}

}  // namespace

Json sarif_log(const Json& answer)
{
    Json driver{{"name", "mailstate"}, {"version", answer["version"]}, {"rules", rules_json(answer["findings"])}};
    Json results = Json::array();
    for (const Json& finding : answer["findings"]) results.push_back(result_json(finding));
    Json run;
    run["tool"]["driver"] = std::move(driver);
    run["invocations"] = Json::array({invocation_json(answer)});
    run["results"] = std::move(results);
    Json log;
    log["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
    log["version"] = "2.1.0";
    log["runs"] = Json::array({std::move(run)});
    return log;
}

}  // namespace mailstate

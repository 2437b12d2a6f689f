// SPDX-License-Identifier: MIT
#include "app/output/pipeline_text.hpp"

#include "app/output/json_look.hpp"
#include "app/output/not_judged.hpp"
#include "app/output/sarif.hpp"
#include "base/escape.hpp"

namespace mailstate {

namespace {

// XML 1.0 has no control characters, not even by reference; printable() left none but these.
std::string xml(const std::string& text)
{
    std::string result;
    for (const char c : text) {
        if (c == '&')
            result += "&amp;";
        else if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (c == '"')
            result += "&quot;";
        else if (c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20)
            result += c;
    }
    return result;
}

std::string place_of_finding(const Json& finding)
{
    if (!finding.contains("location")) return text_of(finding, "subject");
    const Json& location = finding["location"];
    const std::string line = location.contains("line") ? ":" + std::to_string(location["line"].get<int>()) : "";
    return text_of(location, "file") + line;
}

std::string test_case(const Json& finding, const std::string& command)
{
    const std::string severity = text_of(finding, "severity");
    const std::string message = place_of_finding(finding) + ": " + text_of(finding, "message");
    const std::string more =
        text_of(finding, "hint") + (finding.contains("reference") ? "\nsee " : "") + text_of(finding, "reference");
    std::string text = "    <testcase classname=\"" + xml(command) + "\" name=\"" +
                       xml(text_of(finding, "code") + ": " + text_of(finding, "subject")) + "\">";
    if (severity == "error")
        text += "<failure type=\"error\" message=\"" + xml(message) + "\">" + xml(more) + "</failure>";
    else if (text_of(finding, "message").starts_with("unknown: "))
        text += "<skipped message=\"" + xml(message) + "\"/>";
    else
        text += "<system-out>" + xml(severity + ": " + message + "\n" + more) + "</system-out>";
    return text + "</testcase>\n";
}

std::string skipped_case(const std::string& command, const std::string& name, const std::string& why)
{
    return "    <testcase classname=\"" + xml(command) + "\" name=\"" + xml(name) + "\"><skipped message=\"" +
           xml(why) + "\"/></testcase>\n";
}

// A test case for each finding, and for each rule: one that found nothing, or was not judged.
std::string junit(const Json& answer)
{
    const std::string command = text_of(answer, "command");
    std::string cases;
    std::size_t tests = 0, failures = 0, skipped = 0;
    for (const Json& finding : answer["findings"]) {
        cases += test_case(finding, command);
        ++tests;
        const bool is_error = text_of(finding, "severity") == "error";
        if (is_error) ++failures;
        if (!is_error && text_of(finding, "message").starts_with("unknown: ")) ++skipped;
    }
    for (const Json& judged : answer.value("judged", Json::array()))
        for (const Json& rule : judged["fine"]) {
            cases +=
                "    <testcase classname=\"" + xml(command) + "\" name=\"" + xml(rule.get<std::string>()) + "\"/>\n";
            ++tests;
        }
    for (const NotJudged& each : what_was_not_judged(answer)) {
        std::vector<std::string> names = each.rules;
        if (names.empty()) names.emplace_back("not judged");
        for (const std::string& name : names) cases += skipped_case(command, name, "not judged: " + each.why);
        tests += names.size();
        skipped += names.size();
    }
    const std::string counts = " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
                               "\" errors=\"0\" skipped=\"" + std::to_string(skipped) + "\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailstate\"" + counts +
           ">\n  <testsuite name=\"" + xml("mailstate " + command) + "\"" + counts + ">\n" + cases +
           "  </testsuite>\n</testsuites>\n";
}

// docs.github.com, Workflow commands: data and properties have escapes of their own.
std::string github_escaped(const std::string& text, bool is_property)
{
    std::string result;
    for (const char c : text) {
        if (c == '%')
            result += "%25";
        else if (c == '\r')
            result += "%0D";
        else if (c == '\n')
            result += "%0A";
        else if (is_property && c == ':')
            result += "%3A";
        else if (is_property && c == ',')
            result += "%2C";
        else
            result += c;
    }
    return result;
}

std::string github(const Json& answer)
{
    std::string text;
    for (const Json& finding : answer["findings"]) {
        const std::string severity = text_of(finding, "severity");
        text += "::" + (severity == "note" ? "notice" : severity) + " ";
        if (finding.contains("location")) {
            const Json& location = finding["location"];
            text += "file=" + github_escaped(text_of(location, "file"), true) + ",";
            if (location.contains("line")) text += "line=" + std::to_string(location["line"].get<int>()) + ",";
        }
        const std::string hint = text_of(finding, "hint");
        text += "title=" + github_escaped(text_of(finding, "code"), true) + "::" +
                github_escaped(text_of(finding, "subject") + ": " + text_of(finding, "message") +
                                   (hint.empty() ? "" : "\n" + hint),
                               false) +
                "\n";
    }
    for (const NotJudged& each : what_was_not_judged(answer))
        text += "::notice title=not judged::" + github_escaped(text_of(each), false) + "\n";
    return text;
}

}  // namespace

bool is_for_pipelines(Output output)
{
    return output == Output::junit || output == Output::sarif || output == Output::github;
}

std::string pipeline_text(Output output, const Json& answer)
{
    if (output == Output::junit) return junit(answer);
    return output == Output::sarif ? pretty(sarif_log(answer)) : github(answer);
}

}  // namespace mailstate

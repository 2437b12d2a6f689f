// SPDX-License-Identifier: MIT
// Whether an entry is switched on: the conditions of bash, and a word about values that were meant otherwise.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "mailstate/model/settings.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

bool has_trailing_comment(std::string_view value)
{
    const auto hash = value.find('#');
    return hash != std::string_view::npos && hash > 0 && (value[hash - 1] == ' ' || value[hash - 1] == '\t');
}

Finding syntax_finding(const Gate& gate, std::string_view value, const Error& error)
{
    return make_finding("env.syntax", gate.variable,
                        gate.variable + " is " + in_quotes(value) + ": " + error.message +
                            ", so the service counts as off; bash might count it as on",
                        gate.variable);
}

Finding quotes_finding(const Gate& gate, std::string_view value)
{
    const bool comment = has_trailing_comment(value);
    return make_finding("env.quotes", gate.variable,
                        gate.variable + " is " + in_quotes(value) + ": the " + (comment ? "comment is" : "quotes are") +
                            " part of the value");
}

// "ENABLE_CLAMAV is 0"; with what was written where that is not the number itself.
std::string stated(const Gate& gate, std::int64_t value, std::string_view text)
{
    auto reason = gate.variable + " is " + std::to_string(value);
    const auto written = trim(text);
    if (!written.empty() && written != std::to_string(value)) reason += " (" + in_quotes(text) + " as bash counts)";
    return reason;
}

std::string value_in(const Settings& settings, const std::string& name)
{
    const auto found = settings.values.find(name);
    return found == settings.values.end() ? std::string{} : found->second;
}

GateResult evaluate_one(const Gate& gate, const Settings& settings)
{
    GateResult result;
    const auto text = value_in(settings, gate.variable);
    if (text.find_first_of("'\"") != std::string::npos || has_trailing_comment(text))
        result.findings.push_back(quotes_finding(gate, text));
    const auto value = bash_integer(text, settings.values);
    if (!value) {
        // As [[ … ]] on a syntax error: false, with -ne as well as with -eq.
        result.reason = gate.variable + " is " + in_quotes(text) + ", which is not an integer";
        result.findings.push_back(syntax_finding(gate, text, value.error()));
        return result;
    }
    const bool same = *value == gate.value;
    result.open = same == gate.equal;
    result.reason =
        !gate.equal && !same ? gate.variable + " is not " + std::to_string(gate.value) : stated(gate, *value, text);
    return result;
}

}  // namespace

GateResult evaluate(const std::vector<Gate>& gates, const Settings& settings)
{
    GateResult whole{true, gates.empty() ? "always" : "", {}};
    for (const auto& gate : gates) {
        auto one = evaluate_one(gate, settings);
        whole.findings.insert(whole.findings.end(), one.findings.begin(), one.findings.end());
        if (whole.open && !one.open) {
            whole.reason = one.reason;  // the first that is closed says it all
        } else if (whole.open) {
            whole.reason += (whole.reason.empty() ? "" : " and ") + one.reason;
        }
        whole.open = whole.open && one.open;
    }
    return whole;
}

}  // namespace mailstate

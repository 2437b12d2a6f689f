// SPDX-License-Identifier: MIT
#include "mailstate/model/finding_table.hpp"

#include <cerrno>

namespace mailstate {

Finding findings::from_row(const FindingRow& row, Severity severity, std::string subject, std::string message,
                           std::initializer_list<std::string_view> data)
{
    std::string hint;
    std::string_view rest = row.hint;
    const auto* next = data.begin();
    for (std::size_t at = rest.find(gap); at != std::string_view::npos; at = rest.find(gap)) {
        hint.append(rest.substr(0, at));
        if (next != data.end()) hint.append(*next++);
        rest.remove_prefix(at + gap.size());
    }
    hint.append(rest);
    return {severity, std::string(row.code), std::move(subject), std::move(message), std::move(hint)};
}

Finding make_finding(FindingCode code, std::string subject, const Error& error)
{
    return make_finding(code.row().severity, code, std::move(subject), error);
}

Finding make_finding(Severity severity, FindingCode code, std::string subject, const Error& error)
{
    std::string message = subject == error.subject ? describe_outcome(error) : describe(error);
    Finding finding = findings::from_row(code.row(), severity, std::move(subject), std::move(message), {});
    if (!error.hint.empty() || error.number == ECANCELED) finding.hint = error.hint;
    return finding;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "app/output/findings_text.hpp"

#include <algorithm>

#include "app/output/palette.hpp"
#include "app/output/paragraph.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

std::string finding_text(const Finding& finding, std::size_t indent, ShowSubject subject, Paint paint)
{
    const std::string blanks(indent, ' ');
    const std::string severity(name_of(finding.severity));
    std::string sentence = escape(finding.message, Backslash::keep) + " (" + printable(finding.code) + ")";
    if (subject == ShowSubject::yes && !finding.subject.empty())
        sentence = printable(finding.subject) + ": " + sentence;

    std::string text = blanks + painted(severity, colour_of(finding.severity), paint) + ": " +
                       wrapped(sentence, indent + 2, indent + severity.size() + 2);
    if (!finding.hint.empty())
        text += blanks + "  → " + wrapped(escape(finding.hint, Backslash::keep), indent + 4, indent + 4);
    return text;
}

std::string findings_text(const std::vector<Finding>& findings, Paint paint)
{
    std::string text;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        Finding finding = findings[i];
        // Of several with one remedy, one below the other, the last one says it.
        if (i + 1 < findings.size() && findings[i + 1].hint == finding.hint) finding.hint.clear();
        text += finding_text(finding, 0, ShowSubject::yes, paint);
    }
    return text;
}

std::string count_of(const std::vector<Finding>& findings)
{
    const auto errors = std::ranges::count(findings, Severity::error, &Finding::severity);
    const auto warnings = std::ranges::count(findings, Severity::warning, &Finding::severity);
    std::string text;
    if (errors > 0) text = human_count(static_cast<std::uint64_t>(errors), "error", "errors");
    if (errors > 0 && warnings > 0) text += ", ";
    if (warnings > 0) text += human_count(static_cast<std::uint64_t>(warnings), "warning", "warnings");
    return text;
}

}  // namespace mailstate

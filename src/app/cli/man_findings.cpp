// SPDX-License-Identifier: MIT
#include "app/answers/code_facts.hpp"
#include "app/cli/man_page.hpp"
#include "app/cli/roff.hpp"

namespace mailstate {

namespace {

std::string of_code(const CodeFacts& facts)
{
    const std::string versions = facts.versions.empty() ? "" : ", " + facts.versions;
    std::string words = facts.meaning;
    if (!facts.cause.empty()) words += " Usual cause: " + facts.cause;
    if (!facts.hint.empty()) words += " Remedy: " + facts.hint;
    return roff::tagged(
        roff::bold(facts.code) + " (" + roff::escaped(name_of(facts.severity)) + roff::escaped(versions) + ")", words);
}

std::string of_system(std::string_view system)
{
    std::string section;
    for (const CodeFacts& facts : every_fact())
        if (facts.system == system) section += of_code(facts);
    return section;
}

}  // namespace

std::string man_page_of_findings()
{
    std::string page = roff::beginning("mailstate-findings", "7", "Miscellaneous Information",
                                       "what mailstate observes, by the code of each finding");
    page += ".SH DESCRIPTION\n" +
            roff::text(
                "Everything that mailstate observes is a finding: it has a severity, a code, a subject, a message and "
                "a hint. Codes stay the same from release to release. The severity below is the usual one, and ... "
                "stands for the data of a case.") +
            ".PP\n" +
            roff::text(
                "'mailstate explain CODE' prints the text below for one code, and the messages of other programs that "
                "come with it; 'mailstate explain --symptom TEXT' finds the codes for a line of a log.");
    page += ".SH FINDINGS\n" + of_system("") + ".SH RULES\n" +
            roff::text("Known upgrade breakages that 'mailstate check' looks for.");
    for (const std::string_view system : {"docker-mailserver", "mailu", "mailcow"})
        page += ".SS " + roff::escaped(system) + "\n" + of_system(system);
    return page + roff::see_also({"mailstate(1)", "mailstate-layout(5)"});
}

}  // namespace mailstate

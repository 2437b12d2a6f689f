// SPDX-License-Identifier: MIT
#include "engine/run_report.hpp"

#include <cerrno>

#include "engine/run.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

void stop_run(Report& report, const Stop& stop, const Error& error, bool untouched)
{
    const auto found = [&](Finding finding) { report.findings.push_back(std::move(finding)); };
    if (error.number == ECANCELED && stop.requested()) {
        report.outcome = Outcome::interrupted;
        return found(
            make_finding("run.interrupted", "", "stopped by a signal: entries that were not finished are as before"));
    }
    if (error.number == EWOULDBLOCK) {
        report.outcome = Outcome::locked;
        return found(make_finding("volume.locked", error.subject, error));
    }
    report.outcome = untouched ? Outcome::blocked : Outcome::midway;
    found(untouched ? make_finding("run.blocked", error.subject, error)
                    : make_finding("run.stopped", error.subject, error));
}

EntryReport report_at_first(const PlanEntry& planned)
{
    EntryReport report;
    report.name = planned.name;
    report.decision = planned.decision;
    report.reason = planned.reason;
    report.outcome = outcome_at_first(planned.decision);
    return report;
}

bool may_take_long(const PlanEntry& planned)
{
    constexpr std::uint64_t many = 5'000, large = 64U << 20U;
    const bool copied = is_copied(planned) || planned.decision == Decision::roll_back;
    return copied && (planned.amount.files >= many || planned.amount.bytes >= large);
}

std::string amount_of(const Amount& amount)
{
    if (amount.files == 0) return {};
    return " (" + human_count(amount.files, "file", "files") +
           (amount.bytes > 0 ? ", " + human_bytes(amount.bytes) : std::string()) + ")";
}

std::string amount_of(const Done& done)
{
    return amount_of(done.copied);
}

Finding socket_finding(const std::string& entry, const std::string& path)
{
    return make_finding("entry.socket", entry, printable(path) + " is a socket and was not copied");
}

}  // namespace mailstate

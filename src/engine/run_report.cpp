// SPDX-License-Identifier: MIT
#include "engine/run_report.hpp"

#include <cerrno>

#include "engine/entry_move.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

void stop_run(Report& report, const Stop& stop, const Error& error, bool untouched)
{
    const auto found = [&](Finding finding) { report.findings.push_back(std::move(finding)); };
    if (error.number == ECANCELED && stop.requested()) {
        report.outcome = Outcome::interrupted;
        return found({Severity::warning, "run.interrupted", "",
                      "stopped by a signal: what was not finished is as before", "Start again."});
    }
    if (error.number == EWOULDBLOCK) {
        report.outcome = Outcome::locked;
        return found({Severity::error, "volume.locked", error.subject, describe(error),
                      error.hint.empty() ? "Wait for the other run to end, or raise --lock-timeout." : error.hint});
    }
    report.outcome = untouched ? Outcome::blocked : Outcome::midway;
    found({Severity::error, untouched ? "run.blocked" : "run.stopped", error.subject, describe(error), error.hint});
}

std::string amount_of(const Done& done)
{
    if (done.files == 0) return {};
    return " (" + human_count(done.files, "file", "files") +
           (done.bytes > 0 ? ", " + human_bytes(done.bytes) : std::string()) + ")";
}

Finding socket_finding(const std::string& entry, const std::string& path)
{
    return {Severity::note, "entry.socket", entry, printable(path) + " is a socket and was not copied",
            "Nothing has to be done: the service makes it again."};
}

}  // namespace mailstate

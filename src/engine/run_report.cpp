// SPDX-License-Identifier: MIT
#include "engine/run_report.hpp"

#include <cerrno>

#include "engine/run.hpp"
#include "mailstate/finding_table.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

void stop_run(Report& report, const Stop& stop, const Error& error, bool untouched)
{
    const auto found = [&](Finding finding) { report.findings.push_back(std::move(finding)); };
    if (error.number == ECANCELED && stop.requested()) {
        report.outcome = Outcome::interrupted;
        return found(make_finding("run.interrupted", "", "stopped by a signal: what was not finished is as before"));
    }
    if (error.number == EWOULDBLOCK) {
        report.outcome = Outcome::locked;
        return found(make_finding("volume.locked", error.subject, error));
    }
    report.outcome = untouched ? Outcome::blocked : Outcome::midway;
    found(untouched ? make_finding("run.blocked", error.subject, error)
                    : make_finding("run.stopped", error.subject, error));
}

std::string amount_of(const Done& done)
{
    if (done.copied.files == 0) return {};
    return " (" + human_count(done.copied.files, "file", "files") +
           (done.copied.bytes > 0 ? ", " + human_bytes(done.copied.bytes) : std::string()) + ")";
}

Finding socket_finding(const std::string& entry, const std::string& path)
{
    return make_finding("entry.socket", entry, printable(path) + " is a socket and was not copied");
}

}  // namespace mailstate

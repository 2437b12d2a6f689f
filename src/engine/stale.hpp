// SPDX-License-Identifier: MIT
// Stale names: what a service that runs no more has left of its running. Pid files and sockets, nothing else, whatever
// the globs of a layout match besides.
#pragma once

#include <optional>
#include <string>

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

enum class Trace {
    dead,   // a pid file of a process that runs no more, a socket that nobody listens on
    alive,  // of a process that runs, and is no ancestor of this one; a socket that somebody listens on
    none,   // neither a pid file nor a socket: content
};

// A pid file is a regular file that holds one process id, in digits, and nothing else but blanks.
struct TraceFound {
    Trace trace = Trace::none;
    std::optional<int> pid;  // what a pid file names
};
Result<TraceFound> look_for_trace(const Reader& reader, const Name& item, const Attributes& seen);

// Why a name that looks stale stays.
Finding alive_finding(const std::string& path, const TraceFound& found, const std::string& entry);

}  // namespace mailstate

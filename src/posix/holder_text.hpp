// SPDX-License-Identifier: MIT
// Who holds a lock, as one line of JSON in the lock file, and as words in the error of whoever waits for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mailstate/base/error.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

// {"host":"web-1","container_id":"3f2a…","boot_id":"…","pid":123,"started":"2026-11-21T02:06:35Z"} and a line break.
// With a command, "command":"apply" too.
std::string to_line(const Holder& holder, std::string_view command = {});

// "apply has been at work since 07:02:45 UTC, pid 7 on mail"; the date too where it is not that of `now`.
std::string describe_work(std::string_view line, std::string_view now);

// Nothing where the text is no such line. Any bytes; members that it does not know are passed over.
std::optional<Holder> holder_from_line(std::string_view text);

// "pid 123 on host web-1 (container 3f2a…) since 2026-11-21T02:06:35Z"; what is unknown is left out.
std::string describe(const Holder& holder);

// EWOULDBLOCK, with the holder that the text tells of in the message.
Error held_by_another(std::string call, std::string subject, std::string_view holder_line);

// ECANCELED: whoever waited was told to stop.
Error no_longer_waiting(std::string call, std::string subject);

}  // namespace mailstate

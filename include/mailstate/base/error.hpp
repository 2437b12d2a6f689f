// SPDX-License-Identifier: MIT
// Error: what the kernel refused, or what a text did not say, with everything needed to tell a person.
#pragma once

#include <string>

namespace mailstate {

struct Error {
    int number = 0;       // errno; 0 when no system call failed
    std::string call;     // "rename", "openat2"; empty when no system call failed
    std::string subject;  // path, "file:line:column" or name; any bytes, escaped only when shown
    std::string message;  // lower case, no full stop; empty when errno says it all
    std::string hint;     // a sentence on what to do; may be empty
};

// "rename /var/lib/redis: device or resource busy (EBUSY)"; never ends in a stop, never holds control characters.
std::string describe(const Error& error);

// Of what the reader knows the error to be about: "no space left on device (write: ENOSPC)".
std::string describe_outcome(const Error& error);

// Of opening a name or a path: nothing of that name and kind is there, or a link (ENOENT, ENOTDIR, ELOOP).
bool is_absent(const Error& error);

// The filesystem has no room, or the quota has not (ENOSPC, EDQUOT).
bool is_lack_of_space(const Error& error);

// The symbol of an errno, "EBUSY"; "E1234" for a number that has none. Source: errno(3).
std::string errno_name(int number);

// Reads errno, so call it on the line after the system call.
Error system_error(std::string call, std::string subject, std::string hint = {});

Error text_error(std::string subject, std::string message, std::string hint = {});

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Draft: the file beside another that is written whole and then takes its name. It always has the same name, PATH and
// our ending, so that the next run replaces what a kill left; never the operator's ending, which another program may
// look for (*.prom).
#pragma once

#include <string>

#include "mailstate/base/result.hpp"
#include "posix/fd.hpp"

namespace mailstate {

class Draft {
public:
    // New and empty, for its owner alone. A draft that another process is writing is waited for: EBUSY after ten
    // seconds. Links are not followed.
    static Result<Draft> make(const std::string& path);
    ~Draft();  // removes what has not become the file
    Draft(Draft&& other) noexcept;
    Draft& operator=(Draft&&) = delete;
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] const Fd& fd() const { return fd_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    Result<> publish(const std::string& path);  // by rename; then nothing is left to be removed

private:
    Draft(Fd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
    Fd fd_;  // locked as long as it is open
    std::string name_;
};

}  // namespace mailstate

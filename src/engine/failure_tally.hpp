// SPDX-License-Identifier: MIT
// Failures of single files: a finding at the end of a pass, never the end of the run.
#pragma once

#include <mutex>
#include <optional>

#include "engine/ownership.hpp"

namespace mailstate {

class FailureTally {
public:
    void add(const Error& error);  // from any thread
    [[nodiscard]] std::optional<Finding> finding(const std::string& subject) const;

private:
    mutable std::mutex mutex_;
    std::uint64_t count_ = 0;
    std::optional<Error> first_;
};

Finding foreign_link_finding(const std::string& subject, const OwnershipTotals& totals);

// One difference put right. A socket or FIFO of a virtiofs share, which refuses chown for these, is removed: its
// service makes it again (docker-mailserver #3164).
Result<> change_owner(Writer& writer, const Difference& difference);

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/failure_tally.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "engine/removal.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

void FailureTally::add(const Error& error)
{
    const std::lock_guard lock(mutex_);
    ++count_;
    if (!first_) first_ = error;
}

std::optional<Finding> FailureTally::finding(const std::string& subject) const
{
    const std::lock_guard lock(mutex_);
    if (!first_) return std::nullopt;
    std::string message = human_count(count_, "file keeps its owner or mode", "files keep their owner or mode") + ": " +
                          describe(*first_);
    return make_finding("ownership.refused", subject, Error{0, "", "", std::move(message), first_->hint});
}

Finding foreign_link_finding(const std::string& subject, const OwnershipTotals& totals)
{
    std::string message = human_count(totals.foreign, "hard link has", "hard links have") +
                          " other names outside the entry, so the owner stays unchanged";
    for (const std::string& path : totals.foreign_links) message += ", " + printable(path);
    return make_finding("ownership.foreign-link", subject, std::move(message));
}

namespace {

// One call is enough where nobody else can interfere and the filesystem does what it says.
bool is_simple(const Difference& difference)
{
    const Attributes& seen = difference.seen;
    const bool is_plain = (seen.kind == Kind::regular || seen.kind == Kind::symlink) && seen.links == 1;
    return difference.settled && difference.filesystem == FilesystemClass::local && is_plain &&
           difference.wanted.mode == seen.mode && (seen.mode.bits & (S_ISUID | S_ISGID)) == 0;
}

Result<> change(Writer& writer, const Difference& difference)
{
    const auto& [owner, mode] = difference.wanted;
    if (is_simple(difference)) return writer.change_settled_owner(difference, difference.seen, owner);
    if (difference.name.empty())
        (void)TRY(writer.change_ownership(difference.at, difference.seen, owner, mode));
    else
        (void)TRY(writer.change_ownership(difference, difference.seen, owner, mode));
    return {};
}

}  // namespace

Result<> change_owner(Writer& writer, const Difference& difference)
{
    const Result<> done = change(writer, difference);
    if (done || done.error().number == ENOENT) return {};
    const bool made_again = difference.seen.kind == Kind::socket || difference.seen.kind == Kind::fifo;
    const bool refused = done.error().number == EPERM || done.error().number == EOPNOTSUPP;
    if (made_again && refused && difference.filesystem == FilesystemClass::shared)
        return writer.remove_file(difference, *Removal::holds_nothing(difference.seen));
    return fail(done.error());
}

}  // namespace mailstate

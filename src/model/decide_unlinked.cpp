// SPDX-License-Identifier: MIT
#include "model/decide_unlinked.hpp"

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

Choice owned(Decision decision, std::string reason)
{
    return {decision, true, std::move(reason), std::nullopt};
}

bool is_from_other_root(const PlanOptions& options)
{
    return !options.from_root.empty();
}

bool has_nothing(const EntrySurvey& seen)
{
    return seen.size && seen.size->files == 0 && seen.size->directories <= 1;
}

}  // namespace

// What an origin has that the destination lacks is set aside by who makes the link. Where the service has used the
// origin since a roll back, the volume is not what it will start with. An origin below another root is never made a
// link: it has to be copied, or set aside, now.
Choice decide_present_unlinked(const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
                               const Unlinked& state)
{
    const bool other = is_from_other_root(options);
    const std::string what = std::string("the origin is a ") + std::string(name_of(entry.kind));
    const auto in_use = [&] {
        return leave_alone(make_finding("origin.in-use", entry.name, what + " that is in use by " + seen.in_use_by));
    };
    if (other && seen.origin_in_use) return in_use();
    if (state.is_populated && other) return owned(Decision::set_aside, what + " and the destination is populated");
    if (state.is_populated && state.was_rolled_back)
        return leave_alone(make_finding("origin.rolled-back", entry.name, what + " that was rolled back"));
    if (state.is_populated) return owned(Decision::keep_unlinked, what + " and the destination is populated");
    const bool is_done = other ? has_nothing(seen) : state.is_recorded;  // also where there was nothing to copy
    if (state.is_there && is_done) return owned(Decision::keep_unlinked, what + " and the destination is prepared");
    if (seen.origin_in_use) return in_use();
    return owned(Decision::prepare, what + "; no link is to be made");
}

std::optional<Choice> decide_absent_unlinked(const PlanOptions& options, const Entry& entry, const Unlinked& state)
{
    if (is_from_other_root(options))
        return leave_alone(make_finding("origin.missing", entry.name,
                                        "there is no origin below " + printable(options.from_root),
                                        std::string("there was no such state")));
    if (state.is_there) return owned(Decision::keep_unlinked, "the origin is absent and the destination is there");
    if (entry.kind == Kind::regular) return std::nullopt;
    return owned(Decision::prepare, "neither origin nor destination is there; no link is to be made");
}

Finding lost_with_its_volume(const PlanOptions& options, const Entry& entry)
{
    return make_finding("destination.lost", entry.name,
                        "the origin below " + printable(options.from_root) +
                            " is a link to a volume that it had, and what it leads to is not on this one",
                        std::string(" Or mount here the volume that it was on."));
}

}  // namespace mailstate

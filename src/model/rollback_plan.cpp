// SPDX-License-Identifier: MIT
// make_rollback_plan: what goes back from the volume, and what is left alone. Pure.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "mailstate/model/rollback_plan.hpp"
#include "model/link_elsewhere.hpp"
#include "model/mount_hint.hpp"
#include "model/planning.hpp"
#include "model/unreadable_hint.hpp"

namespace mailstate {

namespace {

constexpr FindingCode in_use_code = "destination.in-use";

class ReturnDecider {
public:
    ReturnDecider(const Survey& survey, const RollbackSurvey& returns, const RollbackAim& aim, const Entry& entry,
                  PlanEntry& planned, std::vector<Finding>& findings)
        : survey_(survey),
          returns_(returns),
          aim_(aim),
          entry_(entry),
          seen_(survey.entries.at(entry.name)),
          planned_(planned),
          findings_(findings)
    {
    }

    void run()
    {
        if (aim_.earlier && is_settled_by_history()) return;
        switch (seen_.origin) {
            case OriginState::unreadable:
                return leave("entry.unreadable", seen_.problem, unreadable_hint(seen_.problem_number));
            case OriginState::parent_missing:
                return decide_without_parent();
            case OriginState::mount_point:
            case OriginState::mounts_below:
                return leave(Severity::note, "origin.mounted", describe_mounts(seen_), as_long_as_mounted);
            case OriginState::same_as_destination:
                return leave(Severity::note, "origin.mounted", "the destination itself is mounted at the origin",
                             as_long_as_mounted);
            case OriginState::holds_volume:
                return leave("origin.holds-volume", seen_.problem, printable(planned_.origin));
            case OriginState::in_volume:
                return leave("origin.in-volume", seen_.problem, printable(planned_.destination));
            case OriginState::link_elsewhere:
                return leave(link_elsewhere(entry_, seen_));
            case OriginState::other:
                return leave("origin.kind",
                             "the origin is a " + seen_.other_kind + ", not a " + std::string(name_of(entry_.kind)),
                             printable(planned_.origin));
            case OriginState::directory:
            case OriginState::file:
                return decide_present();
            case OriginState::link_home:
            case OriginState::absent:
                return decide_vacant();
        }
    }

private:
    static constexpr const char* as_long_as_mounted =
        "No action is needed as long as it is mounted there: an older version finds its state there.";

    [[nodiscard]] std::string before_run() const { return "before run " + std::to_string(aim_.earlier->run); }

    [[nodiscard]] const EntryBefore* before() const { return entry_before(aim_.earlier, entry_.name); }

    // Was it then where it is now?
    bool is_settled_by_history()
    {
        const EntryBefore* const then = before();
        if (then == nullptr) {
            choose(Decision::in_place, "no run has changed it since " + before_run());
            return true;
        }
        if (!then->on_volume) return false;
        const bool present = seen_.origin == OriginState::directory || seen_.origin == OriginState::file;
        if (!present)
            choose(Decision::in_place, "it was already on the volume " + before_run());
        else
            leave("rollback.on-volume", "it was on the volume " + before_run() + ", and is now at its origin",
                  printable(entry_.name));
        return true;
    }

    void decide_present()
    {
        const std::string what = "the origin is a " + std::string(name_of(entry_.kind));
        if (was_rolled_back_here(survey_, entry_, seen_)) {
            planned_.clear_leftover = seen_.rollback_staged;
            return choose(Decision::in_place, what + " that was already rolled back");
        }
        if (seen_.destination != DestinationState::populated)
            return choose(Decision::in_place, what + ", and the volume has nothing of it");
        leave("origin.not-a-link", what + ", not a link: its content would be lost");
    }

    void decide_without_parent()
    {
        const bool kept = seen_.destination == DestinationState::populated;
        leave(kept ? Severity::warning : Severity::note, "origin.parent-missing",
              std::string("the directory that should hold the origin does not exist") +
                  (kept ? ", so its content on the volume cannot go back" : ""));
    }

    void decide_vacant()
    {
        const bool linked = seen_.origin == OriginState::link_home;
        switch (seen_.destination) {
            case DestinationState::absent:
                if (linked)
                    return leave(Severity::error, "destination.lost",
                                 "the origin is a link, but the destination is not on the volume", "");
                return leave("origin.missing", "neither origin nor destination exists",
                             "there is nothing to roll back");
            case DestinationState::link:
            case DestinationState::other:
                return leave(
                    "destination.kind",
                    "the destination is a " + seen_.destination_kind + ", not a " + std::string(name_of(entry_.kind)),
                    printable(planned_.destination));
            case DestinationState::unreadable:
                return leave("entry.unreadable", seen_.problem, unreadable_hint(seen_.problem_number));
            case DestinationState::empty:
            case DestinationState::populated:
                return decide_return(linked);
        }
    }

    void decide_return(bool linked)
    {
        if (seen_.only_as_user)
            return leave(
                "rollback.root-squash",
                "root cannot read the destination, only " + user_name(survey_.identities, seen_.as_user->uid) + " can",
                printable(planned_.origin));
        const auto found = returns_.find(entry_.name);
        if (found == returns_.end())
            return leave("entry.unreadable", "the destination could not be measured", unreadable_hint(0));
        const ReturnSurvey& way = found->second;
        if (way.problem) return leave("entry.unreadable", describe(*way.problem), unreadable_hint(way.problem->number));
        if (is_unfinished())
            return leave("destination.unfinished", "a run of apply was interrupted while it filled the destination");
        const std::string in_use = "the destination is in use by " + way.in_use_by;
        if (!way.in_use_by.empty() && !aim_.allow_in_use) return leave("destination.in-use", in_use);
        if (way.filesystem.read_only)
            return leave(Severity::error, "origin.read-only", "the origin is on a read-only filesystem", "");
        if (!way.in_use_by.empty()) say(make_finding(Severity::warning, "destination.in-use", entry_.name, in_use));
        planned_.amount = {way.size.files, way.size.data};
        choose(Decision::roll_back, std::string("the origin is ") +
                                        (linked ? "a link to" : "absent and the volume has") + " the destination" +
                                        (way.displaced.empty() ? "" : "; the displaced content goes back"));
        if (before() != nullptr) say_what_returns(*before(), way);
    }

    // Nothing is lost: what is newer stays on the volume or goes back, and what was set aside stays there, too.
    void say_what_returns(const EntryBefore& then, const ReturnSurvey& way)
    {
        if (!way.displaced.empty())
            return say(make_finding("rollback.returned", entry_.name,
                                    "it goes back exactly as it was " + before_run() + ", from displaced/" +
                                        printable(way.displaced) + "; the volume keeps its content"));
        std::string names;
        for (const std::string& name : then.displaced) names += (names.empty() ? "" : ", ") + printable(name);
        if (!names.empty())
            return say(make_finding("rollback.in-parts", entry_.name,
                                    "it goes back as the volume has it now; the content that the origin had " +
                                        before_run() + " is no longer complete: " + names));
        if (then.fingerprint != way.size.fingerprint)
            say(make_finding(
                "rollback.newer", entry_.name,
                "it goes back as it is now: its files, owners or times have changed since " + before_run()));
    }

    [[nodiscard]] bool is_unfinished() const
    {
        if (!survey_.ledger) return false;
        const auto found = survey_.ledger->entries.find(entry_.name);
        return found != survey_.ledger->entries.end() && found->second.phase == Phase::publishing;
    }

    void choose(Decision decision, std::string reason)
    {
        planned_.decision = decision;
        planned_.reason = std::move(reason);
    }

    template <class... Data>
    void leave(CodeFor<Data...> code, std::string reason, const Data&... data)
    {
        leave(code.row().severity, code, std::move(reason), data...);
    }

    template <class... Data>
    void leave(Severity severity, CodeFor<Data...> code, std::string reason, const Data&... data)
    {
        leave(make_finding(severity, code, entry_.name, std::move(reason), data...));
    }
    void leave(Finding finding)
    {
        choose(Decision::leave_alone, finding.message);
        planned_.code = finding.code;
        say(std::move(finding));
    }

    void say(Finding finding) { findings_.push_back(std::move(finding)); }

    const Survey& survey_;
    const RollbackSurvey& returns_;
    const RollbackAim& aim_;
    const Entry& entry_;
    const EntrySurvey& seen_;
    PlanEntry& planned_;
    std::vector<Finding>& findings_;
};

// Numbers are kept as they are on the volume; where this image has others, they would belong to other users.
void rule_renumbered(const Survey& survey, Plan& plan)
{
    const bool differ = survey.ledger && (survey.ledger->translation.has_value() ||
                                          !renumbered(survey.ledger->identities, survey.identities).empty());
    if (!differ) return;
    block(plan, make_finding("rollback.renumbered", plan.state_dir,
                             "users have different numbers in this image than on the volume"));
}

// Services belong together: one that goes on with the volume among others that went back would be neither version.
void rule_in_use(Plan& plan)
{
    std::string names;
    for (const PlanEntry& entry : plan.entries)
        if (entry.code == in_use_code.row().code) names += (names.empty() ? "" : ", ") + printable(entry.name);
    if (names.empty()) return;
    block(plan,
          make_finding("rollback.in-use", names, "services are still using the volume, so nothing is rolled back"));
}

// Origins share filesystems, so what is free is counted down, the smallest entries first.
void reserve_space_at_origins(const RollbackSurvey& returns, std::uint64_t headroom, Plan& plan)
{
    std::vector<PlanEntry*> copies;
    for (PlanEntry& entry : plan.entries)
        if (entry.decision == Decision::roll_back) copies.push_back(&entry);
    std::ranges::stable_sort(copies, {}, [&](const PlanEntry* entry) { return returns.at(entry->name).size.bytes; });
    std::map<std::uint64_t, Room> rooms;
    for (PlanEntry* entry : copies) {
        const ReturnSurvey& way = returns.at(entry->name);
        Room& room = rooms.try_emplace(way.device, room_of(way.filesystem, headroom)).first->second;
        const Room needed{way.size.bytes, way.size.files + way.size.directories};
        if (const auto shortage = reserve(room, needed, headroom, "the origin's filesystem")) {
            entry->decision = Decision::leave_alone;
            plan.findings.push_back(make_finding("origin.no-space", entry->name, *shortage, printable(entry->origin)));
            entry->code = plan.findings.back().code;
            entry->reason = *shortage;
        }
    }
}

// What goes with the container would be gone, once somebody trusts that it is back.
void warn_of_container_layer(const RollbackSurvey& returns, Plan& plan)
{
    std::string names;
    for (const PlanEntry& entry : plan.entries)
        if (entry.decision == Decision::roll_back && returns.at(entry.name).filesystem.kind == FilesystemClass::overlay)
            names += (names.empty() ? "" : ", ") + printable(entry.name);
    if (!names.empty())
        plan.findings.push_back(make_finding("rollback.container-layer", names,
                                             "the origins are in the container's own layer, which is deleted with the "
                                             "container"));
}

}  // namespace

Plan make_rollback_plan(const Survey& survey, const RollbackSurvey& returns, const Layout& layout,
                        const PlanOptions& options, const RollbackAim& aim)
{
    Plan plan = empty_plan(survey, layout, options);
    for (const Entry& entry : layout.entries) {
        if (!is_selected(options, entry.name)) continue;
        plan.entries.push_back(describe_entry(layout, entry));
        ReturnDecider(survey, returns, aim, entry, plan.entries.back(), plan.findings).run();
    }
    apply_volume_rules(survey, layout, options, plan);
    if (plan.blocked || plan.nothing_to_do) return plan;
    rule_renumbered(survey, plan);
    if (!plan.blocked) rule_in_use(plan);
    if (plan.blocked) return plan;
    reserve_space_at_origins(returns, survey.volume.headroom, plan);
    warn_of_container_layer(returns, plan);
    return plan;
}

}  // namespace mailstate

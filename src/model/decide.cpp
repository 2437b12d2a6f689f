// SPDX-License-Identifier: MIT
#include "model/decide.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_mounted.hpp"
#include "model/decide_storage.hpp"
#include "model/decide_unlinked.hpp"
#include "model/planning.hpp"
#include "model/unreadable_hint.hpp"

namespace mailstate {

namespace {

class Decider {
public:
    Decider(const Survey& survey, const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
            PlanEntry& planned, std::vector<Finding>& findings)
        : survey_(survey), options_(options), entry_(entry), seen_(seen), planned_(planned), findings_(findings)
    {
    }

    void run()
    {
        if (!destination_is_usable()) return;
        // A roll back's record goes with the link that ends it; where the origin is one already, it is left over.
        const bool clears = seen_.leftover && seen_.stuck_leftover.empty() && options_.from_root.empty();
        planned_.clear_leftover = clears || (seen_.rollback_leftover && seen_.origin == OriginState::link_home);
        planned_.remove_nested_link = seen_.nested_link_in_origin || seen_.nested_link_in_destination;
        if (seen_.nested_link_in_origin) say_nested(planned_.origin);
        if (seen_.nested_link_in_destination) say_nested(planned_.destination);
        if (!seen_.stuck_leftover.empty())
            say("origin.leftover",
                "nothing of what was at " + shown(planned_.origin) +
                    " before can be removed, and it is beside the link: " + shown(seen_.stuck_leftover),
                shown(seen_.stuck_leftover));
        decide_by_origin();
        check_memory();
        choose_user();
        check_kept();
        if (needs_capabilities()) check_capabilities();
        check_owners();
    }

private:
    static constexpr const char* or_link = ", or make the link in the image";

    void say_nested(const std::string& directory)
    {
        say("entry.nested-link", shown(directory) + " contains a link to the destination");
    }

    bool destination_is_usable()
    {
        if (!seen_.shared_with.empty()) {
            leave("destination.shared",
                  "its destination and that of " + seen_.shared_with + " are one directory, or one is inside the other",
                  shown(planned_.destination));
            return false;
        }
        switch (seen_.destination) {
            case DestinationState::link:
                leave_linked();
                return false;
            case DestinationState::other:
                leave("destination.kind",
                      "the destination is a " + seen_.destination_kind + ", not a " + std::string(name_of(entry_.kind)),
                      shown(planned_.destination));
                return false;
            case DestinationState::unreadable:
                leave_unreadable();
                return false;
            default:
                return true;
        }
    }

    // Somewhere on its way may be the link.
    void leave_linked()
    {
        const std::string& link = seen_.destination_link;
        if (link.empty() || link == planned_.destination)
            return leave("destination.link", "the destination is a link", shown(planned_.destination));
        leave("destination.link", shown(link) + ", which holds the destination, is a link", shown(link));
    }

    void leave_unreadable() { leave("entry.unreadable", seen_.problem, unreadable_hint(seen_.problem_number)); }

    // Of a service that this image lacks; but what the volume has of it is used by nobody.
    void leave_without_parent()
    {
        const bool kept = seen_.destination == DestinationState::populated;
        leave(make_finding(kept ? Severity::warning : Severity::note, "origin.parent-missing", entry_.name,
                           std::string("the directory that should hold the origin does not exist") +
                               (kept ? ", and the volume has its content" : "")));
    }

    void decide_by_origin()
    {
        switch (seen_.origin) {
            case OriginState::unreadable:
                return leave_unreadable();
            case OriginState::parent_missing:
                return leave_without_parent();
            case OriginState::same_as_destination:
                return in_place("origin and destination are the same directory");
            case OriginState::holds_volume:
            case OriginState::in_volume:
                return leave(nesting_refused(entry_, seen_, planned_.destination));
            case OriginState::link_home:
                return decide_link_home();
            case OriginState::link_elsewhere:
                return leave(link_elsewhere(entry_, seen_, planned_.origin));
            case OriginState::other:
                return leave("origin.kind",
                             "the origin is a " + seen_.other_kind + ", not a " + std::string(name_of(entry_.kind)),
                             shown(planned_.origin));
            case OriginState::mount_point:
            case OriginState::mounts_below:
                return decide_mounted();
            case OriginState::absent:
                return options_.no_link ? decide_absent_unlinked() : decide_absent();
            case OriginState::directory:
            case OriginState::file:
                return options_.no_link ? decide_present_unlinked() : decide_present();
        }
    }

    void decide_link_home()
    {
        if (!options_.from_root.empty() && !destination_exists()) return leave(lost_with_its_volume(options_, entry_));
        if (destination_exists()) return in_place("the origin is a link to the destination");
        planned_.put_back = seen_.leftover_whole && options_.from_root.empty();
        planned_.clear_leftover = planned_.clear_leftover && !planned_.put_back;
        if (planned_.put_back)
            return leave(
                "destination.lost",
                "the origin is a link, and the destination is gone; what was at the origin before is beside the "
                "link, and is put back",
                " The next apply moves it.");
        if (entry_.kind == Kind::regular)
            return leave("destination.lost", "the origin is a link to a file that is not on the volume",
                         " Or let the service write a new one through the link.");
        choose(Decision::restore, "the origin is a link, but the destination is not on the volume");
        planned_.ownership = true;
        say("destination.lost", "the destination " + shown(planned_.destination) + " is gone",
            " An empty one is made meanwhile.");
    }

    void decide_absent()
    {
        if (seen_.origin_read_only)
            return leave("origin.read-only", "the origin is absent on a read-only filesystem: no link can be made",
                         or_link);
        if (destination_exists()) {
            planned_.ownership = true;
            return choose(Decision::link, "the origin is absent and the destination is there");
        }
        if (entry_.kind == Kind::regular)
            return leave("origin.missing", "neither origin nor destination is there",
                         "the file is taken over once the service has written it");
        choose(Decision::create, "neither origin nor destination is there");
        planned_.ownership = true;
        say("origin.missing", "the origin " + shown(planned_.origin) + " does not exist in this image",
            "an empty destination is made with the declared owner, and linked");
    }

    void decide_present()
    {
        const std::string what = std::string("the origin is a ") + std::string(name_of(entry_.kind));
        const bool unfinished = is_being_published();
        const bool vacant =
            seen_.destination == DestinationState::absent || unfinished || seen_.destination == DestinationState::empty;
        if (seen_.origin_in_use) return leave("origin.in-use", what + " that is in use by " + seen_.in_use_by);
        if (!vacant && !seen_.link_loop.empty())
            return leave("destination.links-back",
                         shown(planned_.destination + "/" + seen_.link_loop) +
                             " is a link into the origin: it would lead to itself once the origin is a link",
                         shown(planned_.destination));
        if (seen_.origin_read_only) return decide_read_only(what, vacant);
        if (seen_.size) planned_.amount = {seen_.size->files, seen_.size->data};
        planned_.ownership = true;
        const bool was_rolled_back =
            ledger_phase() == Phase::rolled_back || was_rolled_back_here(survey_, entry_, seen_);
        if (!vacant && was_rolled_back) return decide_rolled_back(what);
        if (!vacant) return decide_populated(what);
        if (ledger_phase() == Phase::linked && seen_.destination == DestinationState::absent)
            say("destination.lost", "it was on the volume, and " + shown(planned_.destination) + " is gone",
                " What is at the origin is moved meanwhile.");
        if (unfinished) return choose(Decision::move, what + "; an earlier move into the destination was interrupted");
        choose(Decision::move, what + " and the destination is " +
                                   (seen_.destination == DestinationState::absent ? "absent" : "empty"));
        decide_exchange();
    }

    // Nothing excludes another run where there are no locks: then two might exchange the same two names.
    void decide_exchange()
    {
        if (!seen_.exchangeable || lacks(capabilities(), Ability::lock)) return;
        planned_.exchange = true;
        planned_.reason += "; both are on one filesystem, so it is renamed";
        if (has_option(survey_.volume.filesystem, "seclabel"))
            say("entry.labels-stay", "its files keep the SELinux labels of " + shown(planned_.origin),
                shown(planned_.destination));
    }

    // The destination wins, and what it lacks is set aside: unless somebody's copy of this very origin was interrupted.
    void decide_populated(const std::string& what)
    {
        if (likeness() == Likeness::interrupted && !seen_.destination_mount && !is_users_place())
            return decide_interrupted(what);
        report_partial();
        choose(Decision::keep_destination, what + " and the destination is populated");
    }

    void decide_interrupted(const std::string& what)
    {
        say("entry.interrupted-copy", describe_foreign_copy(seen_) + "; " + seen_.foreign_copy->evidence);
        choose(Decision::move, what + " and the destination is what an interrupted copy of it left");
    }

    // What the service will not find any more, if the destination is half a copy.
    void report_partial()
    {
        if (likeness() == Likeness::different || likeness() == Likeness::equal) return;
        say("entry.partial-destination", describe_foreign_copy(seen_), shown(planned_.destination));
    }

    [[nodiscard]] Likeness likeness() const
    {
        return seen_.foreign_copy ? seen_.foreign_copy->likeness : Likeness::different;
    }

    [[nodiscard]] Unlinked unlinked() const
    {
        return {destination_exists(), seen_.destination == DestinationState::populated && !is_being_published(),
                ledger_phase() == Phase::published || ledger_phase() == Phase::linked,
                was_rolled_back_here(survey_, entry_, seen_)};
    }

    void decide_absent_unlinked()
    {
        std::optional<Choice> choice = mailstate::decide_absent_unlinked(options_, entry_, unlinked());
        return choice ? take(std::move(*choice)) : decide_absent();
    }

    void decide_present_unlinked()
    {
        Choice choice = mailstate::decide_present_unlinked(options_, entry_, seen_, unlinked());
        if (unlinked().is_populated && choice.decision != Decision::leave_alone) report_partial();
        take(std::move(choice));
    }

    // The service has used the origin since, so it is the newer of the two, whatever the times of single files say: the
    // destination is set aside as a whole. In another container, whose origin comes from its image, it is not.
    void decide_rolled_back(const std::string& what)
    {
        if (!was_rolled_back_here(survey_, entry_, seen_)) {
            say("entry.rolled-back-elsewhere", "it was rolled back at " + shown(record()->since) +
                                                   ", but not in this container: the destination is as it was then");
            return choose(Decision::keep_destination, what + " and the destination is populated");
        }
        const std::optional<std::string>& returned = record()->returned;
        if (returned && seen_.size && seen_.size->fingerprint == *returned)
            return choose(Decision::keep_destination,
                          what + " that was rolled back to what had been set aside, and not used since");
        if (seen_.as_rolled_back)
            return choose(Decision::keep_destination, what + " that was rolled back and not used since");
        if (seen_.destination_mount) {
            planned_.ownership = false;
            return leave("destination.outdated",
                         what +
                             " that was rolled back and used since; the destination is a mount of its own and "
                             "cannot be set aside",
                         shown(planned_.destination));
        }
        choose(Decision::move,
               what + " that was rolled back; where it was used since, the older destination is set aside");
    }

    void decide_read_only(const std::string& what, bool vacant)
    {
        say("origin.read-only", what + " on a read-only filesystem: it cannot become a link", or_link);
        // An empty destination may be all that there was to prepare.
        const bool prepared = destination_exists() && ledger_phase() == Phase::published;
        if (!vacant) report_partial();
        if (!vacant || prepared) {
            planned_.code = FindingCode("origin.read-only").text();
            return choose(Decision::leave_alone, what + " on a read-only filesystem; the destination is " +
                                                     (vacant ? "prepared" : "populated"));
        }
        if (seen_.size) planned_.amount = {seen_.size->files, seen_.size->data};
        choose(Decision::prepare, what + " on a read-only filesystem: the destination is prepared anyway");
    }

    void decide_mounted() { take(mailstate::decide_mounted(options_, entry_, seen_, record(), planned_.destination)); }

    void take(Choice choice)
    {
        planned_.ownership = choice.ownership;
        if (choice.decision == Decision::leave_alone) return leave(std::move(choice.finding).value());
        if (is_copied(choice.decision) && seen_.size) planned_.amount = {seen_.size->files, seen_.size->data};
        choose(choice.decision, std::move(choice.reason));
        if (choice.finding) findings_.push_back(std::move(*choice.finding));
    }

    [[nodiscard]] bool needs_capabilities() const
    {
        return changes_something(planned_.decision) && planned_.decision != Decision::restore;
    }

    // What the filesystem that this entry's destination is on can do.
    [[nodiscard]] const Capabilities& capabilities() const
    {
        return seen_.destination_mount || planned_.as_user ? seen_.capabilities : survey_.volume.capabilities;
    }

    void choose_user()
    {
        const bool from_mount = planned_.decision == Decision::adopt || planned_.decision == Decision::refresh;
        if (!is_users_place() || !is_on_volume(planned_.decision) || from_mount) return;
        planned_.as_user = seen_.as_user;
        planned_.reason += "; accessed as user " + user_name(survey_.identities, seen_.as_user->uid) +
                           " (its owner), because root has no access";
    }

    // A destination that is a mount of its own lasts, or does not, by itself.
    void check_memory()
    {
        if (!changes_something(planned_.decision) || !is_in_memory(seen_, options_)) return;
        planned_.ownership = false;
        leave(destination_in_memory(seen_, entry_.name, planned_.destination));
    }

    // Nothing is copied at each start that an earlier one has found to differ from its copy.
    void check_kept()
    {
        if (!is_copied(planned_) || planned_.as_user || !survey_.ledger || !seen_.size) return;
        const NotKept* const known = not_kept_record(*survey_.ledger, survey_, entry_);
        if (known == nullptr) return;
        planned_.ownership = false;
        leave("copy.not-kept", known->what);
    }

    void check_capabilities()
    {
        std::vector<Ability> needs = {Ability::create};
        needs.insert(needs.end(), entry_.needs.begin(), entry_.needs.end());
        const auto lacking = std::ranges::find_if(needs, [&](Ability need) { return lacks(capabilities(), need); });
        if (lacking == needs.end()) return;
        const std::string name(name_of(*lacking));
        planned_.ownership = false;
        planned_.lacking = *lacking;  // the cause, with its remedy, is said once for all entries: see apply_causes()
        planned_.code = "volume.lacks-" + name;
        choose(Decision::leave_alone, lacking_reason(tested(capabilities(), *lacking), name, survey_.process));
    }

    // Owners are not touched where that is known to fail: each start would try again, and say so for each file.
    void check_owners()
    {
        if (!is_on_volume(planned_.decision) || planned_.as_user) return;
        const auto lacking = {Ability::create, Ability::chown};
        const auto* const found =
            std::ranges::find_if(lacking, [&](Ability ability) { return lacks(capabilities(), ability); });
        if (found == lacking.end()) return;
        planned_.ownership = false;
        planned_.lacking = *found;
    }

    [[nodiscard]] bool destination_exists() const
    {
        return seen_.destination == DestinationState::empty || seen_.destination == DestinationState::populated;
    }

    // Where root may not give files away, or not even look, and the destination belongs to the service's own user.
    [[nodiscard]] bool is_users_place() const
    {
        const Capabilities& roots = survey_.volume.capabilities;
        return seen_.as_user && (seen_.only_as_user || lacks(roots, Ability::chown) || lacks(roots, Ability::create));
    }

    // A record inside a directory that a service can write says nothing but to who works there as that service's user.
    [[nodiscard]] const LedgerEntry* record() const
    {
        if (seen_.own_record && is_users_place()) return &*seen_.own_record;
        if (!survey_.ledger) return nullptr;
        const auto found = survey_.ledger->entries.find(entry_.name);
        return found == survey_.ledger->entries.end() ? nullptr : &found->second;
    }

    [[nodiscard]] std::optional<Phase> ledger_phase() const
    {
        return record() != nullptr ? std::optional(record()->phase) : std::nullopt;
    }

    // The ledger's word alone does not make a populated destination one that may be filled.
    [[nodiscard]] bool is_being_published() const { return ledger_phase() == Phase::publishing && seen_.publishing; }

    void in_place(std::string reason)
    {
        planned_.ownership = true;
        choose(Decision::in_place, std::move(reason));
    }

    void choose(Decision decision, std::string reason)
    {
        planned_.decision = decision;
        planned_.reason = std::move(reason);
    }

    template <class... Data>
    void leave(CodeFor<Data...> code, std::string reason, const Data&... data)
    {
        leave(make_finding(code, entry_.name, std::move(reason), data...));
    }

    void leave(Finding finding)
    {
        choose(Decision::leave_alone, finding.message);
        planned_.code = finding.code;
        findings_.push_back(std::move(finding));
    }

    template <class... Data>
    void say(CodeFor<Data...> code, std::string message, const Data&... data)
    {
        findings_.push_back(make_finding(code, entry_.name, std::move(message), data...));
    }

    static std::string shown(const std::string& bytes) { return printable(bytes); }

    const Survey& survey_;
    const PlanOptions& options_;
    const Entry& entry_;
    const EntrySurvey& seen_;
    PlanEntry& planned_;
    std::vector<Finding>& findings_;
};

}  // namespace

void decide(const Survey& survey, const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
            PlanEntry& planned, std::vector<Finding>& findings)
{
    Decider(survey, options, entry, seen, planned, findings).run();
}

}  // namespace mailstate

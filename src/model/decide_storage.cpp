// SPDX-License-Identifier: MIT
// What the filesystem of a destination allows, whichever row of the decision table is the entry's:
//
//   the filesystem …                                     the choice
//   is memory, and a mount of the destination's own      leave alone, unless --allow-memory
//   refuses root, and serves the destination's owner     as chosen, accessed as that owner
//   could not keep this very content in an earlier run   leave alone
//   lacks an ability that the entry needs                leave alone
//   lets no owner be changed                             as chosen, but owners stay
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/capability.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

// Null where nothing is remembered, or where the volume or the origin is another one since.
const NotKept* not_kept_record(const EntryFacts& facts)
{
    if (!facts.survey.ledger || !facts.seen.size) return nullptr;
    const auto found = facts.survey.ledger->not_kept.find(facts.entry.name);
    if (found == facts.survey.ledger->not_kept.end() || !found->second.is_sure) return nullptr;
    const FilesystemFacts& volume =
        facts.seen.destination_mount ? facts.seen.destination_filesystem : facts.survey.volume.filesystem;
    const bool is_same = found->second.volume == volume_identity(volume, facts.survey.process) &&
                         found->second.fingerprint == facts.seen.size->fingerprint;
    return is_same ? &found->second : nullptr;
}

// The engine may be what refuses, not the volume.
std::string lacking_reason(const EntryFacts& facts, const Choice& choice, Ability ability)
{
    std::string reason = "the volume lacks what this service needs: " + std::string(name_of(ability)) + " is " +
                         text_of(tested(capabilities_of(facts, choice.as_user), ability));
    const std::vector<std::string>& refused_calls = facts.survey.process.refused_calls;
    if (!refused_calls.empty()) reason += "; a seccomp profile refuses " + join(refused_calls);
    return reason;
}

std::optional<Ability> first_lacking(const EntryFacts& facts, const Choice& choice, const std::vector<Ability>& needs)
{
    const Capabilities& capabilities = capabilities_of(facts, choice.as_user);
    const auto found = std::ranges::find_if(needs, [&](Ability need) { return lacks(capabilities, need); });
    return found == needs.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Choice refuse_memory(const EntryFacts& facts, Choice choice)
{
    if (!changes_something(choice.decision) || !is_in_memory(facts.seen, facts.options)) return choice;
    return refuse(std::move(choice), destination_in_memory(facts.seen, facts.entry.name, facts.destination));
}

Choice access_as_user(const EntryFacts& facts, Choice choice)
{
    const bool from_mount = choice.decision == Decision::adopt || choice.decision == Decision::refresh;
    if (!facts.is_users_place || !is_on_volume(choice.decision) || from_mount) return choice;
    choice.as_user = facts.seen.as_user;
    choice.reason += "; accessed as user " + user_name(facts.survey.identities, choice.as_user->uid) +
                     " (its owner), because root has no access";
    return choice;
}

// Each start would copy it again, only to find again that it differs from its copy.
Choice refuse_not_kept(const EntryFacts& facts, Choice choice)
{
    const NotKept* const known = not_kept_record(facts);
    const bool is_renamed = choice.exchange;
    if (known == nullptr || !is_copied(choice.decision) || is_renamed || choice.as_user) return choice;
    return refuse(std::move(choice), make_finding("copy.not-kept", facts.entry.name, known->what));
}

// The cause and its remedy are reported once for all entries: apply_causes().
Choice refuse_lacking(const EntryFacts& facts, Choice choice)
{
    if (!changes_something(choice.decision) || choice.decision == Decision::restore) return choice;
    std::vector<Ability> needs = {Ability::create};
    needs.insert(needs.end(), facts.entry.needs.begin(), facts.entry.needs.end());
    const std::optional<Ability> lacking = first_lacking(facts, choice, needs);
    if (!lacking) return choice;
    choice.decision = Decision::leave_alone;
    choice.ownership = false;
    choice.reason = lacking_reason(facts, choice, *lacking);
    choice.code = "volume.lacks-" + std::string(name_of(*lacking));
    choice.lacking = lacking;
    return choice;
}

// Where changing an owner is known to fail, each start would try again, and report it for each file.
Choice spare_owners(const EntryFacts& facts, Choice choice)
{
    if (!is_on_volume(choice.decision) || choice.as_user) return choice;
    const std::optional<Ability> lacking = first_lacking(facts, choice, {Ability::create, Ability::chown});
    if (!lacking) return choice;
    choice.ownership = false;
    choice.lacking = lacking;
    return choice;
}

}  // namespace mailstate

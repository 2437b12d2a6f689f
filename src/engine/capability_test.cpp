// SPDX-License-Identifier: MIT
#include "engine/capability_test.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/ability_test.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr Owner anybody{Uid{1}, Gid{1}};  // where the layout names nobody

// Does this errno tell of the filesystem's abilities, or of a bad moment?
bool is_bad_moment(int number)
{
    static constexpr int moments[] = {ENOSPC, EDQUOT, EIO, EROFS, ESTALE, ENOMEM, ETIMEDOUT, ENOENT, ECANCELED};
    return std::find(std::begin(moments), std::end(moments), number) != std::end(moments);
}

struct AbilityRow {
    Ability ability;
    AbilityTest run;
};

// In this order: later ones look at what earlier ones found, or at what they made.
constexpr std::array<AbilityRow, abilities.size()> ability_tests{
    AbilityRow{Ability::create, test_create},       AbilityRow{Ability::chown, test_chown},
    AbilityRow{Ability::sgid, test_sgid},           AbilityRow{Ability::symlink, test_symlink},
    AbilityRow{Ability::hardlink, test_hard_link},  AbilityRow{Ability::rename, test_rename},
    AbilityRow{Ability::noreplace, test_noreplace}, AbilityRow{Ability::exchange, test_exchange},
    AbilityRow{Ability::fifo, test_fifo},           AbilityRow{Ability::socket, test_socket},
    AbilityRow{Ability::xattr, test_attribute},     AbilityRow{Ability::acl, test_access_list},
    AbilityRow{Ability::fsync, test_fsync},         AbilityRow{Ability::syncfs, test_syncfs},
    AbilityRow{Ability::lock, test_lock},           AbilityRow{Ability::mtime_ns, test_times},
    AbilityRow{Ability::case_sensitive, test_case},
};
static_assert(is_for_all_abilities(ability_tests));

// Some programs in user space answer a call that they do not know with EIO or ENOENT (exfat-fuse, rclone): where a
// plain file can still be written it is that call's answer. What a sync says is the disk's.
bool is_answer_of_one_call(const Bench& bench, Ability ability, const Error& error)
{
    if ((error.number != EIO && error.number != ENOENT) || ability == Ability::create || ability == Ability::fsync ||
        ability == Ability::syncfs)
        return false;
    return bench.writer.append_line(bench.named("plain-" + std::string(name_of(ability))), "still writes").has_value();
}

// The answer that a test's result is. A failure: a bad moment, which tells nothing.
Result<Tested> answer_of(const Bench& bench, Ability ability, const Result<Verdict>& result)
{
    if (result) return Tested{*result, 0};
    const Error& error = result.error();
    if (is_without_effect(error)) return Tested{Verdict::without_effect, 0};
    if (is_bad_moment(error.number) && !is_answer_of_one_call(bench, ability, error)) return fail(error);
    return refused(error.number);
}

// All are run, also after a bad moment: what one lacks the next may have.
Result<Capabilities> run_tests(const Bench& bench)
{
    Capabilities found;
    std::optional<Error> trouble;
    for (const AbilityRow& test : ability_tests) {
        const Result<Tested> answer = answer_of(bench, test.ability, test.run(bench, found));
        if (!answer && !trouble) trouble = answer.error();
        if (answer && answer->verdict != Verdict::untested) found.tested[test.ability] = *answer;
        if (lacks(found, Ability::create)) break;
    }
    if (trouble) return fail(*trouble);
    TRY(test_owners_again(bench, found));
    return found;
}

void add_owner(std::vector<Owner>& owners, const Survey& survey, const Owner& owner)
{
    const ProcessFacts& process = survey.process;
    const bool expressible = can_express(process.uid_map, static_cast<std::uint32_t>(owner.uid)) &&
                             can_express(process.gid_map, static_cast<std::uint32_t>(owner.gid));
    if (expressible && std::find(owners.begin(), owners.end(), owner) == owners.end()) owners.push_back(owner);
}

}  // namespace

bool is_without_effect(const Error& error)
{
    return error.number == EPERM && !error.message.empty();
}

Verdict verdict_of(bool took_effect)
{
    return took_effect ? Verdict::yes : Verdict::without_effect;
}

Result<Attributes> make_plain(const Bench& bench, const char* name)
{
    TRY(bench.writer.make_node(bench.named(name), Kind::regular, 0));
    return bench.reader.attributes(bench.named(name));
}

std::vector<Owner> owners_to_test(const Layout& layout, const Survey& survey)
{
    std::vector<Owner> owners;
    const Owner root = root_of(survey.identities);
    for (const Entry& entry : layout.entries) {
        if (!survey.entries.contains(entry.name)) continue;
        for (const OwnershipRule& rule : entry.ownership) {
            const auto uid = find_user(survey.identities, rule.owner);
            const auto gid = find_group(survey.identities, rule.group);
            const Owner owner{uid.value_or(root.uid), gid.value_or(root.gid)};
            if (owner != Owner{}) add_owner(owners, survey, owner);
        }
    }
    if (owners.empty()) add_owner(owners, survey, anybody);
    return owners;
}

Result<> remove_scratch(const World& world, Writer& writer, const DirectoryRef& destination)
{
    for (const std::string& name : TRY(staging_names(world.reader, destination, scratch_prefix)))
        TRY(remove_own(world, writer, {destination, name}));
    return {};
}

Result<Capabilities> test_capabilities(const World& world, Writer& writer, const CapabilityTest& test)
{
    Result<DirectoryRef> scratch = writer.make_directory(test.scratch, Mode{0711});
    if (!scratch) {
        if (is_bad_moment(scratch.error().number)) return fail(scratch.error());
        Capabilities none;
        none.tested[Ability::create] = refused(scratch.error().number);
        return none;
    }
    Result<Capabilities> found = run_tests({world.reader, writer, *scratch, test.owners});
    Result<> removed = remove_own(world, writer, test.scratch);
    if (!removed) removed = remove_own(world, writer, test.scratch);  // a bad moment may be over
    if (found && !removed) return fail(removed.error());              // the next run removes it
    return found;
}

}  // namespace mailstate

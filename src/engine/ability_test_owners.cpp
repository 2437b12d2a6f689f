// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "engine/ability_test.hpp"

namespace mailstate {

namespace {

bool is_not_roots(const Owner& owner)
{
    return owner.uid != Uid{0} && owner.gid != Gid{0};
}

Result<Owner> owner_of_anothers(const Bench& bench, const Owner& user)
{
    (void)TRY(bench.writer.make_directory(bench.named("open"), Mode{01777}));
    const DirectoryRef open = TRY(bench.reader.open_directory_as(bench.named("open"), Cross::no, user));
    TRY(bench.writer.make_node({open, "made"}, Kind::regular, 0));
    return TRY(bench.reader.attributes({open, "made"})).owner;
}

// Who owns what is made here, by us and by somebody else: servers and shares map the one or both.
void look_at_owners(const Bench& bench, Capabilities& found)
{
    const Result<Attributes> own = bench.reader.attributes(bench.scratch);
    if (!own) return;
    found.made_by_root = own->owner;
    found.made_mode = own->mode;
    const auto somebody = std::ranges::find_if(bench.owners, is_not_roots);
    if (bench.scratch->acting_as() || somebody == bench.owners.end()) return;
    const Result<Owner> other = owner_of_anothers(bench, *somebody);
    if (other) found.made_by_user = *other;
}

bool answers_for_server(const FilesystemFacts& facts)
{
    return facts.kind == FilesystemClass::fuse || facts.type == "cifs" || facts.type == "smb3";
}

}  // namespace

Result<Verdict> test_create(const Bench& bench, Capabilities& found)
{
    const Attributes made = TRY(make_plain(bench, "file"));
    if (made.kind == Kind::regular) look_at_owners(bench, found);
    return verdict_of(made.kind == Kind::regular);
}

// To each of the layout's owners and back. Where a user works, what is made has the right owner or none.
Result<Verdict> test_chown(const Bench& bench, Capabilities& found)
{
    const std::optional<Owner>& user = bench.scratch->acting_as();
    if (bench.owners.empty() && !user) return Verdict::untested;
    Attributes seen = TRY(make_plain(bench, "owned"));
    if (user) return verdict_of(seen.owner == *user);
    constexpr Mode private_mode{0600};
    const Owner mine = seen.owner;
    for (const Owner& owner : bench.owners) {
        for (const Owner& wanted : {owner, mine}) {
            const Result<Attributes> changed =
                bench.writer.change_ownership(bench.named("owned"), seen, wanted, private_mode);
            if (!changed && is_without_effect(changed.error()))
                if (const Result<Attributes> now = bench.reader.attributes(bench.named("owned")))
                    found.chown_gives = now->owner;
            seen = TRY(changed);
        }
    }
    return Verdict::yes;
}

// Of a group that is not ours, as postdrop is: chmod(2) drops the bit in silence without CAP_FSETID.
Result<Verdict> test_sgid(const Bench& bench, Capabilities& found)
{
    const auto is_foreign = [](const Owner& owner) { return owner.gid != Gid{0}; };
    const auto foreign = std::ranges::find_if(bench.owners, is_foreign);
    const bool may_give = !bench.scratch->acting_as() && !lacks(found, Ability::chown) && foreign != bench.owners.end();
    (void)TRY(bench.writer.make_directory(bench.named("sgid-directory"), Mode{0700}));
    (void)TRY(make_plain(bench, "sgid-file"));
    for (const auto& [name, mode] : {std::pair{"sgid-directory", Mode{02710}}, {"sgid-file", Mode{02755}}}) {
        const Name item = bench.named(name);
        Attributes seen = TRY(bench.reader.attributes(item));
        if (may_give) seen = TRY(bench.writer.change_ownership(item, seen, {seen.owner.uid, foreign->gid}, seen.mode));
        (void)TRY(bench.writer.change_ownership(item, seen, seen.owner, mode));
    }
    return Verdict::yes;
}

// A client may answer for the server by what it has just sent: CIFS for a second (acregmax in mount.cifs(8)), a program
// in user space as long as it was told to. Two seconds later the answer is the server's.
Result<> test_owners_again(const Bench& bench, Capabilities& found)
{
    constexpr std::chrono::seconds memory_of_clients{2};
    const Result<FilesystemFacts> facts = bench.reader.filesystem(bench.scratch);
    const auto other = std::ranges::find_if(bench.owners, is_not_roots);
    const bool gave = !bench.scratch->acting_as() && other != bench.owners.end() && !lacks(found, Ability::chown);
    if (!gave || !facts || !answers_for_server(*facts)) return {};
    const Mode wanted = lacks(found, Ability::sgid) ? Mode{0710} : Mode{02710};
    const Name lasting = bench.named("lasting");
    (void)TRY(bench.writer.make_directory(lasting, Mode{0700}));
    const Attributes made = TRY(bench.reader.attributes(lasting));
    (void)TRY(bench.writer.change_ownership(lasting, made, *other, wanted));
    bench.reader.wait(memory_of_clients);
    const Attributes now = TRY(bench.reader.fresh_attributes(lasting));
    if (now.owner != *other) {
        found.tested[Ability::chown] = {Verdict::without_effect, 0};
        found.chown_gives = now.owner;
    }
    if (now.mode != wanted) found.tested[Ability::sgid] = {Verdict::without_effect, 0};
    return {};
}

}  // namespace mailstate

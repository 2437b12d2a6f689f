// SPDX-License-Identifier: MIT
#include "engine/capability_test.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/remove_tree.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr Mode private_mode{0600};
constexpr Owner anybody{Uid{1}, Gid{1}};  // where the layout names nobody

// Does this errno tell of the filesystem's abilities, or of a bad moment?
bool is_bad_moment(int number)
{
    static constexpr int moments[] = {ENOSPC, EDQUOT, EIO, EROFS, ESTALE, ENOMEM, ETIMEDOUT, ENOENT, ECANCELED};
    return std::find(std::begin(moments), std::end(moments), number) != std::end(moments);
}

// u::rw-, u:UID:r--, g::---, m::r--, o::---, as the kernel keeps it (linux/posix_acl_xattr.h).
std::string access_list(Uid uid)
{
    constexpr std::uint32_t no_id = 0xffffffffU;
    std::string bytes;
    const auto number = [&](std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xffU);
    };
    const auto entry = [&](std::uint32_t tag, std::uint32_t permissions, std::uint32_t id) {
        number(tag, 2);
        number(permissions, 2);
        number(id, 4);
    };
    number(2, 4);
    entry(0x01, 6, no_id);
    entry(0x02, 4, static_cast<std::uint32_t>(uid));
    entry(0x04, 0, no_id);
    entry(0x10, 4, no_id);
    entry(0x20, 0, no_id);
    return bytes;
}

class Tester {
public:
    Tester(const World& world, Writer& writer, DirectoryRef scratch, const std::vector<Owner>& owners)
        : reader_(world.reader), writer_(writer), scratch_(std::move(scratch)), owners_(owners)
    {
    }

    Result<Capabilities> run();

private:
    using Truth = Result<Verdict>;

    static Truth truth_of(Result<> done)
    {
        if (!done) return std::move(done).failure();
        return Verdict::yes;
    }

    static Verdict verdict(bool took_effect) { return took_effect ? Verdict::yes : Verdict::without_effect; }

    // change_ownership() reads back, and says so in words where the kernel's yes was none.
    static bool is_lie(const Error& error) { return error.number == EPERM && !error.message.empty(); }

    void note(Ability ability, const Truth& result)
    {
        if (result) {
            if (*result != Verdict::untested) found_.tested[ability] = {*result, 0};
        } else if (is_lie(result.error())) {
            found_.tested[ability] = {Verdict::without_effect, 0};
        } else if (is_bad_moment(result.error().number) && !is_of_one_call(ability, result.error())) {
            if (!trouble_) trouble_ = result.error();
        } else {
            found_.tested[ability] = refused(result.error().number);
        }
    }

    // Some programs in user space answer a call that they do not know with EIO or ENOENT (exfat-fuse, rclone): where a
    // plain file can still be written it is that call's answer. What a sync says is the disk's.
    bool is_of_one_call(Ability ability, const Error& error)
    {
        if ((error.number != EIO && error.number != ENOENT) || ability == Ability::create ||
            ability == Ability::fsync || ability == Ability::syncfs)
            return false;
        return writer_.append_line({scratch_, "plain-" + std::string(name_of(ability))}, "still writes").has_value();
    }

    Result<Attributes> make_file(const char* name)
    {
        TRY(writer_.make_node({scratch_, name}, Kind::regular, 0));
        return reader_.attributes({scratch_, name});
    }

    Truth test_create()
    {
        const Attributes made = TRY(make_file("file"));
        if (made.kind == Kind::regular) look_at_owners();
        return verdict(made.kind == Kind::regular);
    }

    // Who owns what is made here, by us and by somebody else: servers and shares map the one or both.
    void look_at_owners()
    {
        const Result<Attributes> own = reader_.attributes(scratch_);
        if (!own) return;
        found_.made_by_root = own->owner;
        found_.made_mode = own->mode;
        const auto is_other = [](const Owner& owner) { return owner.uid != Uid{0} && owner.gid != Gid{0}; };
        const auto somebody = std::find_if(owners_.begin(), owners_.end(), is_other);
        if (scratch_->acting_as() || somebody == owners_.end()) return;
        const Result<Owner> other = owner_of_anothers(*somebody);
        if (other) found_.made_by_user = *other;
    }

    Result<Owner> owner_of_anothers(const Owner& user)
    {
        (void)TRY(writer_.make_directory({scratch_, "open"}, Mode{01777}));
        const DirectoryRef open = TRY(reader_.open_directory_as({scratch_, "open"}, Cross::no, user));
        TRY(writer_.make_node({open, "made"}, Kind::regular, 0));
        return TRY(reader_.attributes({open, "made"})).owner;
    }

    // To each of the layout's owners and back. Where a user works, what is made has the right owner or none.
    Truth test_chown()
    {
        if (owners_.empty() && !scratch_->acting_as()) return Verdict::untested;
        Attributes seen = TRY(make_file("owned"));
        if (scratch_->acting_as()) return verdict(seen.owner == *scratch_->acting_as());
        const Owner mine = seen.owner;
        for (const Owner& owner : owners_) {
            for (const Owner& wanted : {owner, mine}) {
                const Result<Attributes> changed =
                    writer_.change_ownership({scratch_, "owned"}, seen, wanted, private_mode);
                if (!changed && is_lie(changed.error())) note_owner("owned");
                seen = TRY(changed);
            }
        }
        return Verdict::yes;
    }

    void note_owner(const char* name)
    {
        const Result<Attributes> now = reader_.attributes({scratch_, name});
        if (now) found_.chown_gives = now->owner;
    }

    // Of a group that is not ours, as postdrop is: chmod(2) drops the bit in silence without CAP_FSETID.
    Truth test_sgid()
    {
        const auto is_foreign = [](const Owner& owner) { return owner.gid != Gid{0}; };
        const auto foreign = std::find_if(owners_.begin(), owners_.end(), is_foreign);
        (void)TRY(writer_.make_directory({scratch_, "sgid-directory"}, Mode{0700}));
        (void)TRY(make_file("sgid-file"));
        for (const auto& [name, mode] : {std::pair{"sgid-directory", Mode{02710}}, {"sgid-file", Mode{02755}}}) {
            Attributes seen = TRY(reader_.attributes({scratch_, name}));
            const bool may_give = !scratch_->acting_as() && !lacks(found_, Ability::chown) && foreign != owners_.end();
            if (may_give)
                seen = TRY(writer_.change_ownership({scratch_, name}, seen, {seen.owner.uid, foreign->gid}, seen.mode));
            (void)TRY(writer_.change_ownership({scratch_, name}, seen, seen.owner, mode));
        }
        return Verdict::yes;
    }

    Truth test_symlink()
    {
        TRY(writer_.make_link({scratch_, "link"}, "/to/nowhere"));
        return verdict(TRY(reader_.read_link({scratch_, "link"})) == "/to/nowhere");
    }

    Truth test_hard_link()
    {
        TRY(writer_.make_hard_link({scratch_, "file"}, {scratch_, "hard"}));
        // By what is in them: FUSE may give each name an inode number of its own (bindfs).
        TRY(writer_.append_line({scratch_, "hard"}, "by the other name"));
        TRY(writer_.remove_file({scratch_, "hard"}, TRY(Removal::own({scratch_, "hard"}))));
        return verdict(TRY(reader_.read_file({scratch_, "file"}, 64)) == "by the other name\n");
    }

    Truth test_replace()
    {
        (void)TRY(writer_.make_directory({scratch_, "from"}, Mode{0700}));
        TRY(writer_.replace({scratch_, "from"}, {scratch_, "to"}, TRY(Removal::own({scratch_, "to"}))));
        const bool moved = TRY(reader_.attributes({scratch_, "to"})).kind == Kind::directory;
        return verdict(moved && !TRY(find(reader_, {scratch_, "from"})));
    }

    // An exchange as the link of an origin needs it: a directory against a link.
    Truth test_rename(Replace replace)
    {
        const std::string from = "from-" + std::to_string(static_cast<int>(replace)), to = from + "-to";
        (void)TRY(writer_.make_directory({scratch_, from}, Mode{0700}));
        if (replace == Replace::exchange) TRY(writer_.make_node({scratch_, to}, Kind::regular, 0));
        TRY(writer_.rename({scratch_, from}, {scratch_, to}, replace));
        const bool moved = TRY(reader_.attributes({scratch_, to})).kind == Kind::directory;
        const bool gone = !TRY(find(reader_, {scratch_, from}));
        return verdict(moved && gone == (replace != Replace::exchange));
    }

    Truth test_node(const char* name, Kind kind)
    {
        TRY(writer_.make_node({scratch_, name}, kind, 0));
        return verdict(TRY(reader_.attributes({scratch_, name})).kind == kind);
    }

    Truth keeps(const ExtendedAttribute& attribute)
    {
        TRY(writer_.set_extended_attribute({scratch_, "file"}, attribute));
        const std::vector<ExtendedAttribute> all = TRY(reader_.extended_attributes({scratch_, "file"}));
        return verdict(std::find(all.begin(), all.end(), attribute) != all.end());
    }

    Truth test_attribute() { return keeps({"user.mailstate", "kept"}); }

    Truth test_access_list()
    {
        return keeps({"system.posix_acl_access", access_list(owners_.empty() ? Uid{0} : owners_.front().uid)});
    }

    Truth test_fsync()
    {
        TRY(writer_.append_line({scratch_, "synced"}, "a line"));
        TRY(writer_.sync_directory(scratch_));
        return verdict(TRY(reader_.read_file({scratch_, "synced"}, 64)) == "a line\n");
    }

    Truth test_syncfs() { return truth_of(writer_.sync_filesystem(scratch_)); }

    // Held once, it must be refused the second time.
    Truth test_lock()
    {
        const std::unique_ptr<Lock> first = TRY(writer_.lock(scratch_, std::chrono::milliseconds(0)));
        const Result<std::unique_ptr<Lock>> second = writer_.lock(scratch_, std::chrono::milliseconds(0));
        if (second) return Verdict::excludes_nobody;
        if (second.error().number != EWOULDBLOCK) return fail(second.error());
        const Result<FilesystemFacts> facts = reader_.filesystem(scratch_);
        return facts && keeps_locks_here(*facts) ? Verdict::on_this_machine : Verdict::yes;
    }

    // As a move needs it: the times of one file put onto another.
    Truth test_times()
    {
        const Timestamp kept = TRY(try_times());
        if (kept == wanted_time) return Verdict::yes;
        return kept.nanoseconds == 0 ? Verdict::whole_seconds : Verdict::coarse;
    }

    Result<Timestamp> try_times()
    {
        Attributes seen = TRY(make_file("timed"));
        (void)TRY(make_file("times"));
        seen.mtime = seen.atime = wanted_time;
        TRY(writer_.copy_attributes({scratch_, "timed"}, seen, {scratch_, "times"}));
        return TRY(reader_.attributes({scratch_, "times"})).mtime;
    }

    Truth test_case()
    {
        (void)TRY(make_file("Case"));
        return TRY(find(reader_, {scratch_, "cASE"})) ? Verdict::folds : Verdict::yes;
    }

    // A client may answer for the server by what it has just sent: CIFS for a second (acregmax in mount.cifs(8)), a
    // program in user space as long as it was told to. Two seconds later the answer is the server's.
    Result<> look_again()
    {
        constexpr std::chrono::seconds memory_of_clients{2};
        const Result<FilesystemFacts> facts = reader_.filesystem(scratch_);
        const auto is_other = [](const Owner& owner) { return owner.uid != Uid{0} && owner.gid != Gid{0}; };
        const auto other = std::ranges::find_if(owners_, is_other);
        const bool gave = !scratch_->acting_as() && other != owners_.end() && !lacks(found_, Ability::chown);
        if (!gave || !facts || !answers_for_server(*facts)) return {};
        const Mode wanted = lacks(found_, Ability::sgid) ? Mode{0710} : Mode{02710};
        (void)TRY(writer_.make_directory({scratch_, "lasting"}, Mode{0700}));
        const Attributes made = TRY(reader_.attributes({scratch_, "lasting"}));
        (void)TRY(writer_.change_ownership({scratch_, "lasting"}, made, *other, wanted));
        reader_.wait(memory_of_clients);
        const Attributes now = TRY(reader_.fresh_attributes({scratch_, "lasting"}));
        if (now.owner != *other) {
            found_.tested[Ability::chown] = {Verdict::without_effect, 0};
            found_.chown_gives = now.owner;
        }
        if (now.mode != wanted) found_.tested[Ability::sgid] = {Verdict::without_effect, 0};
        return {};
    }

    static bool answers_for_server(const FilesystemFacts& facts)
    {
        return facts.kind == FilesystemClass::fuse || facts.type == "cifs" || facts.type == "smb3";
    }

    struct Test {
        Ability ability;
        Truth (*run)(Tester&);
    };
    static const std::array<Test, abilities.size()> tests;

    static constexpr Timestamp wanted_time{1'500'000'000, 123'456'789};

    const Reader& reader_;
    Writer& writer_;
    DirectoryRef scratch_;
    std::vector<Owner> owners_;
    Capabilities found_;
    std::optional<Error> trouble_;
};

constexpr std::array<Tester::Test, abilities.size()> Tester::tests{
    Test{Ability::create, [](Tester& t) { return t.test_create(); }},
    Test{Ability::chown, [](Tester& t) { return t.test_chown(); }},
    Test{Ability::sgid, [](Tester& t) { return t.test_sgid(); }},
    Test{Ability::symlink, [](Tester& t) { return t.test_symlink(); }},
    Test{Ability::hardlink, [](Tester& t) { return t.test_hard_link(); }},
    Test{Ability::rename, [](Tester& t) { return t.test_replace(); }},
    Test{Ability::noreplace, [](Tester& t) { return t.test_rename(Replace::never); }},
    Test{Ability::exchange, [](Tester& t) { return t.test_rename(Replace::exchange); }},
    Test{Ability::fifo, [](Tester& t) { return t.test_node("fifo", Kind::fifo); }},
    Test{Ability::socket, [](Tester& t) { return t.test_node("socket", Kind::socket); }},
    Test{Ability::xattr, [](Tester& t) { return t.test_attribute(); }},
    Test{Ability::acl, [](Tester& t) { return t.test_access_list(); }},
    Test{Ability::fsync, [](Tester& t) { return t.test_fsync(); }},
    Test{Ability::syncfs, [](Tester& t) { return t.test_syncfs(); }},
    Test{Ability::lock, [](Tester& t) { return t.test_lock(); }},
    Test{Ability::mtime_ns, [](Tester& t) { return t.test_times(); }},
    Test{Ability::case_sensitive, [](Tester& t) { return t.test_case(); }},
};

Result<Capabilities> Tester::run()
{
    static_assert(is_for_all_abilities(tests));
    for (const Test& test : tests) {
        note(test.ability, test.run(*this));
        if (lacks(found_, Ability::create)) break;
    }
    if (trouble_) return fail(*trouble_);
    TRY(look_again());
    return found_;
}

void add_owner(std::vector<Owner>& owners, const Survey& survey, const Owner& owner)
{
    const ProcessFacts& process = survey.process;
    const bool expressible = can_express(process.uid_map, static_cast<std::uint32_t>(owner.uid)) &&
                             can_express(process.gid_map, static_cast<std::uint32_t>(owner.gid));
    if (expressible && std::find(owners.begin(), owners.end(), owner) == owners.end()) owners.push_back(owner);
}

}  // namespace

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
    std::vector<std::string> scratch;
    TRY(each_name(world.reader, destination, [&](const std::string& name) -> Result<> {
        if (name.starts_with(scratch_prefix) && is_staging_name(name)) scratch.push_back(name);
        return {};
    }));
    for (const std::string& name : scratch) TRY(remove_own(world, writer, {destination, name}));
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
    Result<Capabilities> found = Tester(world, writer, *scratch, test.owners).run();
    Result<> removed = remove_own(world, writer, test.scratch);
    if (!removed) removed = remove_own(world, writer, test.scratch);  // a bad moment may be over
    if (found && !removed) return fail(removed.error());              // the next run removes it
    return found;
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/capability_test.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/remove_tree.hpp"
#include "mailstate/text.hpp"

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

    Result<Capabilities> run()
    {
        note("create", test_create());
        if (lacks(found_, "create")) return finish();
        look_at_owners();
        if (!owners_.empty() || scratch_->acting_as()) note("chown", test_chown());
        note("sgid", test_sgid());
        note("symlink", test_symlink());
        note("hardlink", test_hard_link());
        note("rename", test_replace());
        note("noreplace", test_rename(Replace::never));
        note("exchange", test_rename(Replace::exchange));
        note("fifo", test_node("fifo", Kind::fifo));
        note("socket", test_node("socket", Kind::socket));
        note("xattr", test_attribute());
        note("acl", test_access_list());
        note("fsync", test_fsync());
        note("syncfs", truth_of(writer_.sync_filesystem(scratch_)));
        test_lock();
        test_times();
        test_case();
        return finish();
    }

private:
    enum class Truth : bool { lies, yes };

    static Result<Truth> truth_of(Result<> done)
    {
        if (!done) return std::move(done).failure();
        return Truth::yes;
    }

    // change_ownership() reads back, and says so in words where the kernel's yes was none.
    static bool is_lie(const Error& error) { return error.number == EPERM && !error.message.empty(); }

    void note(const char* name, const Result<Truth>& result)
    {
        if (result) {
            found_[name] = *result == Truth::yes ? "yes" : "lies";
        } else if (is_lie(result.error())) {
            found_[name] = "lies";
        } else if (is_bad_moment(result.error().number)) {
            if (!trouble_) trouble_ = result.error();
        } else {
            found_[name] = "no (" + errno_name(result.error().number) + ")";
        }
    }

    Result<Capabilities> finish()
    {
        if (trouble_) return fail(*trouble_);
        return found_;
    }

    Result<Attributes> make_file(const char* name)
    {
        TRY(writer_.make_node(scratch_, name, Kind::regular, 0));
        return reader_.attributes(scratch_, name);
    }

    Result<Truth> test_create()
    {
        const Attributes made = TRY(make_file("file"));
        return made.kind == Kind::regular ? Truth::yes : Truth::lies;
    }

    // Who owns what is made here, by us and by somebody else: servers and shares map the one or both.
    void look_at_owners()
    {
        const Result<Attributes> own = reader_.attributes(scratch_);
        if (!own) return;
        found_[made_by_root] = owner_numbers(own->owner);
        found_[made_mode] = octal_mode(own->mode.bits);
        const auto is_other = [](const Owner& owner) { return owner.uid != Uid{0} && owner.gid != Gid{0}; };
        const auto somebody = std::find_if(owners_.begin(), owners_.end(), is_other);
        if (scratch_->acting_as() || somebody == owners_.end()) return;
        const Result<Owner> other = owner_of_anothers(*somebody);
        if (other) found_[made_by_user] = owner_numbers(*other);
    }

    Result<Owner> owner_of_anothers(const Owner& user)
    {
        (void)TRY(writer_.make_directory(scratch_, "open", Mode{01777}));
        const DirectoryRef open = TRY(reader_.open_directory_as(scratch_, "open", Cross::no, user));
        TRY(writer_.make_node(open, "made", Kind::regular, 0));
        return TRY(reader_.attributes(open, "made")).owner;
    }

    // To each of the layout's owners and back. Where a user works, what is made has the right owner or none.
    Result<Truth> test_chown()
    {
        Attributes seen = TRY(make_file("owned"));
        if (scratch_->acting_as()) return seen.owner == *scratch_->acting_as() ? Truth::yes : Truth::lies;
        const Owner mine = seen.owner;
        for (const Owner& owner : owners_) {
            for (const Owner& wanted : {owner, mine}) {
                const Result<Attributes> changed =
                    writer_.change_ownership(scratch_, "owned", seen, wanted, private_mode);
                if (!changed && is_lie(changed.error())) note_owner("owned");
                seen = TRY(changed);
            }
        }
        return Truth::yes;
    }

    void note_owner(const char* name)
    {
        const Result<Attributes> now = reader_.attributes(scratch_, name);
        if (now) found_[chown_gives] = owner_numbers(now->owner);
    }

    // Of a group that is not ours, as postdrop is: chmod(2) drops the bit in silence without CAP_FSETID.
    Result<Truth> test_sgid()
    {
        const auto is_foreign = [](const Owner& owner) { return owner.gid != Gid{0}; };
        const auto foreign = std::find_if(owners_.begin(), owners_.end(), is_foreign);
        (void)TRY(writer_.make_directory(scratch_, "sgid-directory", Mode{0700}));
        (void)TRY(make_file("sgid-file"));
        for (const auto& [name, mode] : {std::pair{"sgid-directory", Mode{02710}}, {"sgid-file", Mode{02755}}}) {
            Attributes seen = TRY(reader_.attributes(scratch_, name));
            const bool may_give = !scratch_->acting_as() && !lacks(found_, "chown") && foreign != owners_.end();
            if (may_give)
                seen = TRY(writer_.change_ownership(scratch_, name, seen, {seen.owner.uid, foreign->gid}, seen.mode));
            (void)TRY(writer_.change_ownership(scratch_, name, seen, seen.owner, mode));
        }
        return Truth::yes;
    }

    Result<Truth> test_symlink()
    {
        TRY(writer_.make_link(scratch_, "link", "/to/nowhere"));
        return TRY(reader_.read_link(scratch_, "link")) == "/to/nowhere" ? Truth::yes : Truth::lies;
    }

    Result<Truth> test_hard_link()
    {
        TRY(writer_.make_hard_link(scratch_, "file", scratch_, "hard"));
        // By what is in them: FUSE may give each name an inode number of its own (bindfs).
        TRY(writer_.append_line(scratch_, "hard", "by the other name"));
        TRY(writer_.remove_file(scratch_, "hard", TRY(Removal::own(scratch_, "hard"))));
        return TRY(reader_.read_file(scratch_, "file", 64)) == "by the other name\n" ? Truth::yes : Truth::lies;
    }

    Result<Truth> test_replace()
    {
        (void)TRY(writer_.make_directory(scratch_, "from", Mode{0700}));
        TRY(writer_.replace(scratch_, "from", scratch_, "to", TRY(Removal::own(scratch_, "to"))));
        const bool moved = TRY(reader_.attributes(scratch_, "to")).kind == Kind::directory;
        return moved && !TRY(find(reader_, scratch_, "from")) ? Truth::yes : Truth::lies;
    }

    // An exchange as the link of an origin needs it: a directory against a link.
    Result<Truth> test_rename(Replace replace)
    {
        const std::string from = "from-" + std::to_string(static_cast<int>(replace)), to = from + "-to";
        (void)TRY(writer_.make_directory(scratch_, from, Mode{0700}));
        if (replace == Replace::exchange) TRY(writer_.make_node(scratch_, to, Kind::regular, 0));
        TRY(writer_.rename(scratch_, from, scratch_, to, replace));
        const bool moved = TRY(reader_.attributes(scratch_, to)).kind == Kind::directory;
        const bool gone = !TRY(find(reader_, scratch_, from));
        return moved && gone == (replace != Replace::exchange) ? Truth::yes : Truth::lies;
    }

    Result<Truth> test_node(const char* name, Kind kind)
    {
        TRY(writer_.make_node(scratch_, name, kind, 0));
        return TRY(reader_.attributes(scratch_, name)).kind == kind ? Truth::yes : Truth::lies;
    }

    Result<Truth> keeps(const ExtendedAttribute& attribute)
    {
        TRY(writer_.set_extended_attribute(scratch_, "file", attribute));
        const std::vector<ExtendedAttribute> all = TRY(reader_.extended_attributes(scratch_, "file"));
        return std::find(all.begin(), all.end(), attribute) != all.end() ? Truth::yes : Truth::lies;
    }

    Result<Truth> test_attribute() { return keeps({"user.mailstate", "kept"}); }

    Result<Truth> test_access_list()
    {
        return keeps({"system.posix_acl_access", access_list(owners_.empty() ? Uid{0} : owners_.front().uid)});
    }

    Result<Truth> test_fsync()
    {
        TRY(writer_.append_line(scratch_, "synced", "a line"));
        TRY(writer_.sync_directory(scratch_));
        return TRY(reader_.read_file(scratch_, "synced", 64)) == "a line\n" ? Truth::yes : Truth::lies;
    }

    // Held once, it must be refused the second time.
    void test_lock()
    {
        const Result<std::unique_ptr<Lock>> first = writer_.lock(scratch_, std::chrono::milliseconds(0));
        if (!first) return note("lock", fail(first.error()));
        const Result<std::unique_ptr<Lock>> second = writer_.lock(scratch_, std::chrono::milliseconds(0));
        if (!second && second.error().number != EWOULDBLOCK) return note("lock", fail(second.error()));
        const Result<FilesystemFacts> facts = reader_.filesystem(scratch_);
        if (second)
            found_["lock"] = "no (it excludes nobody)";
        else
            found_["lock"] = facts && keeps_locks_here(*facts) ? lock_on_this_machine : "yes";
    }

    // As a move needs it: the times of one file put onto another.
    void test_times()
    {
        const Result<Timestamp> kept = try_times();
        if (!kept) return note("mtime-ns", fail(kept.error()));
        if (*kept == wanted_time)
            found_["mtime-ns"] = "yes";
        else
            found_["mtime-ns"] = kept->nanoseconds == 0 ? "no (whole seconds)" : "no (coarse)";
    }

    Result<Timestamp> try_times()
    {
        Attributes seen = TRY(make_file("timed"));
        (void)TRY(make_file("times"));
        seen.mtime = seen.atime = wanted_time;
        TRY(writer_.copy_attributes(scratch_, "timed", seen, scratch_, "times"));
        return TRY(reader_.attributes(scratch_, "times")).mtime;
    }

    void test_case()
    {
        const Result<Attributes> made = make_file("Case");
        if (!made) return note("case-sensitive", fail(made.error()));
        const Result<std::optional<Attributes>> folded = find(reader_, scratch_, "cASE");
        if (!folded) return note("case-sensitive", fail(folded.error()));
        found_["case-sensitive"] = *folded ? "no (names fold)" : "yes";
    }

    static constexpr Timestamp wanted_time{1'500'000'000, 123'456'789};

    const Reader& reader_;
    Writer& writer_;
    DirectoryRef scratch_;
    std::vector<Owner> owners_;
    Capabilities found_;
    std::optional<Error> trouble_;
};

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
    for (const std::string& name : scratch) TRY(remove_own(world, writer, destination, name));
    return {};
}

Result<Capabilities> test_capabilities(const World& world, Writer& writer, const CapabilityTest& test)
{
    Result<DirectoryRef> scratch = writer.make_directory(test.at, test.name, Mode{0711});
    if (!scratch) {
        if (is_bad_moment(scratch.error().number)) return fail(scratch.error());
        return Capabilities{{"create", "no (" + errno_name(scratch.error().number) + ")"}};
    }
    Result<Capabilities> found = Tester(world, writer, *scratch, test.owners).run();
    Result<> removed = remove_own(world, writer, test.at, test.name);
    if (!removed) removed = remove_own(world, writer, test.at, test.name);  // a bad moment may be over
    if (found && !removed) return fail(removed.error());                    // the next run removes it
    return found;
}

}  // namespace mailstate

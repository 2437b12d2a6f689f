// SPDX-License-Identifier: MIT
// What the fake writer does with whole inodes: copy, dress, own, rename.
#include <algorithm>
#include <cerrno>

#include "fake/fake_writer.hpp"
#include "fs/extended_attributes.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

bool unchanged(const Attributes& before, const Attributes& after)
{
    return before.size == after.size && before.mtime == after.mtime && before.ctime == after.ctime;
}

}  // namespace

Result<> FakeWriter::read_all(std::unique_lock<std::recursive_mutex>& held, const FakeNodeRef& node,
                              std::string& content, const std::function<bool(std::uint64_t bytes)>& keep_going) const
{
    constexpr std::size_t chunk = 65536;
    content.clear();
    state_->client.read(*node);
    for (;;) {
        const std::string part =
            content.size() < node->content.size() ? node->content.substr(content.size(), chunk) : "";
        content += part;
        held.unlock();
        const bool on = !keep_going || keep_going(part.size());
        held.lock();
        if (!on) return fake_failure(ECANCELED, "read", {});
        if (part.size() < chunk) return {};
    }
}

void FakeWriter::dress(const FakeNode& source, const Attributes& seen, FakeNode& copy, const DirectoryRef& at)
{
    state_->client.weighed(source);
    for (const auto& [name, value] : source.extended) {
        if (is_carried_along(name)) copy.extended.insert_or_assign(name, value);
    }
    if (!state_->quirks.ignore_chown && !at->acting_as()) copy.attributes.owner = seen.owner;
    copy.attributes.mode = seen.mode;
    copy.attributes.atime = seen.atime;
    copy.attributes.mtime = seen.mtime;
    state_->changed(copy);
}

Result<Copied> FakeWriter::fill(std::unique_lock<std::recursive_mutex>& held, const FakePlace& source,
                                const Attributes& seen, FakeNode& copy, const std::string& subject,
                                const std::function<bool(std::uint64_t bytes)>& keep_going)
{
    constexpr int attempts = 4;  // the first, and three more
    TRY(state_->ask("read", subject));
    Attributes expected = seen;
    for (int attempt = 1;; ++attempt) {
        TRY(read_all(held, source.node, copy.content, keep_going));
        const Attributes now = state_->attributes_of(source);
        if (unchanged(expected, now) && copy.content.size() == now.size) {
            const std::uint64_t stored = std::min<std::uint64_t>(now.size, now.blocks * 512);
            return Copied{now, stored};
        }
        if (attempt == attempts) return fake_failure(EBUSY, "read", subject, "the file changed while it was copied");
        expected = now;
    }
}

Result<Copied> FakeWriter::copy_file(const Name& from, const Attributes& seen, const Name& to, Durable durable,
                                     const std::function<bool(std::uint64_t bytes)>& keep_going)
{
    auto held = state_->hold();
    TRY(state_->ask("openat2", from.path()));
    const FakePlace source = TRY(look_up("openat2", from));
    const bool crosses = source.mount != place_of(from.at).mount;
    if (crosses && !seen.mount_root) return fake_failure(EXDEV, "openat2", from.path());
    if (source.node->attributes.kind == Kind::symlink) return fake_failure(ELOOP, "openat2", from.path());
    if (!same_inode(source.node->attributes, seen) || source.node->attributes.kind != Kind::regular) {
        return fake_failure(ESTALE, "openat2", from.path(), "is no longer the file that was seen");
    }
    const auto copy = TRY(add("openat", to, Kind::regular, Mode{0600}));
    auto copied = fill(held, source, seen, *copy, from.path(), keep_going);
    if (copied && durable == Durable::yes) {
        auto kept = state_->ask("fsync", to.path());
        if (kept) kept = state_->ask("close", to.path());
        if (!kept) copied = std::move(kept).failure();
    }
    if (copied) {
        dress(*source.node, copied->source, *copy, to.at);
    } else if (state_->child(place_of(to.at), to.name)) {
        state_->take_out(*place_of(to.at).node, to.name);
    }
    return copied;
}

Result<> FakeWriter::copy_attributes(const DirectoryRef& from, const Attributes& seen, const DirectoryRef& to)
{
    const auto held = state_->hold();
    TRY(state_->ask("fchown", to->path().text()));
    dress(*place_of(from).node, seen, *place_of(to).node, to);
    return {};
}

Result<> FakeWriter::copy_attributes(const Name& from, const Attributes& seen, const Name& to)
{
    const auto held = state_->hold();
    TRY(may_write("fchownat", to));
    const FakePlace source = TRY(look_up("openat2", from));
    const FakePlace target = TRY(look_up("openat2", to));
    if (!same_inode(source.node->attributes, seen)) {
        return fake_failure(ESTALE, "openat2", from.path(), "is no longer what was seen");
    }
    Attributes wanted = seen;
    if (target.node->attributes.kind == Kind::symlink) wanted.mode = target.node->attributes.mode;
    dress(*source.node, wanted, *target.node, to.at);
    return {};
}

Result<Attributes> FakeWriter::own(const FakePlace& place, const std::string& subject, const Attributes& seen,
                                   Owner owner, Mode mode)
{
    FakeNode& node = *place.node;
    Attributes& now = node.attributes;
    const bool is_link = now.kind == Kind::symlink;
    if (!same_inode(now, seen) || now.kind != seen.kind || (now.kind != Kind::directory && now.links != seen.links)) {
        return fake_failure(ESTALE, "openat2", subject, "is no longer what was seen");
    }
    const bool differs = now.owner != owner || (!is_link && now.mode != mode);
    if (differs && state_->read_only(place)) return fake_failure(EROFS, "fchownat", subject);
    if (now.owner != owner) {
        TRY(state_->ask("fchownat", subject));
        if (state_->quirks.forget_owners) state_->remembered.emplace(place.node, now.owner);
        if (!state_->quirks.ignore_chown) now.owner = owner;
        if (now.kind != Kind::directory && !is_link) now.mode.bits &= ~06000U;
        if (now.kind != Kind::directory) node.extended.erase("security.capability");
        state_->changed(node);
    }
    if (now.owner != owner) {
        return fake_failure(EPERM, "fchownat", subject, "chown succeeded but the owner is as before: it was ignored");
    }
    if (!is_link && now.mode != mode) {
        TRY(state_->ask("fchmodat2", subject));
        now.mode = mode;
        if (state_->quirks.drop_sgid) now.mode.bits &= ~02000U;
        state_->changed(node);
    }
    if (!is_link && now.mode != mode) {
        return fake_failure(EPERM, "fchmodat2", subject,
                            "chmod " + octal_mode(mode.bits) + " succeeded but the mode is " +
                                octal_mode(now.mode.bits) + ": SGID was silently dropped");
    }
    return state_->attributes_of(place);
}

Result<Attributes> FakeWriter::change_ownership(const Name& item, const Attributes& seen, Owner owner, Mode mode)
{
    const auto held = state_->hold();
    TRY(state_->ask("openat2", item.path()));
    const FakePlace found = TRY(look_up("openat2", item));
    if (found.mount != place_of(item.at).mount) return fake_failure(EXDEV, "openat2", item.path());
    return own(found, item.path(), seen, owner, mode);
}

Result<> FakeWriter::change_settled_owner(const Name& item, const Attributes& seen, Owner owner)
{
    const auto held = state_->hold();
    const FakePlace found = TRY(look_up("fchownat", item));
    if (seen.owner != owner) TRY(own(found, item.path(), seen, owner, found.node->attributes.mode));
    return {};
}

Result<Attributes> FakeWriter::change_ownership(const DirectoryRef& directory, const Attributes& seen, Owner owner,
                                                Mode mode)
{
    const auto held = state_->hold();
    return own(place_of(directory), directory->path().text(), seen, owner, mode);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// Names: making, renaming, removing; small files; syncing, clock and lock.
#include "fake/fake_writer.hpp"

#include <algorithm>
#include <cerrno>

#include "posix/holder_text.hpp"

namespace mailstate {

Result<> FakeWriter::may_write(std::string_view call, const DirectoryRef& at, std::string_view name) const
{
    TRY(check_fake_name(call, at, name));
    TRY(state_->ask(call, at->path().text(name)));
    if (state_->read_only(place_of(at))) return fake_failure(EROFS, call, at->path().text(name));
    return {};
}

Result<FakePlace> FakeWriter::look_up(std::string_view call, const DirectoryRef& at, std::string_view name) const
{
    TRY(check_fake_name(call, at, name));
    // A name that this machine remembers as free is not asked for; one that it remembers is the server's to judge.
    const auto seen = state_->seen_child(place_of(at), name, FakeLook::asks);
    const auto found = seen ? state_->child(place_of(at), name) : std::nullopt;
    if (!found) return fake_failure(ENOENT, call, at->path().text(name));
    return *found;
}

Result<FakeNodeRef> FakeWriter::add(std::string_view call, const DirectoryRef& at, std::string_view name, Kind kind,
                                    Mode mode)
{
    TRY(may_write(call, at, name));
    FakeNode& directory = *place_of(at).node;
    if (state_->child(place_of(at), name)) return fake_failure(EEXIST, call, at->path().text(name));
    const auto node = state_->make(kind, mode, directory.attributes.device);
    if (at->acting_as()) node->attributes.owner = *at->acting_as();
    state_->insert(directory, name, node);
    return node;
}

Result<DirectoryRef> FakeWriter::make_directory(const DirectoryRef& at, std::string_view name, Mode mode)
{
    const auto held = state_->hold();
    auto node = TRY(add("mkdirat", at, name, Kind::directory, mode));
    FakePlace place{std::move(node), place_of(at).mount};
    return DirectoryRef(std::make_shared<FakeDirectory>(at->path().child(name), std::move(place), at->acting_as()));
}

Result<> FakeWriter::make_link(const DirectoryRef& at, std::string_view name, std::string_view text)
{
    const auto held = state_->hold();
    if (text.empty()) return fake_failure(ENOENT, "symlinkat", at->path().text(name));
    TRY(add("symlinkat", at, name, Kind::symlink, Mode{0777}))->content = text;
    return {};
}

Result<> FakeWriter::make_hard_link(const DirectoryRef& from, std::string_view from_name, const DirectoryRef& to,
                                    std::string_view to_name)
{
    const auto held = state_->hold();
    TRY(may_write("linkat", to, to_name));
    const FakePlace found = TRY(look_up("linkat", from, from_name));
    const FakePlace& target = place_of(to);
    if (state_->child(target, to_name)) return fake_failure(EEXIST, "linkat", to->path().text(to_name));
    if (found.mount != target.mount) return fake_failure(EXDEV, "linkat", to->path().text(to_name));
    if (found.node->attributes.kind == Kind::directory) {
        return fake_failure(EPERM, "linkat", from->path().text(from_name));
    }
    state_->insert(*target.node, to_name, found.node);
    return {};
}

Result<> FakeWriter::make_node(const DirectoryRef& at, std::string_view name, Kind kind, std::uint64_t rdev)
{
    const auto held = state_->hold();
    if (kind == Kind::directory || kind == Kind::symlink) {
        return fake_failure(EINVAL, "mknodat", at->path().text(name));
    }
    TRY(add("mknodat", at, name, kind, Mode{0600}))->attributes.rdev = rdev;
    return {};
}

Result<> FakeWriter::set_extended_attribute(const DirectoryRef& at, std::string_view name,
                                            const ExtendedAttribute& attribute)
{
    const auto held = state_->hold();
    TRY(may_write("setxattr", at, name));
    FakeNode& node = *TRY(look_up("setxattr", at, name)).node;
    node.extended.insert_or_assign(attribute.name, attribute.value);
    state_->changed(node);
    return {};
}

Result<> FakeWriter::check_proof(std::string_view call, const DirectoryRef& at, std::string_view name,
                                 const Proof& proof) const
{
    if (!proof.seen()) {
        const bool is_empty_directory = proof.grounds() == Grounds::nothing;
        return is_empty_directory ? Result<>(fake_failure(EINVAL, call, at->path().text(name))) : Result<>{};
    }
    TRY(check_fake_name(call, at, name));
    const auto there = state_->child(place_of(at), name);
    if (!there) return {};
    const Attributes now = state_->attributes_of(*there);
    if (!same_inode(now, *proof.seen())) return fake_failure(ESTALE, call, at->path().text(name));
    if (now.kind == Kind::directory || holds_the_same(now, *proof.seen())) return {};
    return fake_failure(EBUSY, call, at->path().text(name));
}

Result<> FakeWriter::remove_file(const DirectoryRef& at, std::string_view name, const Proof& proof)
{
    const auto held = state_->hold();
    TRY(may_write("unlinkat", at, name));
    const FakePlace found = TRY(look_up("unlinkat", at, name));
    const Attributes& attributes = found.node->attributes;
    if (found.mount != place_of(at).mount) return fake_failure(EBUSY, "unlinkat", at->path().text(name));
    if (attributes.kind == Kind::directory) return fake_failure(EISDIR, "unlinkat", at->path().text(name));
    if (attributes.immutable) return fake_failure(EPERM, "unlinkat", at->path().text(name));
    TRY(check_proof("unlinkat", at, name, proof));
    state_->take_out(*place_of(at).node, name);
    return {};
}

Result<> FakeWriter::remove_unchanged(const DirectoryRef& at, std::string_view name, const Proof& proof)
{
    if (!proof.seen()) return fake_failure(EINVAL, "unlinkat", at->path().text(name));
    return remove_file(at, name, proof);
}

Result<> FakeWriter::remove_directory(const DirectoryRef& at, std::string_view name, const Proof& /*proof*/)
{
    const auto held = state_->hold();
    TRY(may_write("unlinkat", at, name));
    const FakePlace found = TRY(look_up("unlinkat", at, name));
    if (found.mount != place_of(at).mount) return fake_failure(EBUSY, "unlinkat", at->path().text(name));
    if (found.node->attributes.kind != Kind::directory) return fake_failure(ENOTDIR, "unlinkat", at->path().text(name));
    state_->client.asked_if_empty(*found.node);
    if (!found.node->children.empty()) return fake_failure(ENOTEMPTY, "unlinkat", at->path().text(name));
    state_->take_out(*place_of(at).node, name);
    found.node->parent = nullptr;
    return {};
}

Result<> FakeWriter::make_file(const DirectoryRef& at, std::string_view name, std::string_view content, Mode mode)
{
    const auto held = state_->hold();
    const auto node = TRY(add("openat", at, name, Kind::regular, mode));
    for (const char* call : {"write", "fsync"}) {
        const auto asked = state_->ask(call, at->path().text(name));
        if (!asked && state_->child(place_of(at), name)) state_->take_out(*place_of(at).node, name);
        TRY(asked);
    }
    node->content = content;
    state_->written(*node);
    return {};
}

Result<> FakeWriter::replace_file(const DirectoryRef& at, std::string_view name, std::string_view content, Mode mode,
                                  const Proof& proof)
{
    const auto held = state_->hold();
    TRY(may_write("openat", at, name));
    TRY(check_proof("openat", at, name, proof));
    for (const char* call : {"write", "fsync", "close", "renameat"}) TRY(state_->ask(call, at->path().text(name)));
    FakeNode& directory = *place_of(at).node;
    if (const auto old = state_->child(place_of(at), name)) {
        if (old->mount != place_of(at).mount) return fake_failure(EBUSY, "renameat", at->path().text(name));
        if (old->node->attributes.kind == Kind::directory) {
            return fake_failure(EISDIR, "renameat", at->path().text(name));
        }
        state_->take_out(directory, name);
    }
    const auto node = state_->make(Kind::regular, mode, directory.attributes.device);
    if (at->acting_as()) node->attributes.owner = *at->acting_as();
    node->content = content;
    state_->insert(directory, name, node);
    return {};
}

Result<> FakeWriter::append_line(const DirectoryRef& at, std::string_view name, std::string_view line)
{
    const auto held = state_->hold();
    if (line.find('\n') != std::string_view::npos) {
        return fake_failure(EINVAL, "write", at->path().text(name), "one line cannot hold a line break");
    }
    TRY(may_write("openat", at, name));
    TRY(state_->ask("write", at->path().text(name)));
    if (!state_->child(place_of(at), name)) TRY(add("openat", at, name, Kind::regular, Mode{0600}));
    FakeNode& node = *TRY(look_up("openat", at, name)).node;
    if (node.attributes.kind == Kind::symlink) return fake_failure(ELOOP, "openat", at->path().text(name));
    if (node.attributes.kind != Kind::regular) {
        return fake_failure(EINVAL, "openat", at->path().text(name), "is not a regular file");
    }
    if (!node.content.empty() && node.content.back() != '\n') node.content += '\n';
    node.content.append(line).append("\n");
    state_->written(node);
    return {};
}

Result<> FakeWriter::sync_directory(const DirectoryRef& directory)
{
    const auto held = state_->hold();
    return state_->ask("fsync", directory->path().text());
}

Result<> FakeWriter::sync_filesystem(const DirectoryRef& directory)
{
    const auto held = state_->hold();
    return state_->ask("syncfs", directory->path().text());
}

Result<Timestamp> FakeWriter::clock(const DirectoryRef& at)
{
    const auto held = state_->hold();
    TRY(may_write("openat", at, ".clock"));
    return state_->tick();
}

namespace {

class FakeLock final : public Lock {
public:
    FakeLock(std::shared_ptr<FakeState> state, FakeNodeRef directory, FakeNodeRef file)
        : state_(std::move(state)), directory_(std::move(directory)), file_(std::move(file))
    {
    }
    ~FakeLock() override
    {
        const auto held = state_->hold();
        file_->content.clear();
        state_->written(*file_);
        state_->locks.erase(directory_.get());
        state_->freed.notify_all();
    }
    FakeLock(const FakeLock&) = delete;
    FakeLock& operator=(const FakeLock&) = delete;
    FakeLock(FakeLock&&) = delete;
    FakeLock& operator=(FakeLock&&) = delete;

private:
    std::shared_ptr<FakeState> state_;
    FakeNodeRef directory_, file_;
};

}  // namespace

Result<std::unique_ptr<Lock>> FakeWriter::lock(const DirectoryRef& at, const LockWait& wait)
{
    auto held = state_->hold();
    TRY(may_write("openat", at, "lock"));
    const FakePlace& place = place_of(at);
    if (!state_->child(place, "lock")) TRY(add("openat", at, "lock", Kind::regular, Mode{0600}));
    const FakePlace file = TRY(look_up("openat", at, "lock"));
    if (file.node->attributes.kind != Kind::regular) return fake_failure(ELOOP, "openat", at->path().text("lock"));
    const auto is_free = [&] { return !state_->locks.contains(place.node.get()); };
    const auto is_over = [&] { return is_free() || (wait.keep_waiting && !wait.keep_waiting()); };
    constexpr std::chrono::milliseconds poll{10};
    for (auto left = wait.at_most; !is_over() && left > poll; left -= poll) state_->freed.wait_for(held, poll, is_free);
    if (!is_over()) state_->freed.wait_for(held, std::min(wait.at_most, poll), is_free);
    if (!is_free()) {
        if (wait.keep_waiting && !wait.keep_waiting()) return fail(no_longer_waiting("fcntl", at->path().text("lock")));
        return fail(held_by_another("fcntl", at->path().text("lock"), file.node->content));
    }
    file.node->content = to_line(state_->holder);
    state_->written(*file.node);
    state_->locks.emplace(place.node.get(), file.node->content);
    return std::unique_ptr<Lock>(std::make_unique<FakeLock>(state_, place.node, file.node));
}

std::unique_ptr<Writer> make_fake_writer(std::shared_ptr<FakeState> state)
{
    return std::make_unique<FakeWriter>(std::move(state));
}

}  // namespace mailstate

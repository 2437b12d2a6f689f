// SPDX-License-Identifier: MIT
// Names: making, renaming, removing; small files; syncing, clock and lock.
#include "fake/fake_writer.hpp"

#include <algorithm>
#include <cerrno>

#include "posix/holder_text.hpp"

namespace mailstate {

Result<> FakeWriter::may_write(std::string_view call, const Name& item) const
{
    TRY(check_fake_name(call, item));
    TRY(state_->ask(call, item.path()));
    if (state_->read_only(place_of(item.at))) return fake_failure(EROFS, call, item.path());
    return {};
}

Result<FakePlace> FakeWriter::look_up(std::string_view call, const Name& item) const
{
    TRY(check_fake_name(call, item));
    // A name that this machine remembers as free is not asked for; one that it remembers is the server's to judge.
    const auto seen = state_->seen_child(place_of(item.at), item.name, FakeLook::asks);
    const auto found = seen ? state_->child(place_of(item.at), item.name) : std::nullopt;
    if (!found) return fake_failure(ENOENT, call, item.path());
    return *found;
}

Result<FakeNodeRef> FakeWriter::add(std::string_view call, const Name& item, Kind kind, Mode mode)
{
    TRY(may_write(call, item));
    FakeNode& directory = *place_of(item.at).node;
    if (state_->child(place_of(item.at), item.name)) return fake_failure(EEXIST, call, item.path());
    const auto node = state_->make(kind, mode, directory.attributes.device);
    if (item.at->acting_as()) node->attributes.owner = *item.at->acting_as();
    state_->insert(directory, item.name, node);
    return node;
}

Result<DirectoryRef> FakeWriter::make_directory(const Name& item, Mode mode)
{
    const auto held = state_->hold();
    auto node = TRY(add("mkdirat", item, Kind::directory, mode));
    FakePlace place{std::move(node), place_of(item.at).mount};
    return DirectoryRef(
        std::make_shared<FakeDirectory>(item.at->path().child(item.name), std::move(place), item.at->acting_as()));
}

Result<> FakeWriter::make_link(const Name& item, std::string_view text)
{
    const auto held = state_->hold();
    if (text.empty()) return fake_failure(ENOENT, "symlinkat", item.path());
    TRY(add("symlinkat", item, Kind::symlink, Mode{0777}))->content = text;
    return {};
}

Result<> FakeWriter::make_hard_link(const Name& from, const Name& to)
{
    const auto held = state_->hold();
    TRY(may_write("linkat", to));
    const FakePlace found = TRY(look_up("linkat", from));
    const FakePlace& target = place_of(to.at);
    if (state_->child(target, to.name)) return fake_failure(EEXIST, "linkat", to.path());
    if (found.mount != target.mount) return fake_failure(EXDEV, "linkat", to.path());
    if (found.node->attributes.kind == Kind::directory) {
        return fake_failure(EPERM, "linkat", from.path());
    }
    state_->insert(*target.node, to.name, found.node);
    return {};
}

Result<> FakeWriter::make_node(const Name& item, Kind kind, std::uint64_t rdev)
{
    const auto held = state_->hold();
    if (kind == Kind::directory || kind == Kind::symlink) {
        return fake_failure(EINVAL, "mknodat", item.path());
    }
    TRY(add("mknodat", item, kind, Mode{0600}))->attributes.rdev = rdev;
    return {};
}

Result<> FakeWriter::set_extended_attribute(const Name& item, const ExtendedAttribute& attribute)
{
    const auto held = state_->hold();
    TRY(may_write("setxattr", item));
    FakeNode& node = *TRY(look_up("setxattr", item)).node;
    node.extended.insert_or_assign(attribute.name, attribute.value);
    state_->changed(node);
    return {};
}

Result<> FakeWriter::check_proof(std::string_view call, const Name& item, const Proof& proof) const
{
    if (!proof.seen()) {
        const bool is_empty_directory = proof.grounds() == Grounds::nothing;
        return is_empty_directory ? Result<>(fake_failure(EINVAL, call, item.path())) : Result<>{};
    }
    TRY(check_fake_name(call, item));
    const auto there = state_->child(place_of(item.at), item.name);
    if (!there) return {};
    const Attributes now = state_->attributes_of(*there);
    if (!same_inode(now, *proof.seen())) return fake_failure(ESTALE, call, item.path());
    if (now.kind == Kind::directory || holds_the_same(now, *proof.seen())) return {};
    return fake_failure(EBUSY, call, item.path());
}

Result<> FakeWriter::remove_file(const Name& item, const Proof& proof)
{
    const auto held = state_->hold();
    TRY(may_write("unlinkat", item));
    const FakePlace found = TRY(look_up("unlinkat", item));
    const Attributes& attributes = found.node->attributes;
    if (found.mount != place_of(item.at).mount) return fake_failure(EBUSY, "unlinkat", item.path());
    if (attributes.kind == Kind::directory) return fake_failure(EISDIR, "unlinkat", item.path());
    if (attributes.immutable) return fake_failure(EPERM, "unlinkat", item.path());
    TRY(check_proof("unlinkat", item, proof));
    state_->take_out(*place_of(item.at).node, item.name);
    return {};
}

Result<> FakeWriter::remove_unchanged(const Name& item, const Proof& proof)
{
    if (!proof.seen()) return fake_failure(EINVAL, "unlinkat", item.path());
    return remove_file(item, proof);
}

Result<> FakeWriter::remove_directory(const Name& item, const Proof& /*proof*/)
{
    const auto held = state_->hold();
    TRY(may_write("unlinkat", item));
    const FakePlace found = TRY(look_up("unlinkat", item));
    if (found.mount != place_of(item.at).mount) return fake_failure(EBUSY, "unlinkat", item.path());
    if (found.node->attributes.kind != Kind::directory) return fake_failure(ENOTDIR, "unlinkat", item.path());
    state_->client.asked_if_empty(*found.node);
    if (!found.node->children.empty()) return fake_failure(ENOTEMPTY, "unlinkat", item.path());
    state_->take_out(*place_of(item.at).node, item.name);
    found.node->parent = nullptr;
    return {};
}

Result<> FakeWriter::make_file(const Name& item, std::string_view content, Mode mode)
{
    const auto held = state_->hold();
    const auto node = TRY(add("openat", item, Kind::regular, mode));
    for (const char* call : {"write", "fsync"}) {
        const auto asked = state_->ask(call, item.path());
        if (!asked && state_->child(place_of(item.at), item.name)) state_->take_out(*place_of(item.at).node, item.name);
        TRY(asked);
    }
    node->content = content;
    state_->written(*node);
    return {};
}

Result<> FakeWriter::replace_file(const Name& item, std::string_view content, Mode mode, const Proof& proof)
{
    const auto held = state_->hold();
    TRY(may_write("openat", item));
    TRY(check_proof("openat", item, proof));
    for (const char* call : {"write", "fsync", "close", "renameat"}) TRY(state_->ask(call, item.path()));
    FakeNode& directory = *place_of(item.at).node;
    if (const auto old = state_->child(place_of(item.at), item.name)) {
        if (old->mount != place_of(item.at).mount) return fake_failure(EBUSY, "renameat", item.path());
        if (old->node->attributes.kind == Kind::directory) {
            return fake_failure(EISDIR, "renameat", item.path());
        }
        state_->take_out(directory, item.name);
    }
    const auto node = state_->make(Kind::regular, mode, directory.attributes.device);
    if (item.at->acting_as()) node->attributes.owner = *item.at->acting_as();
    node->content = content;
    state_->insert(directory, item.name, node);
    return {};
}

Result<> FakeWriter::append_line(const Name& item, std::string_view line)
{
    const auto held = state_->hold();
    if (line.find('\n') != std::string_view::npos) {
        return fake_failure(EINVAL, "write", item.path(), "one line cannot hold a line break");
    }
    TRY(may_write("openat", item));
    TRY(state_->ask("write", item.path()));
    if (!state_->child(place_of(item.at), item.name)) TRY(add("openat", item, Kind::regular, Mode{0600}));
    FakeNode& node = *TRY(look_up("openat", item)).node;
    if (node.attributes.kind == Kind::symlink) return fake_failure(ELOOP, "openat", item.path());
    if (node.attributes.kind != Kind::regular) {
        return fake_failure(EINVAL, "openat", item.path(), "is not a regular file");
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
    TRY(may_write("openat", {at, ".clock"}));
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

private:
    std::shared_ptr<FakeState> state_;
    FakeNodeRef directory_, file_;
};

}  // namespace

Result<std::unique_ptr<Lock>> FakeWriter::lock(const DirectoryRef& at, const LockWait& wait)
{
    auto held = state_->hold();
    TRY(may_write("openat", {at, "lock"}));
    const FakePlace& place = place_of(at);
    if (!state_->child(place, "lock")) TRY(add("openat", {at, "lock"}, Kind::regular, Mode{0600}));
    const FakePlace file = TRY(look_up("openat", {at, "lock"}));
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

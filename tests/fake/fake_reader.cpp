// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>

#include "fake/fake_state.hpp"
#include "fs/digest.hpp"
#include "fs/extended_attributes.hpp"

namespace mailstate {

namespace {

class FakeListing final : public Listing {
public:
    explicit FakeListing(std::vector<std::string> names) : names_(std::move(names)) {}
    Result<> next(std::vector<std::string>& names) override
    {
        constexpr std::size_t batch = 100;
        names.clear();
        for (; at_ < names_.size() && names.size() < batch; ++at_) names.push_back(names_[at_]);
        return {};
    }

private:
    std::vector<std::string> names_;
    std::size_t at_ = 0;
};

class FakeReader final : public Reader {
public:
    explicit FakeReader(std::shared_ptr<FakeState> state) : state_(std::move(state)) {}

    Result<DirectoryRef> open(const Path& absolute) const override;
    Result<DirectoryRef> open_directory(const Name& item, Cross cross) const override;
    Result<DirectoryRef> open_directory_as(const Name& item, Cross cross, Owner user) const override;
    Result<Attributes> attributes(const DirectoryRef& directory) const override;
    Result<Attributes> attributes(const Name& item) const override;
    Result<> check_changeable(const DirectoryRef& directory) const override;
    Result<Attributes> fresh_attributes(const Name& item) const override;
    Result<std::unique_ptr<Listing>> list(const DirectoryRef& directory) const override;
    Result<std::string> read_link(const Name& item) const override;
    Result<std::string> read_file(const Name& item, std::size_t limit) const override;
    Result<std::string> read_beginning(const Name& item, std::size_t bytes) const override;
    Result<Digest> digest_of_beginning(const Name& item, const Attributes& seen, std::uint64_t bytes) const override;
    Result<std::vector<ExtendedAttribute>> extended_attributes(const Name& item) const override;
    Result<bool> has_listener(const Name& item) const override;
    [[nodiscard]] bool is_foreign_process(int pid) const override
    {
        const auto held = state_->hold();
        return state_->processes.contains(pid);
    }
    void wait(std::chrono::milliseconds /*time*/) const override
    {
        const auto held = state_->hold();
        state_->forget();
    }
    [[nodiscard]] Result<ProcessFacts> process() const override
    {
        const auto held = state_->hold();
        return state_->process;
    }
    [[nodiscard]] Holder holder() const override
    {
        const auto held = state_->hold();
        return state_->holder;
    }
    Result<FilesystemFacts> filesystem(const DirectoryRef& directory) const override;
    Result<MountTable> mounts() const override;
    Result<Path> location(const DirectoryRef& directory) const override;
    Result<Path> outer_location(const DirectoryRef& directory) const override { return location(directory); }
    Result<std::vector<Attributes>> ancestry(const DirectoryRef& directory) const override;
    Result<std::vector<OpenFile>> held_open(const Name& item) const override;

private:
    // The name looked up, as `call` does it. Whoever calls holds the mutex.
    Result<DirectoryRef> open_acting_as(const Name& item, Cross cross, const std::optional<Owner>& user) const;
    Result<FakePlace> look_up(std::string_view call, const Name& item) const;

    std::shared_ptr<FakeState> state_;
};

Result<FakePlace> FakeReader::look_up(std::string_view call, const Name& item) const
{
    TRY(check_fake_name(call, item));
    TRY(state_->ask(call, item.path()));
    const auto found =
        state_->seen_child(place_of(item.at), item.name, call == "openat2" ? FakeLook::opens : FakeLook::asks);
    if (!found) return fake_failure(ENOENT, call, item.path());
    return *found;
}

Result<DirectoryRef> FakeReader::open(const Path& absolute) const
{
    const auto held = state_->hold();
    TRY(state_->ask("openat2", absolute.string()));
    FakePlace found = TRY(state_->walk(absolute.string()));
    if (found.node->attributes.kind != Kind::directory) return fake_failure(ENOTDIR, "openat2", absolute.string());
    state_->opened(found);
    return DirectoryRef(std::make_shared<FakeDirectory>(TreePath(absolute.string()), std::move(found)));
}

Result<DirectoryRef> FakeReader::open_directory(const Name& item, Cross cross) const
{
    return open_acting_as(item, cross, item.at->acting_as());
}

Result<DirectoryRef> FakeReader::open_directory_as(const Name& item, Cross cross, Owner user) const
{
    return open_acting_as(item, cross, user);
}

Result<DirectoryRef> FakeReader::open_acting_as(const Name& item, Cross cross, const std::optional<Owner>& user) const
{
    const auto held = state_->hold();
    FakePlace found = TRY(look_up("openat2", item));
    const Kind kind = found.node->attributes.kind;
    if (kind == Kind::symlink) return fake_failure(ELOOP, "openat2", item.path());
    if (found.mount != place_of(item.at).mount && cross == Cross::no) {
        return fake_failure(EXDEV, "openat2", item.path());
    }
    if (kind != Kind::directory) return fake_failure(ENOTDIR, "openat2", item.path());
    state_->opened(found);
    return DirectoryRef(std::make_shared<FakeDirectory>(item.at->path().child(item.name), std::move(found), user));
}

Result<Attributes> FakeReader::attributes(const DirectoryRef& directory) const
{
    const auto held = state_->hold();
    TRY(state_->ask("statx", directory->path().text()));
    return state_->attributes_of(place_of(directory));
}

Result<Attributes> FakeReader::attributes(const Name& item) const
{
    const auto held = state_->hold();
    return state_->attributes_of(TRY(look_up("statx", item)));
}

Result<> FakeReader::check_changeable(const DirectoryRef& directory) const
{
    const auto held = state_->hold();
    const std::string path = directory->path().text();
    TRY(state_->ask("faccessat", path));
    if (state_->attributes_of(place_of(directory)).immutable) return fake_failure(EPERM, "faccessat", path);
    return {};
}

Result<Attributes> FakeReader::fresh_attributes(const Name& item) const
{
    const auto held = state_->hold();
    state_->client.forget(*place_of(item.at).node);
    return attributes(item);
}

Result<std::vector<Attributes>> FakeReader::ancestry(const DirectoryRef& directory) const
{
    const auto held = state_->hold();
    TRY(state_->ask("statx", directory->path().text()));
    std::vector<Attributes> all{state_->attributes_of(place_of(directory))};
    for (Path path = state_->path_of(place_of(directory)); path != "/";) {
        path = path.parent_path();
        all.push_back(state_->attributes_of(TRY(state_->walk(path.string()))));
    }
    return all;
}

Result<std::unique_ptr<Listing>> FakeReader::list(const DirectoryRef& directory) const
{
    const auto held = state_->hold();
    TRY(state_->ask("getdents64", directory->path().text()));
    return std::unique_ptr<Listing>(std::make_unique<FakeListing>(state_->seen_names(place_of(directory))));
}

Result<std::string> FakeReader::read_link(const Name& item) const
{
    const auto held = state_->hold();
    const FakePlace found = TRY(look_up("readlinkat", item));
    if (found.node->attributes.kind != Kind::symlink) {
        return fake_failure(EINVAL, "readlinkat", item.path());
    }
    state_->client.read(*found.node);
    return found.node->content;
}

Result<std::string> FakeReader::read_file(const Name& item, std::size_t limit) const
{
    const auto held = state_->hold();
    const FakePlace found = TRY(look_up("openat2", item));
    TRY(state_->ask("read", item.path()));
    const Kind kind = found.node->attributes.kind;
    if (kind == Kind::symlink) return fake_failure(ELOOP, "openat2", item.path());
    if (found.mount != place_of(item.at).mount) return fake_failure(EXDEV, "openat2", item.path());
    if (kind != Kind::regular) return fake_failure(EINVAL, "read", item.path(), "is not a regular file");
    state_->client.read(*found.node);
    if (found.node->content.size() > limit) return fake_failure(EFBIG, "read", item.path());
    return found.node->content;
}

Result<std::string> FakeReader::read_beginning(const Name& item, std::size_t bytes) const
{
    return TRY(read_file(item, std::string().max_size())).substr(0, bytes);
}

Result<Digest> FakeReader::digest_of_beginning(const Name& item, const Attributes& seen, std::uint64_t bytes) const
{
    const auto held = state_->hold();
    const FakePlace found = TRY(look_up("openat2", item));
    TRY(state_->ask("read", item.path()));
    const Attributes now = state_->attributes_of(found);
    if (!same_inode(now, seen) || now.kind != Kind::regular) {
        return fake_failure(ESTALE, "openat2", item.path(), "is no longer the file that was seen");
    }
    state_->client.read(*found.node);
    return digest_of(std::string_view(found.node->content).substr(0, bytes));
}

Result<std::vector<ExtendedAttribute>> FakeReader::extended_attributes(const Name& item) const
{
    const auto held = state_->hold();
    const FakePlace found = TRY(look_up("listxattr", item));
    state_->client.read(*found.node);
    std::vector<ExtendedAttribute> all;
    for (const auto& [key, value] : found.node->extended) {
        if (is_carried_along(key)) all.push_back({key, value});
    }
    return all;
}

Result<bool> FakeReader::has_listener(const Name& item) const
{
    const auto held = state_->hold();
    return TRY(look_up("connect", item)).node->listening;
}

Result<FilesystemFacts> FakeReader::filesystem(const DirectoryRef& directory) const
{
    const auto held = state_->hold();
    TRY(state_->ask("fstatfs", directory->path().text()));
    const FakeMount& mount = state_->mount_of(place_of(directory).mount);
    FilesystemFacts facts = mount.facts;
    if (facts.subtree.empty()) facts.subtree = mount.line.subtree;
    return facts;
}

Result<MountTable> FakeReader::mounts() const
{
    const auto held = state_->hold();
    TRY(state_->ask("read", "/proc/self/mountinfo"));
    return state_->table();
}

Result<Path> FakeReader::location(const DirectoryRef& directory) const
{
    const auto held = state_->hold();
    TRY(state_->ask("readlinkat", directory->path().text()));
    return Path(state_->path_of(place_of(directory)));
}

Result<std::vector<OpenFile>> FakeReader::held_open(const Name& item) const
{
    const auto held = state_->hold();
    const std::string place = (Path(state_->path_of(place_of(item.at))) / std::string(item.name)).string();
    std::vector<OpenFile> found;
    for (const OpenFile& open : state_->open_files)
        if (open.path == place || open.path.starts_with(place + "/")) found.push_back(open);
    return found;
}

}  // namespace

std::unique_ptr<Reader> make_fake_reader(std::shared_ptr<FakeState> state)
{
    return std::make_unique<FakeReader>(std::move(state));
}

}  // namespace mailstate

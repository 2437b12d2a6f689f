// SPDX-License-Identifier: MIT
// make_seal: the pristine state of an image, recorded when it is built. Content that is equal to it is never set aside.
#include <cerrno>

#include "engine/judge.hpp"
#include "engine/split_path.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t seal_limit = 512U << 20U;  // bytes

class Sealer final : public PlainVisitor {
public:
    Sealer(const Reader& reader, const Identities& identities, std::string origin, Seal& seal)
        : reader_(reader), identities_(identities), origin_(std::move(origin)), seal_(seal)
    {
    }

    Result<> add(const std::string& path, const Attributes& seen, std::string digest)
    {
        SealedItem item{
            seen.kind,        seen.kind == Kind::directory ? 0 : seen.size, seen.mtime,
            seen.mode,        user_name(identities_, seen.owner.uid),       group_name(identities_, seen.owner.gid),
            std::move(digest)};
        const std::lock_guard lock(mutex_);
        seal_.items.insert_or_assign(path, std::move(item));
        return {};
    }

    Result<Descend> visit(const Place& place, Nothing& /*context*/) override
    {
        if (place.attributes.kind != Kind::socket)
            TRY(add(origin_ + "/" + place.relative(), place.attributes, TRY(content_digest(reader_, place))));
        return Descend::yes;
    }

private:
    const Reader& reader_;
    const Identities& identities_;
    std::string origin_;
    Seal& seal_;
    std::mutex mutex_;
};

Result<> seal_entry(const World& world, const Identities& identities, const Entry& entry, Seal& seal)
{
    const SplitPath path = split_path(entry.origin);
    const Result<DirectoryRef> parent = world.reader.open(path.parent);
    if (!parent && parent.error().number == ENOENT) return {};
    if (!parent) return fail(parent.error());
    const std::optional<Attributes> seen = TRY(find(world.reader, {*parent, path.name}));
    if (!seen || seen->kind != entry.kind) return {};
    Sealer sealer(world.reader, identities, entry.origin, seal);
    const Place place{{*parent, path.name}, *seen};
    TRY(sealer.add(entry.origin, *seen, TRY(content_digest(world.reader, place))));
    if (entry.kind != Kind::directory) return {};
    Result<DirectoryRef> root = world.reader.open_directory({*parent, path.name}, Cross::no);
    if (!root && root.error().number == EXDEV)
        return fail(Error{EXDEV, "", entry.origin, "something is mounted there, so it is not the image's own state",
                          "Seal while the image is built, when nothing is mounted."});
    if (!root) return fail(root.error());
    return walk(world.reader, *root, Nothing{}, sealer, {world.jobs, Cross::no, &world.stop});
}

// In a container at work, what its services have written would count as the image's, and go without being set aside.
Result<> check_is_an_image(const World& world, const Survey& survey)
{
    const std::string* at_work = nullptr;
    for (const Entry& entry : world.layout.entries) {
        const auto seen = survey.entries.find(entry.name);
        const bool is_linked = seen != survey.entries.end() && seen->second.origin == OriginState::link_home;
        if (is_linked && at_work == nullptr) at_work = &entry.origin;
    }
    if (!survey.volume.mounted && !survey.volume.workspace_present && at_work == nullptr) return {};
    const std::string subject = at_work != nullptr ? *at_work : world.layout.state_dir;
    return fail(Error{EBUSY, "", subject,
                      at_work != nullptr ? "is a link already, so this is a running container, not an image"
                                         : "is a volume in use, so this is a running container, not an image",
                      "Seal while the image is built (RUN mailstate seal), where no volume is mounted."});
}

}  // namespace

Result<Seal> make_seal(const World& world, std::string version)
{
    const Survey survey = TRY(probe(world, {}));
    TRY(check_is_an_image(world, survey));
    Seal seal;
    seal.tool_version = std::move(version);
    seal.created = utc_now();
    for (const Entry& entry : world.layout.entries) TRY(seal_entry(world, survey.identities, entry, seal));
    return seal;
}

Result<> write_seal(const Reader& reader, Writer& writer, const Seal& seal)
{
    const SplitPath path = split_path(seal_path);
    const DirectoryRef at = TRY(make_below(reader, writer, TRY(reader.open("/")), path.parent));
    return writer.replace_file({at, path.name}, to_json_text(seal), Mode{0644}, TRY(Removal::own({at, path.name})));
}

Result<std::optional<Seal>> read_seal(const Reader& reader)
{
    const SplitPath path = split_path(seal_path);
    const Result<DirectoryRef> at = reader.open(path.parent);
    if (!at && at.error().number == ENOENT) return std::optional<Seal>{};
    if (!at) return fail(at.error());
    const Result<std::string> text = reader.read_file({*at, path.name}, seal_limit);
    if (!text && text.error().number == ENOENT) return std::optional<Seal>{};
    if (!text) return fail(text.error());
    return std::optional<Seal>(TRY(parse_seal(seal_path, *text)));
}

}  // namespace mailstate

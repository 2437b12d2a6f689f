// SPDX-License-Identifier: MIT
#include "engine/binary_mode.hpp"

#include <cerrno>

#include "engine/workspace.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr std::uint32_t owner_write = 0200;

Result<Owner> wanted_owner(const Binary& binary, const Identities& identities, Owner owner)
{
    const auto uid = binary.owner.empty() ? std::optional(owner.uid) : find_user(identities, binary.owner);
    const auto gid = binary.group.empty() ? std::optional(owner.gid) : find_group(identities, binary.group);
    if (!uid || !gid)
        return fail(text_error(binary.path, "its " + std::string(uid ? "group " : "user ") +
                                                printable(uid ? binary.group : binary.owner) +
                                                " is not known in this image"));
    return Owner{*uid, *gid};
}

// Nothing where it is not there.
Result<std::optional<Place>> look_up(const Reader& reader, const std::string& absolute)
{
    const SplitPath path = split_path(absolute);
    const Result<DirectoryRef> at = reader.open(path.parent);
    if (!at && (at.error().number == ENOENT || at.error().number == ENOTDIR)) return std::optional<Place>{};
    if (!at) return fail(at.error());
    const std::optional<Attributes> seen = TRY(find(reader, {*at, path.name}));
    return seen ? std::optional(Place{{*at, path.name}, *seen}) : std::optional<Place>{};
}

// What a link leads to, as its text says.
Result<std::optional<Place>> follow(const Reader& reader, const Binary& binary, const Place& link)
{
    const std::string text = TRY(reader.read_link(link));
    return look_up(reader, text.starts_with('/') ? text : split_path(binary.path).parent + "/" + text);
}

Result<BinaryState> judge(const Binary& binary, const Identities& identities, const Place& found)
{
    const Attributes& seen = found.attributes;
    BinaryState state{{found.at, found.name}, seen, {seen.owner, seen.mode}, false, {}};
    state.wanted.owner = TRY(wanted_owner(binary, identities, seen.owner));
    if (binary.mode && (binary.mode->bits | owner_write) != (seen.mode.bits | owner_write))
        state.wanted.mode = *binary.mode;
    state.right = state.wanted.owner == seen.owner && state.wanted.mode == seen.mode;
    return state;
}

Finding left_alone(const Binary& binary, std::string why, const std::string& hint)
{
    return make_finding("binary.other-names", binary.path, std::move(why) + ", so its owner and mode stay unchanged",
                        hint);
}

std::string wanted_text(const BinaryState& state, const Identities& identities)
{
    return "mode " + octal_mode(state.wanted.mode.bits) + " and owner " + owner_name(identities, state.wanted.owner);
}

Result<std::optional<BinaryState>> judge_link(const Reader& reader, const Binary& binary, const Identities& identities,
                                              const Place& link)
{
    const std::optional<Place> target = TRY(follow(reader, binary, link));
    if (!target || target->attributes.kind != Kind::regular) return std::optional<BinaryState>{};
    BinaryState state = TRY(judge(binary, identities, *target));
    if (!state.right)
        state.left = left_alone(binary, "it is a symbolic link to " + printable(target->path()),
                                "Give that program " + wanted_text(state, identities) +
                                    ", or replace the link with a separate file in the image.");
    return std::optional<BinaryState>(std::move(state));
}

}  // namespace

Result<std::optional<BinaryState>> look_at_binary(const Reader& reader, const Binary& binary,
                                                  const Identities& identities)
{
    const std::optional<Place> found = TRY(look_up(reader, binary.path));
    if (!found) return std::optional<BinaryState>{};
    if (found->attributes.kind == Kind::symlink) return judge_link(reader, binary, identities, *found);
    if (found->attributes.kind != Kind::regular) return std::optional<BinaryState>{};
    BinaryState state = TRY(judge(binary, identities, *found));
    if (!state.right && found->attributes.links > 1)
        state.left =
            left_alone(binary, "its file has " + std::to_string(found->attributes.links) + " names (hard links)",
                       "Replace it in the image with a separate file, with " + wanted_text(state, identities) + ".");
    return std::optional<BinaryState>(std::move(state));
}

}  // namespace mailstate

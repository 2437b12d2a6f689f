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

struct FoundBinary {
    DirectoryRef at;
    std::string name;
    Attributes seen;
};

// Nothing where it is not there.
Result<std::optional<FoundBinary>> look_up(const Reader& reader, const std::string& absolute)
{
    const SplitPath path = split_path(absolute);
    const Result<DirectoryRef> at = reader.open(path.parent);
    if (!at && (at.error().number == ENOENT || at.error().number == ENOTDIR)) return std::optional<FoundBinary>{};
    if (!at) return fail(at.error());
    const std::optional<Attributes> seen = TRY(find(reader, *at, path.name));
    return seen ? std::optional(FoundBinary{*at, path.name, *seen}) : std::optional<FoundBinary>{};
}

// What a link leads to, as its text says.
Result<std::optional<FoundBinary>> follow(const Reader& reader, const Binary& binary, const FoundBinary& link)
{
    const std::string text = TRY(reader.read_link(link.at, link.name));
    return look_up(reader, text.starts_with('/') ? text : split_path(binary.path).parent + "/" + text);
}

Result<BinaryState> judge(const Binary& binary, const Identities& identities, const FoundBinary& found)
{
    const Attributes& seen = found.seen;
    BinaryState state{found.at, found.name, seen, {seen.owner, seen.mode}, false, {}};
    state.wanted.owner = TRY(wanted_owner(binary, identities, seen.owner));
    if (binary.mode && (binary.mode->bits | owner_write) != (seen.mode.bits | owner_write))
        state.wanted.mode = *binary.mode;
    state.right = state.wanted.owner == seen.owner && state.wanted.mode == seen.mode;
    return state;
}

Finding left_alone(const Binary& binary, std::string why, const std::string& hint)
{
    return make_finding("binary.other-names", binary.path,
                        std::move(why) + ", so its owner and mode are left as they are", hint);
}

std::string wanted_text(const BinaryState& state, const Identities& identities)
{
    return "mode " + octal_mode(state.wanted.mode.bits) + " and owner " + owner_name(identities, state.wanted.owner);
}

Result<std::optional<BinaryState>> judge_link(const Reader& reader, const Binary& binary, const Identities& identities,
                                              const FoundBinary& link)
{
    const std::optional<FoundBinary> target = TRY(follow(reader, binary, link));
    if (!target || target->seen.kind != Kind::regular) return std::optional<BinaryState>{};
    BinaryState state = TRY(judge(binary, identities, *target));
    if (!state.right)
        state.left = left_alone(binary, "it is a symbolic link to " + printable(target->at->path().text(target->name)),
                                "Give that program " + wanted_text(state, identities) +
                                    ", or replace the link by a file of its own in the image.");
    return std::optional<BinaryState>(std::move(state));
}

}  // namespace

Result<std::optional<BinaryState>> look_at_binary(const Reader& reader, const Binary& binary,
                                                  const Identities& identities)
{
    const std::optional<FoundBinary> found = TRY(look_up(reader, binary.path));
    if (!found) return std::optional<BinaryState>{};
    if (found->seen.kind == Kind::symlink) return judge_link(reader, binary, identities, *found);
    if (found->seen.kind != Kind::regular) return std::optional<BinaryState>{};
    BinaryState state = TRY(judge(binary, identities, *found));
    if (!state.right && found->seen.links > 1)
        state.left =
            left_alone(binary, "its file has " + std::to_string(found->seen.links) + " names (hard links)",
                       "Replace it in the image by a file of its own, with " + wanted_text(state, identities) + ".");
    return std::optional<BinaryState>(std::move(state));
}

}  // namespace mailstate

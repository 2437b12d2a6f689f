// SPDX-License-Identifier: MIT
#include "engine/binary_mode.hpp"

#include <cerrno>

#include "engine/workspace.hpp"
#include "mailstate/text.hpp"

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

}  // namespace

Result<std::optional<BinaryState>> look_at_binary(const Reader& reader, const Binary& binary,
                                                  const Identities& identities)
{
    const SplitPath path = split_path(binary.path);
    const Result<DirectoryRef> at = reader.open(path.parent);
    if (!at && at.error().number == ENOENT) return std::optional<BinaryState>{};
    if (!at) return fail(at.error());
    const std::optional<Attributes> seen = TRY(find(reader, *at, path.name));
    if (!seen || seen->kind != Kind::regular) return std::optional<BinaryState>{};
    BinaryState state{*at, path.name, *seen, {seen->owner, seen->mode}, false};
    state.wanted.owner = TRY(wanted_owner(binary, identities, seen->owner));
    if (binary.mode && (binary.mode->bits | owner_write) != (seen->mode.bits | owner_write))
        state.wanted.mode = *binary.mode;
    state.right = state.wanted.owner == seen->owner && state.wanted.mode == seen->mode;
    return std::optional<BinaryState>(state);
}

}  // namespace mailstate

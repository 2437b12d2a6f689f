// SPDX-License-Identifier: MIT
// What a filesystem can do, by test and not by its type's name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mailstate/process.hpp"
#include "mailstate/reader.hpp"

namespace mailstate {

// By the names of capability_names(): "yes", "no (EPERM)" or "lies": success, but not so. A name that is absent was not
// tested. The facts below stand beside them.
using Capabilities = std::map<std::string, std::string>;

// Whose is what this process makes there, and what another user makes, "65534:65534": root squash shows here.
inline constexpr const char* made_by_root = "made-by-root";
inline constexpr const char* made_by_user = "made-by-user";
// The owner after a chown that succeeded and did something else.
inline constexpr const char* chown_gives = "chown-gives";
// The mode of a directory that was made with 0711.
inline constexpr const char* made_mode = "made-mode";

// "create" where the workspace is somebody else's: nothing is done in it.
inline constexpr const char* foreign_workspace = "no (the workspace belongs to another user)";

// "lock" where it excludes other runs here, and nobody on another machine.
inline constexpr const char* lock_on_this_machine = "on this machine only";

// Do locks stay on this machine, by type and options? nfs(5): nolock and local_lock=all or posix (ours are POSIX
// locks); mount.cifs(8): nobrl; most programs behind FUSE leave locks to the kernel.
bool keeps_locks_here(const FilesystemFacts& facts);

// One filesystem's capabilities, and which filesystem it was.
struct Tested {
    std::string volume;
    Capabilities results;
    bool operator==(const Tested&) const = default;
};

std::string value_of(const Capabilities& capabilities, std::string_view name);  // empty: not known
bool lacks(const Capabilities& capabilities, std::string_view name);            // known, and not "yes"

// "65534:65534" and back.
std::string owner_numbers(Owner owner);
std::optional<Owner> owner_from(std::string_view text);

// Type, source, options and how ids are mapped, with the capabilities of the process: where one of them is another, the
// test is made again. Printable. Options that change with each mount of the same thing (NFS ports and client addresses)
// stay out.
std::string volume_identity(const FilesystemFacts& facts, const ProcessFacts& process);

// What the type and the options say of a filesystem that was not tested: a guess, for the dry run.
Capabilities inferred_capabilities(const FilesystemFacts& facts);

// Can this process's user namespace express the id? Always where the map is not known.
bool can_express(const std::vector<IdRange>& map, std::uint32_t id);

}  // namespace mailstate

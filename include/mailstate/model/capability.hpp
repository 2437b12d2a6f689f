// SPDX-License-Identifier: MIT
// What a filesystem can do, by test and not by its type's name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/ability.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

// What was tested on one filesystem, and the facts that tell why something is lacking.
struct Capabilities {
    std::map<Ability, Tested> tested;  // an ability that is absent was not tested
    // Whose is what this process makes there, and what another user makes: root squash shows here.
    std::optional<Owner> made_by_root, made_by_user;
    std::optional<Owner> chown_gives;           // the owner after a chown that succeeded and did something else
    std::optional<Mode> made_mode;              // of a directory that was made with 0711
    std::map<std::string, std::string> unread;  // the words of another version of mailstate, kept as they are
    bool operator==(const Capabilities&) const = default;
};

Tested tested(const Capabilities& capabilities, Ability ability);
bool lacks(const Capabilities& capabilities, Ability ability);  // known, and not "yes"
bool is_empty(const Capabilities& capabilities);

// The facts that are known: {"made-by-root", "65534:65534"}, …
std::vector<std::pair<std::string_view, std::string>> facts_of(const Capabilities& capabilities);

// As ledgers and reports have them: {"chown": "no (EPERM)", "made-by-root": "65534:65534"}, and back.
std::map<std::string, std::string> words_of(const Capabilities& capabilities);
Capabilities capabilities_from(const std::map<std::string, std::string>& words);

// Do locks stay on this machine, by type and options? nfs(5): nolock and local_lock=all or posix (ours are POSIX
// locks); mount.cifs(8): nobrl; most programs behind FUSE leave locks to the kernel.
bool keeps_locks_here(const FilesystemFacts& facts);

// One filesystem's capabilities, and which filesystem it was.
struct TestedVolume {
    std::string volume;  // volume_identity()
    Capabilities results;
    bool operator==(const TestedVolume&) const = default;
};

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

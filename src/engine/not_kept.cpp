// SPDX-License-Identifier: MIT
#include "engine/not_kept.hpp"

#include <algorithm>
#include <array>

#include "engine/measure.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

struct Refusal {
    std::string_view call, what;
    Ability ability;
};

// Calls that a copy makes for nothing but one thing.
constexpr std::array refusals{
    Refusal{"linkat", "a hard link", Ability::hardlink},
    Refusal{"symlinkat", "a symbolic link", Ability::symlink},
    Refusal{"mknodat", "a FIFO or a device", Ability::fifo},
    Refusal{"mknod", "a FIFO or a device", Ability::fifo},
    Refusal{"fsetxattr", "an extended attribute", Ability::xattr},
    Refusal{"setxattr", "an extended attribute", Ability::xattr},
};

// EIO, ENOENT and EACCES pass where the volume has shown that it can: the next start tries again.
std::string refused_thing(const Capabilities& capabilities, const Error& error)
{
    static constexpr std::array numbers{EPERM, EOPNOTSUPP, EINVAL, ENOSYS, EMLINK, E2BIG, ERANGE};
    static constexpr std::array passing{EIO, ENOENT, EACCES};
    const auto* const row = std::ranges::find(refusals, error.call, &Refusal::call);
    if (row == refusals.end()) return {};
    const bool lasts = std::ranges::find(numbers, error.number) != numbers.end();
    const bool may_last = std::ranges::find(passing, error.number) != passing.end();
    return lasts || (may_last && lacks(capabilities, row->ability)) ? std::string(row->what) : std::string();
}

bool is_as_surveyed(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    const std::optional<TreeSize>& then = run.survey.entries.at(entry.name).size;
    if (!then) return false;
    const Reader& reader = run.world.reader;
    if (entry.kind != Kind::directory) {
        const Result<Attributes> now = reader.attributes(origin);
        return now && measure_file(*now).fingerprint == then->fingerprint;
    }
    const Result<DirectoryRef> tree = reader.open_directory(origin, Cross::yes);
    if (!tree) return false;
    const bool adopted = !run.survey.entries.at(entry.name).mounts.empty();
    const Result<TreeSize> now = measure_tree(run.world, *tree, {adopted ? Cross::yes : Cross::no});
    return now && now->fingerprint == then->fingerprint;
}

}  // namespace

Error blame_volume(const Run& run, const EntryPlaces& places, const Error& error)
{
    const EntrySurvey& seen = run.survey.entries.at(places.entry.name);
    const std::string thing =
        refused_thing(seen.destination_mount ? seen.capabilities : run.survey.volume.capabilities, error);
    const bool differs = error.number == EBUSY && error.call.empty() && error.message.starts_with("differs");
    if (thing.empty() && !differs) return error;
    if (!is_as_surveyed(run, places)) return error;
    std::string message = thing.empty() ? error.message : thing + " is refused (" + errno_name(error.number) + ")";
    if (error.call == "setxattr") message += ". " + error.hint;  // which names it
    return {not_kept, error.call, error.subject, "the volume cannot keep this: " + message, ""};
}

std::string what_of(const Error& error)
{
    return describe({0, "", error.subject, error.message, ""});
}

void remember_not_kept(const Run& run, const Entry& entry, const Error& error)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    if (run.as_user || !seen.size) return;
    const FilesystemFacts& volume = seen.destination_mount ? seen.destination_filesystem : run.survey.volume.filesystem;
    NotKept found{volume_identity(volume, run.survey.process), seen.size->fingerprint, what_of(error), true};
    NotKept& known = run.workspace.ledger.not_kept[entry.name];
    const bool is_again = known.volume == found.volume && known.fingerprint == found.fingerprint;
    found.is_sure = error.call.empty() || is_again;
    known = std::move(found);
    (void)run.workspace.save_ledger();
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "engine/not_kept.hpp"

#include <algorithm>
#include <array>

#include "engine/measure.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

struct Refusal {
    std::string_view call, what;
};

// Calls that a copy makes for nothing but one thing.
constexpr std::array refusals{
    Refusal{"linkat", "a hard link"},
    Refusal{"symlinkat", "a symbolic link"},
    Refusal{"mknodat", "a FIFO or a device"},
    Refusal{"mknod", "a FIFO or a device"},
    Refusal{"fsetxattr", "an extended attribute"},
    Refusal{"setxattr", "an extended attribute"},
};

std::string refused_thing(const Error& error)
{
    static constexpr std::array numbers{EPERM, EOPNOTSUPP, EINVAL, ENOSYS, EMLINK, EIO, ENOENT, EACCES, E2BIG, ERANGE};
    if (std::ranges::find(numbers, error.number) == numbers.end()) return {};
    const auto* const row = std::ranges::find(refusals, error.call, &Refusal::call);
    return row == refusals.end() ? std::string() : std::string(row->what);
}

bool is_as_surveyed(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    const std::optional<TreeSize>& then = run.survey.entries.at(entry.name).size;
    if (!then) return false;
    const Reader& reader = run.world.reader;
    if (entry.kind != Kind::directory) {
        const Result<Attributes> now = reader.attributes(origin.at, origin.name);
        return now && measure_file(*now).fingerprint == then->fingerprint;
    }
    const Result<DirectoryRef> tree = reader.open_directory(origin.at, origin.name, Cross::yes);
    if (!tree) return false;
    const bool adopted = !run.survey.entries.at(entry.name).mounts.empty();
    const Result<TreeSize> now = measure_tree(run.world, *tree, adopted ? Cross::yes : Cross::no);
    return now && now->fingerprint == then->fingerprint;
}

}  // namespace

Error blame_volume(const Run& run, const EntryPlaces& places, const Error& error)
{
    const std::string thing = refused_thing(error);
    if (thing.empty() && error.number != EBUSY) return error;
    if (!is_as_surveyed(run, places)) return error;
    std::string message = thing.empty() ? error.message : thing + " is refused (" + errno_name(error.number) + ")";
    if (error.call == "setxattr") message += ". " + error.hint;  // which names it
    return {not_kept, "", error.subject, "the volume cannot keep this: " + message, ""};
}

std::string what_of(const Error& error)
{
    return describe({0, "", error.subject, error.message, ""});
}

void remember_not_kept(const Run& run, const Entry& entry, const std::string& what)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    if (run.as_user || !seen.size) return;
    const FilesystemFacts& volume = seen.destination_mount ? seen.destination_filesystem : run.survey.volume.filesystem;
    run.workspace.ledger.not_kept[entry.name] = {volume_identity(volume, run.survey.process), seen.size->fingerprint,
                                                 what};
    (void)run.workspace.save_ledger();
}

}  // namespace mailstate

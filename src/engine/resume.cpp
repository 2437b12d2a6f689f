// SPDX-License-Identifier: MIT
#include "engine/resume.hpp"

#include <cerrno>

#include "engine/origin_record.hpp"
#include "mailstate/fs/durability.hpp"

namespace mailstate {

namespace {

// The clocks of both are this machine's, and what was written before a crash is not believed: nothing of it was synced.
Result<std::optional<Timestamp>> trusted_before(const Run& run, const EntryPlaces& places, const Timestamp& began,
                                                const std::string& boot)
{
    constexpr std::int64_t margin = 60;  // seconds: ticks, and clocks that are set a little
    const Reader& reader = run.world.reader;
    const DirectoryRef from = TRY(reader.open_directory(places.origin, Cross::no));
    const FilesystemFacts facts = TRY(reader.filesystem(from));
    const bool is_here = facts.kind == FilesystemClass::local || facts.kind == FilesystemClass::overlay ||
                         facts.kind == FilesystemClass::memory;
    const bool is_same_boot = !boot.empty() && boot == reader.holder().boot_id;
    if (!is_here || !is_same_boot || durable_in(reader, run.workspace.staging()) == Durable::yes)
        return std::optional<Timestamp>();
    return std::optional(Timestamp{began.seconds - margin, 0});
}

}  // namespace

bool is_resumable(const Run& run, const Entry& entry, const DirectoryRef& at)
{
    return entry.kind == Kind::directory && !run.as_user && at == run.workspace.staging();
}

Result<std::optional<Resumed>> take_up(const Run& run, const EntryPlaces& places, const DirectoryRef& at)
{
    const auto kept = run.workspace.kept_copies.find(places.entry.name);
    if (kept == run.workspace.kept_copies.end() || !is_resumable(run, places.entry, at))
        return std::optional<Resumed>();
    const auto& [name, maker] = kept->second;
    const std::string boot = recorded_boot(run.world.reader, at, places.entry.name, maker);
    const std::string record = origin_record_name(places.entry.name, maker);
    const Timestamp began = TRY(run.world.reader.attributes({at, record})).mtime;
    const Timestamp now = TRY(run.writer.clock(at));
    Resumed resumed{name, now, std::nullopt};
    resumed.trusted_before = TRY(trusted_before(run, places, began, boot));
    return std::optional(resumed);
}

// Another name that this run made of a file has set its ctime.
bool is_doubtful(const Resumed& resumed, const Attributes& origin, const Attributes& copy)
{
    if (resumed.at < copy.ctime && copy.links <= 1) return false;
    const std::optional<Timestamp>& limit = resumed.trusted_before;
    return !limit || !(origin.ctime < *limit) || !(origin.mtime < *limit);
}

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What a run that ended too early began to put into a destination that is filled in place.
#include <cerrno>

#include "engine/claims.hpp"
#include "engine/entry_places.hpp"
#include "engine/publish.hpp"

namespace mailstate {

Result<std::vector<SetAsideCopy>> finish_publishing_of(const Run& run, const Entry& entry)
{
    const Name to = TRY(destination_of(run, entry));
    const DirectoryRef destination = TRY(opened_destination(run, entry, to));
    const std::string staging = run.workspace.ledger.entries.at(entry.name).staging;
    const auto is_staged = [&] { return find(run.world.reader, {destination, staging}); };
    const bool is_vacant = run.survey.entries.at(entry.name).destination != DestinationState::populated;
    std::vector<SetAsideCopy> none;
    if (is_vacant && !TRY(is_staged())) {
        forget_entry(run, entry);
        return none;
    }
    const Result<Published> finished = finish_publishing(run, entry, {destination, staging});
    if (finished) return none;
    if (finished.error().number != EAGAIN || !TRY(is_staged())) return fail(finished.error());
    // Another run has put something else under one of its names: it can never be finished.
    std::vector<SetAsideCopy> set_aside = TRY(claim_staging_in(run, entry, destination));
    run.workspace.ledger.entries.at(entry.name).staging.clear();
    TRY(record_phase(run, entry, Phase::published));
    return set_aside;
}

}  // namespace mailstate

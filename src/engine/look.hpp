// SPDX-License-Identifier: MIT
// Look: what the looks at one entry's origin and destination share. Each writes what it saw into the entry's survey.
#pragma once

#include "engine/surroundings.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

struct Look {
    const World& world;
    const Reader& reader;
    const Survey& survey;
    const PlanOptions& options;
    const Surroundings& around;
    const Entry& entry;
    const std::optional<TreeSize>& known_size;  // of the origin, where it need not be measured again
};

struct FoundDestination {
    std::optional<Attributes> root;
    std::optional<Whereabouts> at;  // of one that is a mount of its own
};

// What cannot be looked at is in the survey: it is no error here.
FoundDestination probe_destination(const Look& look, EntrySurvey& seen);
// An error is a stop, or a tree that cannot be walked at all.
Result<> probe_origin(const Look& look, EntrySurvey& seen, const FoundDestination& there);

// Upstream's `ln -s` into a directory that was in the way: a link in it, to the destination.
Result<bool> has_nested_link(const Look& look, const DirectoryRef& directory);

}  // namespace mailstate

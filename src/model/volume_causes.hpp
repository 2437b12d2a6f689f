// SPDX-License-Identifier: MIT
// Why a volume lacks something: recognised by outcome, named, with what to change.
#pragma once

#include <string>

#include "mailstate/model/capability.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

// What was tested, where, and by whom.
struct VolumeEvidence {
    const Capabilities& capabilities;
    const FilesystemFacts& filesystem;
    const ProcessFacts& process;
};

// The cause for which this ability is lacking; severity error. Subject and the entries concerned are the caller's.
Finding cause_of(Ability lacking, const VolumeEvidence& evidence);

// What is worth knowing though nothing fails for it: names that fold, coarse times, no locks, nosuid, idmapped.
std::vector<Finding> peculiarities(const VolumeEvidence& evidence, const std::string& subject);

}  // namespace mailstate

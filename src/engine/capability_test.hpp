// SPDX-License-Identifier: MIT
// What a filesystem can do, by doing it in a scratch directory that is gone afterwards (design 3.5).
#pragma once

#include "engine/workspace.hpp"
#include "mailstate/model/capability.hpp"

namespace mailstate {

// The scratch of a test beside the copies in .mailstate/staging: "probe.<run>", which a later run removes after a kill.
inline constexpr const char* probe_name = "probe";

// In a destination that is a filesystem of its own: never the name of a copy that is being published.
inline constexpr const char* scratch_prefix = ".mailstate-staging.probe.";

// Removes the scratch of tests that were cut off in such a destination, and nothing else.
Result<> remove_scratch(const World& world, Writer& writer, const DirectoryRef& destination);

struct CapabilityTest {
    Name scratch;
    std::vector<Owner> owners;  // that the layout gives files to, as far as this process can express them
};

// Error: what says nothing of the filesystem's abilities (a full volume, an I/O error) kept the test from its end; then
// nothing is known. A refusal to make the scratch at all is an answer: create is refused.
Result<Capabilities> test_capabilities(const World& world, Writer& writer, const CapabilityTest& test);

// The owners that the rules of these entries name, or another than root where they name none; without those that the
// process's id maps lack, so perhaps none.
std::vector<Owner> owners_to_test(const Layout& layout, const Survey& survey);

}  // namespace mailstate

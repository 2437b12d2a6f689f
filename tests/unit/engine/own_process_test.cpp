// SPDX-License-Identifier: MIT
// Who we are is asked of the world that a verb is given, and never of the machine that the tests run on.
#include <gtest/gtest.h>

#include <limits>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

TEST(OwnProcess, IsWhatItsWorldSays)
{
    EngineWorld world;
    EXPECT_FALSE(has_finding(world.plan().findings, "process.id-map"));
    ProcessFacts process;
    process.effective_capabilities = std::numeric_limits<std::uint64_t>::max();
    process.uid_map = process.gid_map = {{0, 100'000, 1}};  // and no other number
    world.fake.set_process(process);
    EXPECT_TRUE(has_finding(world.plan().findings, "process.id-map"));
}

TEST(OwnProcess, IsNamedInTheHistoryByItsWorldsMachine)
{
    EngineWorld world(7);
    (void)world.apply();
    EXPECT_NE(world.read("/var/mail-state/.mailstate/history.jsonl").find("\"machine-7\""), std::string::npos);
}

}  // namespace

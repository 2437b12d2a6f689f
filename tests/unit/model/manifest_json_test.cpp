// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "mailstate/manifest.hpp"

using namespace mailstate;

namespace {

TEST(Manifest, ComesBackAsItWasWithNamesOfAnyBytes)
{
    Manifest manifest{"redis", "/var/lib/redis", "2026-11-21T00:00:00Z", {}};
    manifest.items.push_back({"dump.rdb", Kind::regular, "xxh128:00"});
    manifest.items.push_back({std::string("odd \xff\n\\name\x01"), Kind::symlink, ""});
    manifest.items.push_back({"", Kind::directory, ""});
    const Result<Manifest> read = parse_manifest("m.json", to_json_text(manifest));
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, manifest);
}

TEST(Manifest, SaysWhereItIsBroken)
{
    const Result<Manifest> read = parse_manifest("m.json", "{\"schema\": 1,\n \"items\": 3}");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().subject.substr(0, 7), "m.json:");
}

}  // namespace

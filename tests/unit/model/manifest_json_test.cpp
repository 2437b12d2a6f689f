// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "mailstate/model/manifest.hpp"

using namespace mailstate;

namespace {

TEST(Manifest, ComesBackAsItWas)
{
    const Manifest manifest{"odd \xff\n\\name\x01", "/var/lib/\"items\": x", "2026-11-21T00:00:00Z", 3, 4096};
    const Result<Manifest> read = parse_manifest("m.json", to_json_text(manifest));
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, manifest);
}

TEST(Manifest, OfAnOlderVersionIsReadByItsBeginning)
{
    const std::string old =
        "{\n \"schema\": 1,\n \"entry\": \"items\",\n \"origin\": \"/var/lib/redis\",\n"
        " \"created\": \"2026-11-21T00:00:00Z\",\n \"items\": [\n  {\n   \"path\": \"dump.rdb\",\n   \"ki";
    const Result<Manifest> read = parse_manifest("m.json", old);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, (Manifest{"items", "/var/lib/redis", "2026-11-21T00:00:00Z", 0, 0}));
}

TEST(Manifest, SaysWhereItIsBroken)
{
    for (const char* broken : {"{\"schema\": 1,\n \"items\": 3}", "{", "", "[]", "{\"schema\": 3}",
                               "{\"schema\": 2, \"entry\": 7, \"origin\": \"\", \"created\": \"\"}"}) {
        const Result<Manifest> read = parse_manifest("m.json", broken);
        ASSERT_FALSE(read) << broken;
        EXPECT_EQ(read.error().subject.substr(0, 6), "m.json") << broken;
    }
}

}  // namespace

// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <cerrno>

#include "mailstate/model/seal.hpp"
#include "unit/model/any_bytes.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

SealedItem item_of(Kind kind)
{
    return {kind, 4096, {1'700'000'000, 5}, {02755}, "root", "postdrop", "xxh128:0123"};
}

Seal full_seal()
{
    Seal seal{"1.2.3", "2026-11-21T02:06:35Z", {}};
    for (const auto kind : {Kind::regular, Kind::directory, Kind::symlink, Kind::fifo, Kind::socket, Kind::char_device,
                            Kind::block_device})
        seal.items["/var/lib/" + std::string(name_of(kind))] = item_of(kind);
    seal.items["/var/lib/" + any_bytes()] = {Kind::regular, UINT64_MAX, {-1, 999'999'999}, {07777}, "1234",
                                             any_bytes(),   ""};
    return seal;
}

Error error_of_seal(std::string_view text)
{
    const auto seal = parse_seal("seal.json", text);
    EXPECT_FALSE(seal) << text;
    return seal ? Error{} : seal.error();
}

TEST(SealJson, ComesBackAsItWas)
{
    for (const auto& seal : {full_seal(), Seal{}}) {
        const auto back = parse_seal("seal.json", to_json_text(seal));
        ASSERT_TRUE(back) << describe(back.error());
        EXPECT_EQ(*back, seal);
    }
}

TEST(SealJson, SaysWhereAnItemIsWrong)
{
    const auto text = [](const std::string& items) {
        return "{\"schema\": 1, \"tool_version\": \"\", \"created\": \"\",\n\"items\": " + items + "}";
    };
    EXPECT_EQ(error_of_seal(text("{\"/a\": 7}")).subject, "seal.json:2:17");
    EXPECT_THAT(error_of_seal(text("{\"/a\": 7}")).message, HasSubstr("expected an object, found a number"));
    EXPECT_EQ(error_of_seal(text("{\n\"/a\": {\"knd\": 7}}")).subject, "seal.json:3:8");
    EXPECT_EQ(error_of_seal(text("[]")).subject, "seal.json:2:10");
    EXPECT_THAT(error_of_seal(text("{}, \"items\": {}")).message, HasSubstr("twice"));
    EXPECT_THAT(error_of_seal(R"({"schema": 1, "tool_version": "", "created": ""})").message, HasSubstr("missing"));
}

TEST(SealJson, RefusesAPathThatComesTwice)
{
    auto text = to_json_text(full_seal());
    const auto line = text.find("\"/var/lib/fifo\"");
    const auto end = text.find('\n', line);
    text.insert(end + 1, text.substr(line, end - line + 1));
    const auto error = error_of_seal(text);
    EXPECT_THAT(error.message, HasSubstr("\"/var/lib/fifo\" occurs twice"));
}

TEST(SealJson, SaysThatItIsNewerBeforeAnythingElse)
{
    EXPECT_EQ(error_of_seal(R"({"schema": 2, "items": {"/a": 1}})").number, ENOTSUP);
    EXPECT_EQ(error_of_seal(R"({"items": {}, "schema": 2})").number, ENOTSUP);
}

TEST(SealJson, TakesManyItems)
{
    Seal seal;
    for (int i = 0; i < 10'000; ++i) seal.items["/var/lib/x/" + std::to_string(i)] = item_of(Kind::regular);
    const auto back = parse_seal("seal.json", to_json_text(seal));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(back->items.size(), 10'000U);
}

}  // namespace
}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <cerrno>

#include "mailstate/model/ledger.hpp"
#include "unit/model/any_bytes.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

Ledger full_ledger()
{
    Ledger ledger;
    ledger.tool_version = "1.2.3";
    ledger.layout_name = "docker-mailserver";
    ledger.layout_version = 7;
    ledger.identities = Identities{{{"redis", Uid{101}}, {any_bytes(), Uid{4294967294}}}, {{"redis", Gid{104}}}};
    ledger.translation = Translation{{{{"a", Uid{1}}}, {}}, {{{"a", Uid{2}}}, {}}, {{"redis", {-5, 999'999'999}}}};
    ledger.entries["redis"] = {Phase::linked, {12, UINT64_MAX}, "xxh128:00ff", "", "2026-11-21T02:06:35Z", {}};
    ledger.entries[any_bytes()] = {Phase::publishing, {}, "", ".mailstate-staging.0123456789abcdef", any_bytes(), {}};
    ledger.entries["b"].phase = Phase::adopted;
    ledger.entries["b"].adoption =
        Adoption{any_bytes(), {3, 4}, {"xxh128:01", any_bytes()}, {{"20261121T020635Z-b", 5}}};
    ledger.entries["c"] = {Phase::rolled_back, {1, 2}, any_bytes(), "", "", "fedcba9876543210"};
    ledger.capabilities =
        capabilities_from({{"chown", "no (EPERM)"}, {"rename", "yes"}, {"made-mode", "0711"}, {"flight", any_bytes()}});
    ledger.volume = any_bytes();
    ledger.entries["c"].returned = any_bytes();
    const EntryChange change{any_bytes(),
                             Phase::published,
                             Phase::linked,
                             "xxh128:00ff",
                             {"20261121T020635Z-redis", "20261121T020635Z-a\xff\n"}};
    ledger.runs = {{"a", "b", "host", "1.2.3", "apply", 5, {"moved /var/lib/redis", any_bytes()}, {{change}}}, {}};
    ledger.interrupted = {"redis", "secret"};
    ledger.not_kept[any_bytes()] = {"fuse.sshfs host:/", "xxh128:00ff", any_bytes(), false};
    ledger.unrecorded = {change, {}};
    return ledger;
}

Error error_of_ledger(std::string_view text)
{
    const auto ledger = parse_ledger("ledger.json", text);
    EXPECT_FALSE(ledger) << text;
    return ledger ? Error{} : ledger.error();
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(LedgerJson, ComesBackAsItWas)
{
    const auto ledger = full_ledger();
    const auto back = parse_ledger("ledger.json", to_json_text(ledger));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, ledger);
    EXPECT_EQ(to_json_text(*back), to_json_text(ledger));
}

TEST(LedgerJson, ComesBackEmpty)
{
    const auto back = parse_ledger("ledger.json", to_json_text(Ledger{}));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, Ledger{});
}

TEST(LedgerJson, EndsInANewlineAndHoldsNoControlBytes)
{
    const auto text = to_json_text(full_ledger());
    EXPECT_TRUE(text.ends_with("}\n"));
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(LedgerJson, RefusesANewerSchemaWhateverElseItHolds)
{
    const auto error = error_of_ledger("{\"future\": {},\n \"schema\": 9}");
    EXPECT_EQ(error.number, ENOTSUP);
    EXPECT_EQ(error.subject, "ledger.json:2:12");
    EXPECT_THAT(error.message, HasSubstr("schema 9"));
    EXPECT_THAT(error.message, HasSubstr("supports " + std::to_string(ledger_schema)));
    EXPECT_THAT(error.hint, HasSubstr("newer"));
}

TEST(LedgerJson, RefusesASchemaThatNeverWas)
{
    EXPECT_EQ(error_of_ledger(R"({"schema": 0})").number, 0);
    EXPECT_EQ(error_of_ledger(R"({"schema": -1})").subject, "ledger.json:1:12");
    EXPECT_THAT(error_of_ledger(R"({"schema": "1"})").message, HasSubstr("expected a whole number"));
    EXPECT_THAT(error_of_ledger("{}").message, HasSubstr("\"schema\" is missing"));
}

TEST(LedgerJson, RefusesDamage)
{
    const auto text = to_json_text(full_ledger());
    for (std::size_t size = 0; size + 2 < text.size(); size += 7)
        EXPECT_EQ(error_of_ledger(text.substr(0, size)).number, 0);
    EXPECT_THAT(error_of_ledger(replaced(text, "\"linked\"", "\"linkd\"")).message,
                HasSubstr("did you mean \"linked\"?"));
    EXPECT_THAT(error_of_ledger(replaced(text, "\"files\": 12", "\"files\": -12")).message, HasSubstr("from 0 to"));
    EXPECT_THAT(error_of_ledger(replaced(text, "101", "4294967296")).message, HasSubstr("from 0 to 4294967295"));
    EXPECT_THAT(error_of_ledger(replaced(text, "999999999", "1000000000")).message, HasSubstr("expected a time"));
    EXPECT_THAT(error_of_ledger(replaced(text, "\"volume\"", "\"volum\"")).message,
                HasSubstr("did you mean \"volume\"?"));
}

TEST(LedgerJson, RefusesANameInTwoSpellings)
{
    const auto text = replaced(to_json_text(full_ledger()), "\"redis\": 101", R"("redis": 101, "redi\\x73": 102)");
    EXPECT_THAT(error_of_ledger(text).message, HasSubstr("twice"));
}

TEST(Ledger, HasANameForEachPhase)
{
    EXPECT_EQ(name_of(Phase::publishing), "publishing");
    EXPECT_EQ(name_of(Phase::published), "published");
    EXPECT_EQ(name_of(Phase::linked), "linked");
    EXPECT_EQ(name_of(Phase::adopted), "adopted");
}

// Each of these would be opened, renamed or removed by who believes it.
TEST(LedgerJson, RefusesNamesThatAreNotOurs)
{
    const auto text = to_json_text(full_ledger());
    for (const char* staging : {"..", "dump.rdb", ".mailstate-staging.0123456789abcdeg",
                                ".mailstate-staging./../../etc", ".mailstate-staging.0123456789abcdef/x"})
        EXPECT_THAT(error_of_ledger(replaced(text, ".mailstate-staging.0123456789abcdef", staging)).message,
                    HasSubstr("not a name that mailstate creates"))
            << staging;
    for (const char* rollback : {"", "x", "fedcba987654321", "../fedcba9876543210"})
        EXPECT_THAT(error_of_ledger(replaced(text, "fedcba9876543210", rollback)).message,
                    HasSubstr("not a name that mailstate creates"))
            << rollback;
    for (const char* displaced : {"", ".", "..", "../../etc", "a/b", ".hidden"})
        EXPECT_THAT(error_of_ledger(replaced(text, "20261121T020635Z-redis", displaced)).message,
                    HasSubstr("not a name that mailstate creates"))
            << displaced;
}

TEST(LedgerMerge, PutsOurChangesOnTopOfTheirs)
{
    Ledger base;
    base.entries["both"].amount.files = 1;
    base.entries["gone"].amount.files = 1;
    base.entries["theirs"].amount.files = 1;
    base.runs = {{"a", "b", "host", "1", "apply", 0, {}, {}}};
    Ledger ours = base, theirs = base;
    ours.entries["both"].amount.files = 2;
    ours.entries.erase("gone");
    ours.entries["new"].amount.files = 3;
    ours.mounts["redis"].volume = "ours";
    ours.runs.push_back({"c", "d", "host", "1", "apply", 0, {}, {}});
    ours.unrecorded = {{"new", {}, Phase::linked, "", {}}};
    theirs.entries["both"].amount.files = 4;
    theirs.entries["theirs"].amount.files = 5;
    theirs.entries["also-theirs"].amount.files = 6;
    theirs.capabilities = capabilities_from({{"chown", "yes"}});
    theirs.runs.push_back({"e", "f", "other", "1", "apply", 0, {}, {}});
    theirs.unrecorded = {{"theirs", {}, Phase::linked, "", {}}};
    const auto merged = merge(base, ours, theirs);
    ASSERT_TRUE(merged);
    EXPECT_EQ(merged->entries.at("both").amount.files, 2U);
    EXPECT_FALSE(merged->entries.contains("gone"));
    EXPECT_EQ(merged->entries.at("new").amount.files, 3U);
    EXPECT_EQ(merged->entries.at("theirs").amount.files, 5U);
    EXPECT_EQ(merged->entries.at("also-theirs").amount.files, 6U);
    EXPECT_EQ(merged->capabilities, theirs.capabilities);
    EXPECT_EQ(merged->mounts.at("redis").volume, "ours");
    EXPECT_EQ(merged->runs.size(), 3U);
    EXPECT_EQ(merged->unrecorded.size(), 2U);
}

TEST(LedgerMerge, MakesNoneOfTwoTranslations)
{
    Ledger base;
    base.identities = Identities{{{"redis", Uid{101}}}, {}};
    Ledger ours = base, theirs = base;
    ours.translation = Translation{*base.identities, {{{"redis", Uid{102}}}, {}}, {}};
    EXPECT_EQ(merge(base, ours, theirs)->translation, ours.translation);
    theirs.identities = Identities{{{"redis", Uid{103}}}, {}};
    EXPECT_FALSE(merge(base, ours, theirs));
    EXPECT_EQ(merge(base, base, theirs)->identities, theirs.identities);
}

}  // namespace
}  // namespace mailstate

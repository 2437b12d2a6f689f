// SPDX-License-Identifier: MIT
#include "mailstate/model/layout_json.hpp"

#include <gmock/gmock.h>

#include "unit/model/layout_texts.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Layout parsed(const std::string& text)
{
    auto layout = parse_layout("l.json", text);
    if (!layout) ADD_FAILURE() << describe(layout.error()) << "\n" << text;
    return layout ? *layout : Layout{};
}

Entry parsed_entry(const std::string& more)
{
    const auto layout = parsed(redis_with(more));
    return layout.entries.empty() ? Entry{} : layout.entries[0];
}

Error error_of_layout(const std::string& text)
{
    const auto layout = parse_layout("l.json", text);
    EXPECT_FALSE(layout) << text;
    return layout ? Error{} : layout.error();
}

TEST(LayoutJson, ReadsTheWholeOfALayout)
{
    const auto layout = parsed(R"({ "comment": "mine", "name": "mine", "version": 3, "state_dir": "/srv/state",
        "defaults": { "A": "1", "B": "${A}" },
        "entries": [
          { "comment": "why", "name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis",
            "enabled": { "env": "A", "is": 1 }, "needs": ["chown", "mtime-ns"],
            "ownership": [ { "match": "**", "owner": "redis", "group": "redis", "mode": "0750", "kind": "directory" },
                           { "match": "x", "mode": "2710" }, { "match": "y", "mode": "710" } ],
            "stale": ["*.pid"], "disposable": ["*.rdb"],
            "disposable_if_equal_to_root": ["etc/**"], "spare": ["clamav"], "in_place": true },
          { "name": "secret", "kind": "file", "origin": "/etc/secret", "destination": "etc/secret" } ],
        "binaries": [ { "path": "/usr/sbin/postdrop", "group": "postdrop", "mode": "2755" } ],
        "storage_names": [".mine", ".old-*"] })");
    EXPECT_THAT(layout.storage_names, ElementsAre(".mine", ".old-*"));
    EXPECT_EQ(layout.name, "mine");
    EXPECT_EQ(layout.version, 3);
    EXPECT_EQ(layout.state_dir, "/srv/state");
    EXPECT_EQ(layout.defaults, (std::map<std::string, std::string>{{"A", "1"}, {"B", "${A}"}}));
    ASSERT_EQ(layout.entries.size(), 2U);
    const auto& redis = layout.entries[0];
    EXPECT_EQ(redis.kind, Kind::directory);
    EXPECT_TRUE(redis.in_place);
    EXPECT_THAT(redis.needs, ElementsAre(Ability::chown, Ability::mtime_ns));
    EXPECT_THAT(redis.stale, ElementsAre("*.pid"));
    EXPECT_THAT(redis.disposable_if_equal_to_root, ElementsAre("etc/**"));
    EXPECT_THAT(redis.disposable, ElementsAre("*.rdb"));
    EXPECT_THAT(redis.spare, ElementsAre("clamav"));
    ASSERT_EQ(redis.ownership.size(), 3U);
    EXPECT_EQ(redis.ownership[0].owner, "redis");
    EXPECT_EQ(redis.ownership[0].mode, Mode{0750});
    EXPECT_TRUE(redis.ownership[0].exact_mode);
    EXPECT_EQ(redis.ownership[0].kind, Kind::directory);
    EXPECT_EQ(redis.ownership[1].mode, Mode{02710});
    EXPECT_EQ(redis.ownership[2].mode, Mode{0710});
    EXPECT_FALSE(redis.ownership[2].exact_mode);
    EXPECT_EQ(redis.ownership[2].kind, std::nullopt);
    EXPECT_EQ(layout.entries[1].kind, Kind::regular);
    EXPECT_TRUE(layout.entries[1].enabled.empty());
    ASSERT_EQ(layout.binaries.size(), 1U);
    EXPECT_EQ(layout.binaries[0].mode, Mode{02755});
    EXPECT_EQ(destination_path(layout, redis), "/srv/state/lib-redis");
}

TEST(LayoutJson, ReadsOneGateOrSeveral)
{
    const auto one = parsed_entry(R"("enabled": {"env": "A", "is_not": 1})").enabled;
    ASSERT_EQ(one.size(), 1U);
    EXPECT_FALSE(one[0].equal);
    EXPECT_EQ(one[0].value, 1);
    const auto two = parsed_entry(R"("enabled": [{"env": "A", "is": -2}, {"env": "B", "is": 0}])").enabled;
    ASSERT_EQ(two.size(), 2U);
    EXPECT_EQ(two[0].value, -2);
    EXPECT_TRUE(two[0].equal);
    EXPECT_EQ(two[1].variable, "B");
}

TEST(LayoutJson, ReadsPathsOfAnyBytes)
{
    const auto layout = parsed(layout_around(entry_text("odd", R"(/var/lib/\\xffé\\x5c)", R"(\\x01)")));
    ASSERT_EQ(layout.entries.size(), 1U);
    EXPECT_EQ(layout.entries[0].origin, "/var/lib/\xff\xc3\xa9\\");
    EXPECT_EQ(layout.entries[0].destination, "\x01");
}

TEST(LayoutJson, LeavesTheBackslashesOfGlobsAlone)
{
    EXPECT_THAT(parsed_entry(R"("stale": ["a\\*b"])").stale, ElementsAre("a\\*b"));
}

TEST(LayoutJson, MayStartWithAByteOrderMark)
{
    EXPECT_EQ(parsed("\xEF\xBB\xBF" + layout_around("")).name, "test");
    EXPECT_EQ(error_of_layout("\xEF\xBB\xBF[]").subject, "l.json:1:1");
}

struct Wrong {
    std::string marked, message;
};

void PrintTo(const Wrong& wrong, std::ostream* out)
{
    *out << wrong.message;
}

class WrongLayout : public testing::TestWithParam<Wrong> {};

TEST_P(WrongLayout, SaysWhereAndWhatAndTheRemedy)
{
    const MarkedText marked(GetParam().marked);
    const auto error = error_of_layout(marked.text);
    EXPECT_EQ(error.number, 0);
    EXPECT_EQ(error.subject, marked.place) << GetParam().marked;
    EXPECT_THAT(error.message, HasSubstr(GetParam().message));
    EXPECT_FALSE(error.message.ends_with('.'));
    EXPECT_TRUE(error.hint.ends_with('.')) << error.hint;
}

const Wrong wrong_syntax[] = {
    {"@@", "unexpected end of input"},
    {"{\"a\": 1@@", "unexpected end of input"},
    {"{\n  \"name\" @@\"x\\\"y\"}", "expected ':'"},
    {"{\n\n  @@tru }", "invalid literal"},
    {"[1,@@]", "unexpected ']'"},
    {"{} @@xyz", "invalid literal"},
    {"{\"a\": @@1e999}", "overflow"},
    {"{\"a\": \"\xc3@@\xff\"}", "UTF-8"},
    {"{\"a\": \"\\@@q\"}", "invalid string"},
    {"{\"a\": \"x@@\n\"}", "control character"},
    {"@@// no\n{}", "invalid literal"},
    {"{\"name\": \"a\",\n \"x\": {\"y\": 1,\n  @@\"y\": 2}}", "\"y\" occurs twice"},
    {"[[[0], {\"a\": 1,\n @@\"a\": 2}]]", "\"a\" occurs twice"},
    {std::string(32, '[') + "@@" + std::string(60, '['), "nested"},
    {"@@" + std::string(2'000'000, ' '), "1.0 MiB"},
};

const Wrong wrong_shape[] = {
    {"@@[]", "expected an object, found an array"},
    {R"({@@"nam": "x"})", R"(unknown key "nam"; did you mean "name"?)"},
    {"{\"name\": \"x\",\n @@\"zzzzzz\": 1}", "unknown key \"zzzzzz\""},
    {R"(@@{"name": "x"})", "the key \"version\" is missing"},
    {R"({"name": @@7, "version": 1})", "expected a string, found a number"},
    {R"({"name": "x", "version": @@"1"})", "expected a whole number, found a string"},
    {R"({"name": "x", "version": @@1.5})", "not whole"},
    {R"({"name": "x", "version": @@0})", "from 1 to"},
    {R"({"name": "x", "version": @@99999999999999999999})", "not whole"},
    {R"({"name": "x", "version": @@18446744073709551615})", "from 1 to"},
    {layout_around("@@7"), "expected an object, found a number"},
    {layout_around(R"({"name": "a", @@"orign": "/a"})"), R"(did you mean "origin"?)"},
    {redis_with(R"("in_place": @@1)"), "expected true or false, found a number"},
    {redis_with(R"("needs": @@"chown")"), "expected an array, found a string"},
    {redis_with(R"("needs": [@@"chwon"])"), R"(not a capability of a volume; did you mean "chown"?)"},
    {redis_with(R"("kind": @@"fifo")"), "an entry cannot be a fifo"},
    {redis_with(R"("kind": @@"dir")"), "\"dir\" is not known here"},
    {redis_with(R"(@@"x\\y": 1)"), "unknown key"},
};

const Wrong wrong_gates[] = {
    {redis_with(R"("enabled": @@1)"), "expected an object or an array of objects"},
    {redis_with(R"("enabled": @@{"env": "A"})"), R"(either "is" or "is_not")"},
    {redis_with(R"("enabled": @@{"env": "A", "is": 1, "is_not": 1})"), R"(either "is" or "is_not")"},
    {redis_with(R"("enabled": [{"env": "A", "is": @@"1"}])"), "expected a whole number"},
    {redis_with(R"("enabled": {"env": @@"A B", "is": 1})"), "not a valid name of a variable"},
};

const Wrong wrong_rules[] = {
    {redis_with(R"("stale": [@@"{a"])"), "'{' is never closed"},
    {redis_with(R"("stale": ["*.pid", @@"**"])"), "matches everything"},
    {redis_with(R"("stale": [@@"*"])"), "matches everything"},
    {redis_with(R"("stale": [@@"*/**"])"), "matches everything"},
    {redis_with(R"("stale": [@@"{*.pid,?*}"])"), "matches everything"},
    {redis_with(R"("disposable": [@@"."])"), "matches everything"},
    {redis_with(R"("disposable": @@["[!.]*", ".*"])"), "match everything together"},
    {redis_with(R"("disposable_if_equal_to_root": [@@"**/*"])"), "matches everything"},
    {redis_with(R"("ownership": [@@{"match": "**"}])"), "no owner, no group and no mode"},
    {redis_with(R"("ownership": [@@{"owner": "a"}])"), "\"match\" is missing"},
    {redis_with(R"("ownership": [{"match": @@"a//b", "owner": "a"}])"), "empty component"},
    {redis_with(R"("ownership": [{"match": "a", "owner": @@"a:b"}])"), "not a valid name of a user"},
    {redis_with(R"("ownership": [{"match": "a", "group": @@"101"}])"), "not a valid name of a user"},
    {redis_with(R"("ownership": [{"match": "a", "mode": @@"08"}])"), "\"08\" is not a mode"},
    {redis_with(R"("ownership": [{"match": "a", "mode": @@"00755"}])"), "is not a mode"},
    {redis_with(R"("ownership": [{"match": "a", "mode": @@"789"}])"), "is not a mode"},
    {redis_with(R"("ownership": [{"match": "a", "mode": @@755}])"), "expected a mode, found a number"},
    {redis_with(R"("ownership": [{"match": "a", "mode": "755", "kind": @@"folder"}])"), "not known"},
};

const Wrong wrong_rest[] = {
    {layout_around("", R"(, "defaults": {@@"1A": "x"})"), "not a valid name of a variable"},
    {layout_around("", R"(, "defaults": {"A": @@1})"), "expected a string"},
    {layout_around("", R"(, "comment": @@["a"])"), "expected a string"},
    {layout_around("", R"(, "defaults": {"A": @@"${B"})"), "'${' without a name"},
    {layout_around("", R"(, "defaults": {"A": @@"${B}", "B": "x${A}"})"), "refers to itself"},
    {layout_around("", R"(, "binaries": [{"path": @@"bin/x", "group": "a"}])"), "not absolute"},
    {layout_around("", R"(, "binaries": [@@{"path": "/bin/x"}])"), "no owner, no group and no mode"},
    {layout_around("", R"(, "storage_names": [@@"a/b"])"), "is not the name of a file"},
    {layout_around("", R"(, "storage_names": [@@"*"])"), "is not the name of a file"},
};

INSTANTIATE_TEST_SUITE_P(Syntax, WrongLayout, testing::ValuesIn(wrong_syntax));
INSTANTIATE_TEST_SUITE_P(Shape, WrongLayout, testing::ValuesIn(wrong_shape));
INSTANTIATE_TEST_SUITE_P(Gates, WrongLayout, testing::ValuesIn(wrong_gates));
INSTANTIATE_TEST_SUITE_P(Rules, WrongLayout, testing::ValuesIn(wrong_rules));
INSTANTIATE_TEST_SUITE_P(Rest, WrongLayout, testing::ValuesIn(wrong_rest));

TEST(LayoutJson, NamesTheKnownKeysBesideAnUnknownOne)
{
    const auto error = error_of_layout(redis_with(R"("enabled": {"environment": "A"})"));
    EXPECT_EQ(error.hint, R"(The keys of this object are "env", "is" or "is_not".)");
}

TEST(LayoutJson, ShowsHostileTextHarmlessAndShort)
{
    const auto error = error_of_layout("{\"" + std::string(500'000, 'k') + "\\u001b[2J\": 1}");
    EXPECT_LT(describe(error).size(), 400U);
    EXPECT_LT(describe(error_of_layout("{\"a\": \"" + std::string(500'000, 'k'))).size(), 400U);
}

}  // namespace
}  // namespace mailstate

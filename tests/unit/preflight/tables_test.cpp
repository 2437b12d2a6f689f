// SPDX-License-Identifier: MIT
// The parsers take what people really have.
#include <gmock/gmock.h>

#include <fstream>

#include "preflight/certificate.hpp"
#include "preflight/compose_project.hpp"
#include "preflight/env_file.hpp"
#include "preflight/mail_tables.hpp"
#include "preflight/sni.hpp"
#include "preflight/sqlite.hpp"
#include "preflight/version.hpp"

namespace mailstate {

namespace {

using testing::ElementsAre;

TEST(EnvFile, TakesWhatPeopleHave)
{
    const EnvFile file = parse_env_file(
        "m.env", "\xef\xbb\xbf# comment\r\nA=1\r\nexport B=\"two words\"\nC = 'x' # why\nD=a#b\n=broken\nE\n\tF=last");
    EXPECT_EQ(file.settings.at("A").value, "1");
    EXPECT_EQ(file.settings.at("B").value, "two words");
    EXPECT_TRUE(file.settings.at("B").quoted);
    EXPECT_TRUE(file.settings.at("C").commented);
    EXPECT_EQ(file.settings.at("D").value, "a#b");
    EXPECT_EQ(file.settings.at("F").value, "last");
    EXPECT_EQ(file.settings.at("F").where, "m.env:8");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].finding.subject, "m.env:6");
}

TEST(MailTables, GoOnAfterABrokenLine)
{
    const auto accounts = parse_accounts("a", "a@x.org|{X}h|userdb_quota_rule=*:bytes=1\r\nnonsense\nb@x.org|{X}h");
    ASSERT_EQ(accounts.rows.size(), 2U);
    EXPECT_EQ(accounts.rows[0].attributes, "userdb_quota_rule");
    EXPECT_EQ(accounts.rows[1].line, 3);
    ASSERT_EQ(accounts.problems.size(), 1U);
    EXPECT_EQ(accounts.problems[0].finding.subject, "a:2");
}

TEST(MailTables, ReadTargetsOverContinuationLines)
{
    const auto aliases = parse_aliases("v", "a@x.org b@x.org, c@x.org\n  # comment\n\td@x.org\n@x.org e@y.org\n");
    ASSERT_EQ(aliases.rows.size(), 2U);
    EXPECT_THAT(aliases.rows[0].targets, ElementsAre("b@x.org", "c@x.org", "d@x.org"));
    EXPECT_EQ(aliases.rows[1].line, 4);
}

TEST(Compose, ReadsServicesWhateverTheirForm)
{
    const Compose compose = parse_compose("c.yml",
                                          "x-base: &base\n  image: reg.io:5000/mailserver:${TAG:-13.3.1}\n"
                                          "services:\n  mail:\n    <<: *base\n    environment:\n      - A=\"1\"\n"
                                          "    volumes:\n      - ./state:/var/mail-state/:ro\n"
                                          "      - {type: volume, source: v, target: /data}\n    env_file: [m.env]\n",
                                          {});
    ASSERT_EQ(compose.services.size(), 1U);
    const ComposeService& mail = compose.services[0];
    EXPECT_EQ(image_tag(mail.image), "13.3.1");
    EXPECT_EQ(image_name(mail.image), "reg.io:5000/mailserver");
    EXPECT_EQ(mail.environment.at("A").value, "\"1\"");
    ASSERT_EQ(mail.mounts.size(), 2U);
    EXPECT_EQ(mail.mounts[0].target, "/var/mail-state");
    EXPECT_EQ(mail.mounts[0].where, "c.yml:9");
    EXPECT_TRUE(mail.mounts[0].read_only);
    EXPECT_EQ(mail.mounts[1].source, "v");
    ASSERT_EQ(mail.env_files.size(), 1U);
    EXPECT_EQ(mail.env_files[0].path, "m.env");
}

TEST(Compose, SaysWhereItIsBroken)
{
    const Compose compose = parse_compose("c.yml", "services:\n  a: [1\n  b: }", {});
    ASSERT_EQ(compose.problems.size(), 1U);
    EXPECT_THAT(compose.problems[0].finding.subject, testing::StartsWith("c.yml:"));
    EXPECT_EQ(compose.problems[0].finding.code, "compose.unreadable");
}

TEST(Compose, ReplacesVariables)
{
    const Variables variables{{"A", "1"}, {"EMPTY", ""}};
    EXPECT_EQ(interpolate("$A ${A} ${B:-x} ${EMPTY:-y} ${EMPTY-z} $$A ${A:+set} $ ${", variables),
              "1 1 x y  $A set $ ${");
}

// Of a size that takes hours where each step looks at all of the rest.
TEST(Compose, ReplacesVariablesOfAnyLength)
{
    constexpr std::size_t size = std::size_t{4} << 20U;
    std::string open;
    while (open.size() < size) open += "${";
    EXPECT_EQ(interpolate(open, Variables{}), open);
    EXPECT_EQ(interpolate("$" + std::string(size, 'a') + "-", Variables{}), "-");
    EXPECT_EQ(interpolate("$1${A}${B", {{"A", "x"}}), "$1x${B");
}

TEST(Version, CountsAsEachSystemDoes)
{
    EXPECT_EQ(at_least(parse_dotted_version("v13.3.1"), "14.0.0"), Certainty::no);
    EXPECT_EQ(at_least(parse_dotted_version("14"), "14.0.0"), Certainty::yes);
    EXPECT_EQ(at_least(parse_dotted_version("16"), "16.0.1"), Certainty::unknown);
    EXPECT_EQ(at_least(parse_dotted_version("2024.06"), "2024.06.13"), Certainty::unknown);
    EXPECT_EQ(at_least(parse_dotted_version("2024.06.12"), "2024.06.13"), Certainty::no);
    EXPECT_EQ(at_least(parse_dotted_version("edge"), "14.0.0"), Certainty::unknown);
    EXPECT_EQ(at_least(parse_monthly_version("2025-03a"), "2025-03"), Certainty::yes);
    EXPECT_EQ(at_least(parse_monthly_version("2025-03"), "2025-03a"), Certainty::no);
    EXPECT_TRUE(is_older(parse_monthly_version("2024-11b"), parse_monthly_version("2025-01")));
}

TEST(Domains, AreSplitOnAllWhiteSpaceAndFolded)
{
    EXPECT_THAT(parse_domains("A.org\r\nb.org\tc.org a.org\n"), ElementsAre("a.org", "b.org", "c.org"));
}

TEST(SniMap, WritesALabels)
{
    EXPECT_EQ(to_a_labels("b\xc3\xbc"
                          "cher.example"),
              "xn--bcher-kva.example");
    EXPECT_EQ(to_a_labels("\xe4\xbe\x8b\xe3\x81\x88.jp"), "xn--r8jz45g.jp");
    EXPECT_EQ(to_a_labels("mail.example.org"), "mail.example.org");
    EXPECT_EQ(to_a_labels("\xff.org"), "");
}

TEST(SniMap, TakesTheHostFirstAndLeavesOutWhatCannotBeServed)
{
    const CertificateFacts good{"", {"mail.org", "*.wild.org"}, 100, 300}, old{"", {"old.org"}, 100, 150},
        broken{"the key is empty", {"x.org"}, 100, 300};
    const SniMap map = make_sni_map({{"/s", true, {}, good},
                                     {"/s/a", false, {"*.wild.org", "mail.org", "other.org"}, good},
                                     {"/s/b", false, {"old.org"}, old},
                                     {"/s/c", false, {"x.org"}, broken}},
                                    "Mail.org", "/s", 200);
    EXPECT_THAT(map.lines, ElementsAre(SniLine{"mail.org", "/s/key.pem", "/s/cert.pem"},
                                       SniLine{".wild.org", "/s/a/key.pem", "/s/a/cert.pem"}));
    EXPECT_EQ(map.findings.size(), 3U);
    EXPECT_EQ(postfix_text(map), "mail.org  /s/key.pem /s/cert.pem\n.wild.org  /s/a/key.pem /s/a/cert.pem\n");
    EXPECT_THAT(dovecot_text(map), testing::HasSubstr("local_name *.wild.org {\n  ssl_cert = </s/a/cert.pem\n"));
}

// Postfix looks up a.wild.org, then .wild.org: what only the default is for needs a line of its own below a wildcard.
TEST(SniMap, KeepsTheDefaultForItsNamesBelowAWildcard)
{
    const CertificateFacts fallback{"", {"mail.org", "a.b.wild.org", "*.c.wild.org", "elsewhere.org"}, 100, 250},
        wild{"", {"*.wild.org"}, 100, 300};
    const SniMap map =
        make_sni_map({{"/s", true, {}, fallback}, {"/s/a", false, {"*.wild.org"}, wild}}, "mail.org", "/s", 200);
    EXPECT_THAT(map.lines, ElementsAre(SniLine{"mail.org", "/s/key.pem", "/s/cert.pem"},
                                       SniLine{".wild.org", "/s/a/key.pem", "/s/a/cert.pem"},
                                       SniLine{"a.b.wild.org", "/s/key.pem", "/s/cert.pem"},
                                       SniLine{".c.wild.org", "/s/key.pem", "/s/cert.pem"}));
    EXPECT_EQ(map.first_end, 250);
}

TEST(SniMap, SaysLittleOfAFileThatSaysMuch)
{
    const CertificateFacts good{"", {"mail.org"}, 100, 300};
    std::vector<std::string> names{std::string(2'000'000, 'x'), std::string(2'000'000, '-') + ".org"};
    for (int i = 0; i < 10'000; ++i) names.push_back("_" + std::to_string(i) + "..org");
    const SniMap map = make_sni_map({{"/s", true, {}, good}, {"/s/a", false, names, good}}, "mail.org", "/s", 200);
    std::size_t bytes = 0;
    for (const Finding& finding : map.findings) bytes += finding.message.size();
    EXPECT_LT(bytes, 4'000U);
    EXPECT_THAT(map.findings.back().message, testing::HasSubstr("9,992 more names"));
}

TEST(Domains, MayBeAMillion)
{
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += "n" + std::to_string(i) + "\n";
    EXPECT_EQ(parse_domains(text + text).size(), 200'000U);
}

TEST(Certificate, TakesAnyBytes)
{
    for (const std::string_view bytes : {"", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
        EXPECT_EQ(read_certificate(bytes, bytes).problem, "the certificate cannot be read");
}

TEST(Certificate, AWildcardStandsForOneLabel)
{
    const CertificateFacts facts{"", {"*.example.org"}, 0, 0};
    EXPECT_TRUE(covers(facts, "A.example.org"));
    EXPECT_FALSE(covers(facts, "a.b.example.org"));
    EXPECT_FALSE(covers(facts, "example.org"));
}

TEST(Sqlite, ReadsTheRevisionOfADatabase)
{
    std::ifstream file(MAILSTATE_SOURCE_DIR "/tests/fuzz/corpus/sqlite/alembic", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(first_text(bytes, "alembic_version"), "0ba45693748d");
    EXPECT_EQ(first_text(bytes, "nothing"), "");
}

TEST(Sqlite, TakesAnyBytes)
{
    EXPECT_EQ(first_text("", "t"), "");
    EXPECT_EQ(first_text(std::string("SQLite format 3\0", 16) + std::string(4096, '\xff'), "t"), "");
}

}  // namespace

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What a verdict says beside its findings.
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

TEST(Reference, IsAPageForEveryRule)
{
    for (const System system : {System::docker_mailserver, System::mailu, System::mailcow})
        for (const Rule& rule : rules_of(system)) {
            const std::string url = reference_url(system, rule.reference);
            EXPECT_TRUE(url.starts_with("https://") && url.find(' ') == url.npos) << rule.id << ": " << url;
        }
    EXPECT_EQ(reference_url(System::mailu, "#3403; core/x.py"), "https://github.com/Mailu/Mailu/issues/3403");
    EXPECT_EQ(reference_url(System::docker_mailserver, "PR #3840"),
              "https://github.com/docker-mailserver/docker-mailserver/pull/3840");
}

TEST(RuleVerdict, SaysWhatWasJudgedAndWhatWasNot)
{
    RuleWorld world(System::mailu);
    world.versions("2.0.1", "2024.06.30").env("TLS_FLAVOR=letsencrypt");
    const RuleVerdict all = (world.judge(), judge(world.evidence));
    EXPECT_THAT(all.judged.fine, testing::Contains("mailu.tls-flavor"));
    EXPECT_THAT(all.judged.unjudged, testing::Contains(Field(&Unjudged::why, HasSubstr("database"))));
    world.evidence.settings_known = false;
    EXPECT_THAT(judge(world.evidence).judged.fine, Not(testing::Contains("mailu.tls-flavor")));
}

}  // namespace

}  // namespace mailstate

// SPDX-License-Identifier: MIT
// What the rules of docker-mailserver say of one setting, in its variants.
#include <gmock/gmock.h>

#include "preflight/dovecot_syntax.hpp"
#include "preflight/recognise.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

RuleWorld upgrade(std::string_view from, std::string_view to, std::string_view env)
{
    RuleWorld world(System::docker_mailserver);
    world.versions(from, to).env(env);
    return world;
}

TEST(Relays, AreNotBlamedForWhatWasNotSeen)
{
    RuleWorld world = upgrade("14.0.0", "15.1.0", "DEFAULT_RELAY_HOST=[r.net]:465");
    EXPECT_EQ(world.found("dms.relay-465").size(), 1U);
    world.evidence.config_missing = "the configuration folder was not seen";
    EXPECT_THAT(world.found("dms.relay-465"), IsEmpty());
    EXPECT_THAT(world.unknown("dms.relay-465").hint, HasSubstr("--config-dir"));
    EXPECT_THAT(world.unknown("dms.relay-no-credentials").hint, HasSubstr("--config-dir"));
}

TEST(Relays, ThatAskForNoLoginNeedNoCredentials)
{
    const auto found = [](std::string_view env, const char* credentials) {
        RuleWorld world = upgrade("14.0.0", "15.1.0", env);
        if (*credentials != '\0') world.config("postfix-sasl-password.cf", credentials);
        world.config("postfix-relaymap.cf", "@x.org [b.net]:587\n");
        return world.found("dms.relay-no-credentials");
    };
    EXPECT_THAT(found("", ""), ElementsAre(Field(&Finding::severity, Severity::note)));
    EXPECT_THAT(found("", "[other.net]:587 u:p\n"), ElementsAre(Field(&Finding::severity, Severity::warning)));
    EXPECT_THAT(found("", "[b.net]:587 u:p\n"), IsEmpty());
}

TEST(Relays, ForAllLeaveNothingToDeliverDirectly)
{
    EXPECT_THAT(upgrade("14.0.0", "15.1.0", "DEFAULT_RELAY_HOST=[r.net]:587\nRELAY_USER=u\nRELAY_PASSWORD=p")
                    .found("dms.relay-all-tls"),
                IsEmpty());
}

}  // namespace

}  // namespace mailstate

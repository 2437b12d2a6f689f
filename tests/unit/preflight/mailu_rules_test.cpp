// SPDX-License-Identifier: MIT
// Mailu's rules on compose files as people have them; what is right stands in the tags of Mailu.
#include <gmock/gmock.h>

#include "preflight/mailu_services.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto error_with(const char* words)
{
    return AllOf(Field(&Finding::severity, Severity::error), Field(&Finding::message, HasSubstr(words)));
}

auto warning_with(const char* words)
{
    return AllOf(Field(&Finding::severity, Severity::warning), Field(&Finding::message, HasSubstr(words)));
}

RuleWorld mailu_world(const char* from, const char* to, const char* compose)
{
    RuleWorld world(System::mailu);
    world.versions(from, to).compose(compose);
    return world;
}

// setup/flavors/compose/docker-compose.yml of 1.6 to 1.8: others ask the resolver, admin does not.
TEST(MailuResolver, IsNoUseWhereAdminDoesNotAskIt)
{
    const char* const old =
        "services: {resolver: {image: 'mailu/unbound:1.8'}, admin: {image: 'mailu/admin:1.8'}, smtp: {image: "
        "'mailu/postfix:1.8', dns: [192.0.2.254]}}";
    const std::vector<Finding> found = mailu_world("1.8", "1.9.50", old).found("mailu.dnssec-resolver");
    ASSERT_THAT(found, ElementsAre(error_with("has no dns and does not ask the service resolver")));
    EXPECT_EQ(found[0].hint, "Add dns: 192.0.2.254 to admin.");
}

TEST(MailuResolver, OfAClusterIsNotSeen)
{
    RuleWorld world(System::mailu);
    world.versions("1.8", "1.9.50")
        .manifest(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: admin}\nspec: {containers: [{name: admin, image: "
            "mailu/admin:1.8}]}\n");
    EXPECT_THAT(world.found("mailu.dnssec-resolver"), IsEmpty());
    EXPECT_THAT(world.unknown("mailu.dnssec-resolver").message, HasSubstr("cluster"));
}

TEST(MailuImages, OfAnInactiveProfileAreNotJudged)
{
    const char* const inactive = "services: {webmail: {image: 'ghcr.io/mailu/roundcube:2.0', profiles: [webmail]}}";
    EXPECT_THAT(mailu_world("2.0", "2024.06.57", inactive).found("mailu.images"), IsEmpty());
}

}  // namespace

}  // namespace mailstate

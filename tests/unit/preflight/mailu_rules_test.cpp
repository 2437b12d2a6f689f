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

TEST(MailuImages, OfAnInactiveProfileAreNotJudged)
{
    const char* const inactive = "services: {webmail: {image: 'ghcr.io/mailu/roundcube:2.0', profiles: [webmail]}}";
    EXPECT_THAT(mailu_world("2.0", "2024.06.57", inactive).found("mailu.images"), IsEmpty());
}

}  // namespace

}  // namespace mailstate

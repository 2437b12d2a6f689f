// SPDX-License-Identifier: MIT
// Which system a file is of, and what is a release of it.
#include <gmock/gmock.h>

#include "preflight/compose_project.hpp"
#include "preflight/recognise.hpp"

namespace mailstate {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> recognised(const std::string& services)
{
    std::vector<std::string> names;
    for (const MailSystem& each : recognise(parse_compose("c", "services: " + services, {})).systems)
        names.push_back(std::string(name_of(each.system)) + "/" + each.service);
    return names;
}

TEST(Recognition, GoesByImagesAndNames)
{
    EXPECT_THAT(recognised("{m: {image: 'reg.example:5000/mailserver/docker-mailserver:edge'}}"),
                ElementsAre("docker-mailserver/m"));
    EXPECT_THAT(
        recognised(
            "{m: {image: 'tvial/docker-mailserver'}, n: {image: 'ghcr.io/docker-mailserver/docker-mailserver'}}"),
        ElementsAre("docker-mailserver/m", "docker-mailserver/n"));
    EXPECT_THAT(recognised("{a: {image: 'ghcr.io/mailu/admin:2.0'}, b: {image: 'mailu/nginx'}, r: {image: redis}}"),
                ElementsAre("mailu/"));
    EXPECT_THAT(recognised("{a: {image: '${O:-x}/admin:${MAILU_VERSION:-1.9}'}}"), ElementsAre("mailu/"));
    EXPECT_THAT(recognised("{postfix-mailcow: {image: x}, m: {image: mailserver/docker-mailserver}}"),
                ElementsAre("mailcow/", "docker-mailserver/m"));
    EXPECT_THAT(recognised("{m: {image: 'x/mailserver-web:1'}, n: {image: nginx}}"), ElementsAre());
    EXPECT_THAT(recognised("{m: {build: ., volumes: ['./c:/tmp/docker-mailserver']}}"),
                ElementsAre("docker-mailserver/m"));
    EXPECT_THAT(
        recognised(
            "{m: {image: mailserver/docker-mailserver}, exporter: {image: x, volumes: ['vol:/var/mail-state']}}"),
        ElementsAre("docker-mailserver/m"));
}

TEST(Recognition, NamesWhatItDoesNotJudge)
{
    const RecognisedSystems doubtful = recognise(parse_compose("c", "services: {m: {image: 'x/mailserver:1'}}", {}));
    EXPECT_THAT(doubtful.doubtful, ElementsAre(HasSubstr("x/mailserver:1")));
    const RecognisedSystems off =
        recognise(parse_compose("c", "services: {m: {image: mailserver/docker-mailserver, profiles: [b]}}", {}));
    EXPECT_TRUE(off.systems.empty());
    EXPECT_THAT(off.disabled, ElementsAre(HasSubstr("profile that is not active (b)")));
}

TEST(Recognition, KnowsAVersionOfASystem)
{
    for (const char* text : {"v15.1.0", "15", "latest", "edge"})
        EXPECT_TRUE(is_version_of(System::docker_mailserver, text));
    for (const char* text : {"v15.l.0", "2025-03", "2024.06", "15.x", "v"})
        EXPECT_FALSE(is_version_of(System::docker_mailserver, text)) << text;
    for (const char* text : {"2024.06.13", "2024.06", "1.9", "2.0", "master"})
        EXPECT_TRUE(is_version_of(System::mailu, text));
    for (const char* text : {"15.1.0", "2024-06"}) EXPECT_FALSE(is_version_of(System::mailu, text)) << text;
    for (const char* text : {"2025-03a", "2025-03"}) EXPECT_TRUE(is_version_of(System::mailcow, text));
    for (const char* text : {"2025-13", "2025.03", "15.1.0"})
        EXPECT_FALSE(is_version_of(System::mailcow, text)) << text;
}

TEST(RuleBook, EndsWithARelease)
{
    const auto is_after = [](System system, std::string_view version) {
        return is_after_the_rules(system, parse_version(system, std::string(version)));
    };
    for (const char* version : {"17.0.0", "v99.0.0", "16.0.2", "16.1.0"})
        EXPECT_TRUE(is_after(System::docker_mailserver, version)) << version;
    for (const char* version : {"16.0.1", "v15.1.0", "16", "latest", "edge", ""})
        EXPECT_FALSE(is_after(System::docker_mailserver, version)) << version;
    EXPECT_TRUE(is_after(System::mailu, "2027.01"));
    EXPECT_FALSE(is_after(System::mailu, "2024.06.44"));
    EXPECT_TRUE(is_after(System::mailcow, "2030-01"));
    EXPECT_FALSE(is_after(System::mailcow, "2026-07a"));
}

}  // namespace

}  // namespace mailstate

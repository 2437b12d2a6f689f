// SPDX-License-Identifier: MIT
// Who is relayed where, and who receives what.
#include <gmock/gmock.h>

#include "preflight/delivery.hpp"
#include "preflight/relay.hpp"

namespace mailstate {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RelayFiles files()
{
    RelayFiles files;
    files.has_map = files.has_credentials = true;
    files.map = {{"@a.org", "[one]:587", 1}, {"boss@a.org", "[two]:587", 2}, {"@out.org", "", 3}};
    files.credentials = {{"@a.org", 1}, {"[two]:587", 2}};
    files.domains = {{"a.org", "x:1"}, {"b.org", "x:2"}, {"out.org", "x:3"}};
    return files;
}

TEST(Relay, MapIsIgnoredByV13WithoutRelayHost)
{
    const RelaySetup v13 = relay_setup(RelayEra::v13, files(), {}), v14 = relay_setup(RelayEra::v14, files(), {});
    EXPECT_EQ(route_of(v13, "x@a.org").next_hop, "mx");
    EXPECT_EQ(route_of(v13, "x@a.org").tls, "opportunistic");
    EXPECT_EQ(route_of(v14, "X@A.org").next_hop, "[one]:587");
    EXPECT_EQ(route_of(v14, "boss@a.org").next_hop, "[two]:587");
    EXPECT_EQ(route_of(v14, "x@b.org").next_hop, "mx");
    EXPECT_EQ(route_of(v14, "x@b.org").tls, "encrypt");
    EXPECT_EQ(route_of(v14, "x@a.org").credentials, "@a.org");
}

// mail_addr_find.c and smtp_sasl_glue.c of Postfix.
TEST(Relay, LooksUpTheAddressWithoutItsExtensionAndTheServersName)
{
    RelayFiles given = files();
    given.credentials = {{"one", 1}, {"boss@a.org", 2}, {"[two]", 3}};
    const RelaySetup setup = relay_setup(RelayEra::v14, given, {});
    EXPECT_EQ(route_of(setup, "Boss+tag@a.org").next_hop, "[two]:587");
    EXPECT_EQ(route_of(setup, "Boss+tag@a.org").credentials, "boss@a.org");
    EXPECT_EQ(route_of(setup, "x@a.org").credentials, "one");
    EXPECT_THAT(credential_keys("smtp.net:25"), ElementsAre("smtp.net:25"));
    EXPECT_THAT(credential_keys("[Smtp.net]:25"), ElementsAre("smtp.net", "[smtp.net]:25"));
}

TEST(Relay, RelayHostIsForEveryDomainThatIsNotLeftOut)
{
    RelayVariables variables;
    variables.relay_host = "relay";
    const RelaySetup setup = relay_setup(RelayEra::v13, files(), variables);
    EXPECT_EQ(route_of(setup, "x@b.org").next_hop, "[relay]:25");
    EXPECT_EQ(route_of(setup, "x@out.org").next_hop, "mx");
    EXPECT_EQ(route_of(setup, "x@foreign.org").next_hop, "mx");
}

TEST(Relay, CredentialsMoveToTheDefaultRelayHostInV14)
{
    RelayVariables variables{"[default]:587", "relay", "25", true, true};
    EXPECT_EQ(route_of(relay_setup(RelayEra::v13, {}, variables), "x@foreign.org").credentials, "");
    EXPECT_EQ(route_of(relay_setup(RelayEra::v14, {}, variables), "x@foreign.org").credentials, "[default]:587");
    variables.default_relay_host.clear();
    RelayFiles with_domain;
    with_domain.domains = {{"b.org", "x:1"}};
    EXPECT_EQ(route_of(relay_setup(RelayEra::v13, with_domain, variables), "x@b.org").credentials, "[relay]:25");
}

TEST(Relay, V13EncryptsWithoutCredentials)
{
    RelayVariables variables;
    variables.relay_host = "relay";
    EXPECT_EQ(route_of(relay_setup(RelayEra::v13, {}, variables), "x@y.org").tls, "encrypt");
    EXPECT_EQ(route_of(relay_setup(RelayEra::v14, {}, variables), "x@y.org").tls, "opportunistic");
}

MailMap map_of(const std::vector<Alias>& aliases)
{
    return make_mail_map({{"a@x.org", "", 1}, {"b@x.org", "", 2}}, aliases, {{"a@x.org", "5G", 1}});
}

TEST(Delivery, AnAliasTakesTheMailOfItsAccount)
{
    const Delivery delivery = delivery_of(map_of({{"a@x.org", {"b@x.org", "c@y.org"}, 7}}), "A@x.org");
    EXPECT_FALSE(delivery.mailbox);
    EXPECT_THAT(delivery.mailboxes, ElementsAre("b@x.org"));
    EXPECT_THAT(delivery.external, ElementsAre("c@y.org"));
    EXPECT_THAT(delivery.because, testing::HasSubstr("postfix-virtual.cf:7"));
    EXPECT_EQ(delivery.quota, "5G (dovecot-quotas.cf:1)");
}

TEST(Delivery, ItselfAmongTheTargetsKeepsACopy)
{
    const Delivery delivery = delivery_of(map_of({{"a@x.org", {"a@x.org", "c@y.org"}, 1}}), "a@x.org");
    EXPECT_TRUE(delivery.mailbox);
    EXPECT_THAT(delivery.external, ElementsAre("c@y.org"));
    EXPECT_FALSE(delivery.loop);
}

TEST(Delivery, ACatchAllTakesWhatHasNoAliasOfItsOwn)
{
    const MailMap map = map_of({{"@x.org", {"b@x.org"}, 1}, {"b@x.org", {"b@x.org"}, 2}});
    EXPECT_FALSE(delivery_of(map, "a@x.org").mailbox);
    EXPECT_TRUE(delivery_of(map, "b@x.org").mailbox);
    EXPECT_THAT(delivery_of(map, "nobody@x.org").mailboxes, ElementsAre("b@x.org"));
}

TEST(Delivery, ALoopReachesNobody)
{
    const MailMap map = map_of({{"l@x.org", {"m@x.org"}, 1}, {"m@x.org", {"l@x.org", "a@x.org"}, 2}});
    const Delivery delivery = delivery_of(map, "l@x.org");
    EXPECT_TRUE(delivery.loop);
    EXPECT_THAT(delivery.mailboxes, IsEmpty());
}

TEST(Delivery, AWayBackOverOneThatKeepsACopyIsNoLoop)
{
    const MailMap map = map_of({{"a@x.org", {"b@x.org", "a@x.org"}, 1}, {"b@x.org", {"a@x.org"}, 2}});
    EXPECT_FALSE(delivery_of(map, "b@x.org").loop);
    EXPECT_THAT(delivery_of(map, "b@x.org").mailboxes, ElementsAre("a@x.org"));
}

TEST(Delivery, AnExtensionMovesAlong)
{
    const MailMap map = map_of({{"s@x.org", {"t@y.org"}, 1}, {"@z.org", {"@x.org"}, 2}});
    EXPECT_THAT(delivery_of(map, "s+tag@x.org").external, ElementsAre("t+tag@y.org"));
    EXPECT_THAT(delivery_of(map, "a+tag@x.org").mailboxes, ElementsAre("a@x.org"));
    EXPECT_THAT(delivery_of(map, "b@z.org").mailboxes, ElementsAre("b@x.org"));
}

}  // namespace

}  // namespace mailstate

// SPDX-License-Identifier: MIT
#include "unit/preflight/rule_cases.hpp"

namespace mailstate {

namespace {

using W = RuleWorld;

const char* const accounts = "alice@example.org|{SHA512-CRYPT}$6$x\nbob@example.org|{SHA512-CRYPT}$6$y\n";
const char* const state = "/var/mail-state";

Survey with_space(std::uint64_t free_bytes)
{
    Survey survey;
    survey.volume.state = VolumeState::present;
    survey.volume.mounted = true;
    survey.volume.filesystem.free_bytes = free_bytes;
    survey.volume.filesystem.free_inodes = 1'000'000;
    EntrySurvey redis;
    redis.size = TreeSize{10, 1, 50'000'000, "", 50'000'000};
    survey.entries["redis"] = redis;
    return survey;
}

Survey unmounted(bool mounted)
{
    Survey survey;
    survey.volume.state = VolumeState::present;
    survey.volume.mounted = mounted;
    survey.volume.filesystem.free_bytes = 1ULL << 40U;
    return survey;
}

Survey renumbered_redis(std::uint32_t now)
{
    Survey survey = unmounted(true);
    survey.ledger = Ledger();
    survey.ledger->identities = Identities{{{"redis", Uid{101}}}, {}};
    survey.identities = Identities{{{"redis", Uid{now}}}, {}};
    return survey;
}

Survey switched_off(bool open)
{
    Survey survey = unmounted(true);
    survey.gates["clamav"] = {open, open ? "" : "ENABLE_CLAMAV is 0", {}};
    return survey;
}

// What apply sees where no workspace was ever on the volume.
Survey foreign(Likeness likeness)
{
    Survey survey = unmounted(true);
    EntrySurvey redis;
    redis.origin = OriginState::directory;
    redis.destination = DestinationState::populated;
    redis.foreign_copy = ForeignCopy{likeness, "", 1, {}};
    survey.entries["redis"] = redis;
    return survey;
}

void key_of(W& world, std::uint32_t mode)
{
    world.evidence.identities = Identities{{{"_rspamd", Uid{110}}}, {{"_rspamd", Gid{110}}}};
    world.config("rspamd/override.d/arc.conf", "path = \"/tmp/docker-mailserver/rspamd/dkim/k.key\";\n");
    world.file("/tmp/docker-mailserver/rspamd/dkim/k.key", "", mode);
}

// As everywhere: a domain of our own, so that forwards are told from local mail.
W& with_accounts(W& world)
{
    return world.config("postfix-accounts.cf", accounts);
}

void pod(W& w, const std::string& security)
{
    w.manifest("apiVersion: v1\nkind: Pod\nspec:\n  securityContext: {" + security +
               "}\n  containers:\n  - image: mailserver/docker-mailserver:15.1.0\n    name: mail\n");
}

const std::vector<RuleCase> cases{
    {"dms.one-dir-removed", [](W& w) { w.versions("13.3.1", "14.0.0").env("ONE_DIR=0").mount(state); },
     [](W& w) { w.versions("13.3.1", "14.0.0").mount(state); }},
    {"dms.direct-mount",
     [](W& w) {
         w.versions("13.3.1", "14.0.0").env("ENABLE_RSPAMD=1").mount(state).mount("/var/lib/redis", "/srv/redis");
     },
     [](W& w) {
         w.versions("13.3.1", "14.0.0").env("ENABLE_RSPAMD=0").mount(state).mount("/var/lib/redis", "/srv/redis");
     }},
    {"dms.state-on-network", [](W& w) { w.mount(state, "nas:/x", "nfs4"); },
     [](W& w) { w.mount(state, "vol", "ext4"); }},
    {"dms.state-not-mounted", [](W& w) { w.live(unmounted(false)); }, [](W& w) { w.live(unmounted(true)); }},
    {"dms.state-traversal", [](W& w) { w.versions("15.0.0", "15.0.0").directory(state, 0750); },
     [](W& w) { w.versions("15.0.0", "15.0.0").directory(state, 0751); }},
    {"dms.sgid-lost",
     [](W& w) {
         w.versions("13.0.0", "13.0.0")
             .compose("services: {m: {image: mailserver, security_opt: ['no-new-privileges:true']}}");
     },
     [](W& w) { w.versions("13.0.0", "13.0.0").compose("services: {m: {image: mailserver, cap_add: [NET_ADMIN]}}"); }},
    {"dms.id-drift", [](W& w) { w.live(renumbered_redis(104)); }, [](W& w) { w.live(renumbered_redis(101)); }},
    {"dms.free-space", [](W& w) { w.live(with_space(40'000'000)); }, [](W& w) { w.live(with_space(1ULL << 40U)); }},
    {"dms.partial-destination",
     [](W& w) {
         w.directory("/var/lib/redis")
             .file("/var/lib/redis/dump.rdb")
             .file("/var/lib/redis/a")
             .directory("/var/mail-state/lib-redis")
             .file("/var/mail-state/lib-redis/a");
     },
     [](W& w) {
         w.directory("/var/lib/redis")
             .file("/var/lib/redis/a")
             .directory("/var/mail-state/lib-redis")
             .file("/var/mail-state/lib-redis/a");
     }},
    {"dms.partial-destination", [](W& w) { w.live(foreign(Likeness::partial)); },
     [](W& w) { w.live(foreign(Likeness::equal)); }},
    {"dms.partial-destination", [](W& w) { w.live(foreign(Likeness::smaller)); },
     [](W& w) { w.live(foreign(Likeness::equal)); }},
    {"dms.partial-destination", [](W& w) { w.live(foreign(Likeness::interrupted)); },
     [](W& w) { w.live(foreign(Likeness::different)); }},
    {"dms.nested-link",
     [](W& w) { w.directory("/var/lib/redis").link("/var/lib/redis/lib-redis", "/var/mail-state/lib-redis"); },
     [](W& w) { w.directory("/var/lib/redis").link("/var/lib/redis/lib-redis", "elsewhere"); }},
    {"dms.orphan", [](W& w) { w.live(switched_off(false)).directory("/var/mail-state/lib-clamav"); },
     [](W& w) { w.live(switched_off(true)).directory("/var/mail-state/lib-clamav"); }},
    {"dms.socket-path", [](W& w) { w.socket("/var/mail-state/spool-postfix/private/" + std::string(80, 'x')); },
     [](W& w) { w.socket("/var/mail-state/spool-postfix/private/smtp"); }},
    {"dms.stale-runtime",
     [](W& w) { w.versions("13.3.1", "14.0.0").file("/var/mail-state/lib-amavis/amavisd.pid", "12\n"); },
     [](W& w) { w.versions("13.3.1", "14.0.0").file("/var/mail-state/lib-amavis/db", "12\n"); }},
    {"dms.shared-volume",
     [](W& w) {
         w.compose("services: {a: {volumes: ['vol:/var/mail-state']}, b: {volumes: ['vol:/var/mail-state']}}");
     },
     [](W& w) {
         w.compose("services: {a: {volumes: ['vol:/var/mail-state']}, b: {volumes: ['own:/var/mail-state']}}");
     }},
    {"dms.getmail-state", [](W& w) { w.versions("14.0.0", "15.0.0").config("getmail/oldmail-imap-1", "x"); },
     [](W& w) { w.versions("14.0.0", "15.0.0").config("getmail/imap.cf", "x"); }},
    {"dms.getmail-config", [](W& w) { w.versions("14.0.0", "15.0.0").config("getmail-imap.cf", "x"); },
     [](W& w) { w.versions("14.0.0", "15.0.0").config("getmail/imap.cf", "x"); }},
    {"dms.rspamd-modules", [](W& w) { w.versions("12.1.0", "13.0.0").config("rspamd-modules.conf", "x"); },
     [](W& w) { w.versions("12.1.0", "13.0.0").config("rspamd/custom-commands.conf", "x"); }},
    {"dms.env-removed", [](W& w) { w.versions("12.1.0", "13.0.0").env("ENABLE_LDAP=1"); },
     [](W& w) { w.versions("12.1.0", "13.0.0").env("ACCOUNT_PROVISIONER=LDAP"); }},
    {"dms.saslauthd-default", [](W& w) { w.versions("14.0.0", "15.0.0").env("ENABLE_SASLAUTHD=1"); },
     [](W& w) { w.versions("14.0.0", "15.0.0").env("ENABLE_SASLAUTHD=1\nSASLAUTHD_MECHANISMS=ldap"); }},
    {"dms.image-moved", [](W& w) { w.compose("services: {m: {image: 'docker.io/tvial/docker-mailserver:latest'}}"); },
     [](W& w) { w.compose("services: {m: {image: 'mailserver/docker-mailserver:latest'}}"); }},
    {"dms.env-syntax", [](W& w) { w.env("ENABLE_RSPAMD=true"); }, [](W& w) { w.env("ENABLE_RSPAMD=1"); }},
    {"dms.ldap-scheme", [](W& w) { w.versions("12.1.0", "13.0.0").env("LDAP_SERVER_HOST=ldap.example.org"); },
     [](W& w) { w.versions("12.1.0", "13.0.0").env("LDAP_SERVER_HOST=ldaps://ldap.example.org"); }},
    {"dms.cf-lines",
     [](W& w) { w.versions("13.3.1", "13.3.1").config("postfix-virtual.cf", "a@example.org b@example.org\r\n"); },
     [](W& w) { w.versions("13.3.1", "14.0.0").config("postfix-virtual.cf", "a@example.org b@example.org\r\n"); }},
    {"dms.chroot-remains", [](W& w) { w.versions("11.3.0", "12.0.0").directory("/var/mail-state/spool-postfix/etc"); },
     [](W& w) { w.versions("11.3.0", "12.0.0").directory("/var/mail-state/spool-postfix/active"); }},
    {"dms.sasl-socket",
     [](W& w) { w.versions("11.3.0", "12.0.0").config("postfix-main.cf", "smtpd_sasl_path = private/auth\n"); },
     [](W& w) { w.versions("11.3.0", "12.0.0").config("postfix-main.cf", "# smtpd_sasl_path = private/auth\n"); }},
    {"dms.smtps-name",
     [](W& w) { w.versions("12.1.0", "13.0.0").config("postfix-master.cf", "smtps/inet/smtpd_x=1\n"); },
     [](W& w) { w.versions("12.1.0", "13.0.0").config("postfix-master.cf", "submissions/inet/smtpd_x=1\n"); }},
    {"dms.solr", [](W& w) { w.versions("13.3.1", "14.0.0").config("dovecot.cf", "mail_plugins = fts fts_solr\n"); },
     [](W& w) { w.versions("13.3.1", "14.0.0").config("dovecot.cf", "mail_plugins = fts fts_xapian\n"); }},
    {"dms.dovecot-24",
     [](W& w) { w.versions("15.0.0", "16.0.1").config("dovecot.cf", "mail_location = maildir:/x\n"); },
     [](W& w) { w.versions("15.0.0", "15.1.0").config("dovecot.cf", "mail_location = maildir:/x\n"); }},
    {"dms.quota-alias-1600",
     [](W& w) {
         with_accounts(w).versions("15.1.0", "16.0.0").config("postfix-virtual.cf", "x@example.org y@other.net\n");
     },
     [](W& w) {
         with_accounts(w).versions("15.1.0", "16.0.1").config("postfix-virtual.cf", "x@example.org y@other.net\n");
     }},
    {"dms.quota-field",
     [](W& w) {
         w.versions("15.1.0", "16.0.0")
             .config("postfix-accounts.cf", "a@example.org|{X}h|userdb_quota_rule=*:bytes=1G\n");
     },
     [](W& w) {
         w.versions("15.1.0", "16.0.0")
             .config("postfix-accounts.cf", "a@example.org|{X}h|userdb_quota_storage_size=1G\n");
     }},

    {"dms.network-options",
     [](W& w) {
         w.mount(state, "nas", "nfs");
         w.evidence.mounts.back().options = "addr=nas,vers=3,nolock,soft";
     },
     [](W& w) {
         w.mount(state, "nas", "nfs");
         w.evidence.mounts.back().options = "addr=nas,hard";
     }},
    {"dms.fs-group", [](W& w) { pod(w, "fsGroup: 5000"); }, [](W& w) { pod(w, "runAsUser: 0"); }},
    {"dms.sieve-home",
     [](W& w) {
         w.versions("12.1.0", "15.1.0").directory("/var/mail/x.org").directory("/var/mail/x.org/a");
         w.file("/var/mail/x.org/a/.dovecot.sieve");
     },
     [](W& w) {
         w.versions("12.1.0", "15.1.0").directory("/var/mail/x.org").directory("/var/mail/x.org/a");
         w.file("/var/mail/x.org/a/home/.dovecot.sieve").directory("/var/mail/x.org/a/home");
     }},
    {"dms.ldap-16",
     [](W& w) {
         w.versions("15.1.0", "16.0.1").env("ACCOUNT_PROVISIONER=LDAP\nDOVECOT_USER_ATTRS=homeDirectory=home");
     },
     [](W& w) { w.versions("15.1.0", "16.0.1").env("DOVECOT_USER_ATTRS=homeDirectory=home"); }},
    {"dms.supervisor-mount",
     [](W& w) { w.versions("13.3.1", "14.0.0").mount("/etc/supervisor/conf.d/supervisor-app.conf", "/m/s.conf"); },
     [](W& w) { w.versions("13.3.1", "14.0.0").mount("/etc/supervisor/conf.d/dms-services.conf", "/m/s.conf"); }},
    {"dms.spam-subject-default", [](W& w) { w.versions("13.3.1", "14.0.0").env("ENABLE_RSPAMD=1"); },
     [](W& w) { w.versions("14.0.0", "15.0.0").env("ENABLE_RSPAMD=1"); }},
    {"dms.opendmarc-hold",
     [](W& w) {
         w.versions("13.3.1", "14.0.0").mount("/etc/opendmarc.conf", "/m/o").file("/etc/opendmarc.conf", "A x\n");
     },
     [](W& w) {
         w.versions("13.3.1", "14.0.0").mount("/etc/opendmarc.conf", "/m/o");
         w.file("/etc/opendmarc.conf", "HoldQuarantinedMessages true\n");
     }},
    {"dms.relay-restrictions",
     [](W& w) { w.versions("13.3.1", "14.0.0").config("postfix-main.cf", "smtpd_relay_restrictions = reject\n"); },
     [](W& w) { w.versions("14.0.0", "15.0.0").config("postfix-main.cf", "smtpd_relay_restrictions = reject\n"); }},
    {"dms.sender-restrictions",
     [](W& w) { w.versions("15.0.0", "15.1.0").config("postfix-main.cf", "smtpd_sender_restrictions = reject\n"); },
     [](W& w) {
         w.versions("15.0.0", "15.1.0")
             .config("postfix-main.cf", "smtpd_sender_restrictions = reject, $dms_smtpd_sender_restrictions\n");
     }},
    {"dms.postfix-renamed",
     [](W& w) { w.versions("13.3.1", "14.0.0").config("postfix-main.cf", "postscreen_blacklist_action = drop\n"); },
     [](W& w) { w.versions("13.3.1", "14.0.0").config("postfix-main.cf", "postscreen_denylist_action = drop\n"); }},
    {"dms.protocols-d",
     [](W& w) {
         w.versions("15.1.0", "16.0.1").config("user-patches.sh", "rm /usr/share/dovecot/protocols.d/pop3d\n");
     },
     [](W& w) { w.versions("15.1.0", "16.0.1").config("user-patches.sh", "# rm /usr/share/dovecot/protocols.d/x\n"); }},
    {"dms.srs-secret",
     [](W& w) { w.env("ENABLE_SRS=1\nSRS_SECRET=a,b").file("/var/mail-state/etc/postsrsd.secret", "other\n"); },
     [](W& w) { w.env("ENABLE_SRS=1\nSRS_SECRET=a,b").file("/var/mail-state/etc/postsrsd.secret", "a\nb\n"); }},
    {"dms.alias-bare-target", [](W& w) { with_accounts(w).config("postfix-virtual.cf", "x@example.org alice\n"); },
     [](W& w) { with_accounts(w).config("postfix-virtual.cf", "x@example.org alice@example.org\n"); }},

    {"dms.relay-map-ignored",
     [](W& w) { w.versions("13.3.1", "13.3.1").config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n"); },
     [](W& w) { w.versions("13.3.1", "14.0.0").config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n"); }},
    {"dms.relay-map-activates",
     [](W& w) { w.versions("13.3.1", "14.0.0").config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n"); },
     [](W& w) { w.versions("14.0.0", "15.0.0").config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n"); }},
    {"dms.relay-host-blank", [](W& w) { w.env("RELAY_HOST=' '"); }, [](W& w) { w.env("RELAY_HOST=smtp.net"); }},
    {"dms.relay-no-credentials",
     [](W& w) { w.versions("14.0.0", "14.0.0").config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n"); },
     [](W& w) {
         w.versions("14.0.0", "14.0.0")
             .config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n")
             .config("postfix-sasl-password.cf", "@example.org u:p\n");
     }},
    {"dms.relay-unused-credentials",
     [](W& w) {
         w.versions("14.0.0", "14.0.0")
             .config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n")
             .config("postfix-sasl-password.cf", "smtp.net:587 u:p\n");
     },
     [](W& w) {
         w.versions("14.0.0", "14.0.0")
             .config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n")
             .config("postfix-sasl-password.cf", "[smtp.net]:587 u:p\n");
     }},
    {"dms.relay-credentials-moved",
     [](W& w) {
         w.versions("13.3.1", "14.0.0").env("DEFAULT_RELAY_HOST=[a]:25\nRELAY_HOST=b\nRELAY_USER=u\nRELAY_PASSWORD=p");
     },
     [](W& w) { w.versions("13.3.1", "14.0.0").env("RELAY_HOST=b\nRELAY_USER=u\nRELAY_PASSWORD=p"); }},
    {"dms.relay-opt-out-no-effect",
     [](W& w) { w.env("DEFAULT_RELAY_HOST=[a]:25").config("postfix-relaymap.cf", "@example.org\n"); },
     [](W& w) { w.env("RELAY_HOST=a").config("postfix-relaymap.cf", "@example.org\n"); }},
    {"dms.relay-465", [](W& w) { w.env("RELAY_HOST=a\nRELAY_PORT=465"); },
     [](W& w) { w.env("RELAY_HOST=a\nRELAY_PORT=587"); }},
    {"dms.relay-all-tls",
     [](W& w) { w.versions("14.0.0", "14.0.0").env("RELAY_HOST=a\nRELAY_USER=u\nRELAY_PASSWORD=p"); },
     [](W& w) { w.versions("14.0.0", "14.0.0").env("RELAY_HOST=a"); }},
    {"dms.relay-ldap", [](W& w) { w.env("ACCOUNT_PROVISIONER=LDAP\nRELAY_HOST=a"); },
     [](W& w) { w.env("ACCOUNT_PROVISIONER=LDAP\nDEFAULT_RELAY_HOST=a"); }},

    {"dms.alias-shadows-account",
     [](W& w) { with_accounts(w).config("postfix-virtual.cf", "alice@example.org bob@example.org\n"); },
     [](W& w) {
         with_accounts(w).config("postfix-virtual.cf", "alice@example.org alice@example.org,bob@example.org\n");
     }},
    {"dms.alias-keeps-copy",
     [](W& w) { with_accounts(w).config("postfix-virtual.cf", "alice@example.org alice@example.org, x@other.net\n"); },
     [](W& w) { with_accounts(w).config("postfix-virtual.cf", "sales@example.org alice@example.org\n"); }},
    {"dms.alias-quota-twin",
     [](W& w) {
         with_accounts(w).config("postfix-virtual.cf", "alice@example.org bob@example.org,alice@example.org\n");
     },
     [](W& w) {
         with_accounts(w).config("postfix-virtual.cf", "alice@example.org alice@example.org,bob@example.org\n");
     }},
    {"dms.alias-loop",
     [](W& w) {
         with_accounts(w).config("postfix-virtual.cf", "x@example.org y@example.org\ny@example.org x@example.org\n");
     },
     [](W& w) {
         with_accounts(w).config("postfix-virtual.cf",
                                 "x@example.org y@example.org\ny@example.org alice@example.org\n");
     }},
    {"dms.catch-all-captures",
     [](W& w) {
         with_accounts(w).config("postfix-virtual.cf",
                                 "@example.org alice@example.org\nalice@example.org alice@example.org\n");
     },
     [](W& w) {
         with_accounts(w).config(
             "postfix-virtual.cf",
             "@example.org alice@example.org\nalice@example.org alice@example.org\nbob@example.org bob@example.org\n");
     }},
    {"dms.prefix-clash",
     [](W& w) { with_accounts(w).config("postfix-virtual.cf", "alice@example.org.au x@other.net\n"); },
     [](W& w) { with_accounts(w).config("postfix-virtual.cf", "carol@example.org.au x@other.net\n"); }},
    {"dms.forward-no-srs", [](W& w) { with_accounts(w).config("postfix-virtual.cf", "x@example.org y@other.net\n"); },
     [](W& w) { with_accounts(w).env("ENABLE_SRS=1").config("postfix-virtual.cf", "x@example.org y@other.net\n"); }},
    {"dms.forward-no-arc",
     [](W& w) { with_accounts(w).env("ENABLE_RSPAMD=1").config("postfix-virtual.cf", "x@example.org y@other.net\n"); },
     [](W& w) {
         with_accounts(w)
             .env("ENABLE_RSPAMD=1")
             .config("postfix-virtual.cf", "x@example.org y@other.net\n")
             .config("rspamd/override.d/arc.conf", "x");
     }},
    {"dms.arc-key", [](W& w) { key_of(w, 0600); }, [](W& w) { key_of(w, 0644); }},
    {"dms.arc-authenticated",
     [](W& w) { w.env("RSPAMD_CHECK_AUTHENTICATED=0").config("rspamd/override.d/arc.conf", "x"); },
     [](W& w) { w.env("RSPAMD_CHECK_AUTHENTICATED=1").config("rspamd/override.d/arc.conf", "x"); }},
};

}  // namespace

const std::vector<RuleCase>& docker_mailserver_cases()
{
    return cases;
}

}  // namespace mailstate

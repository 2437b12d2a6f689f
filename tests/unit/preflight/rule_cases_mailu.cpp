// SPDX-License-Identifier: MIT
#include "unit/preflight/rule_cases.hpp"

namespace mailstate {

namespace {

using W = RuleWorld;

const char* const front =
    "services:\n  front:\n    image: ghcr.io/mailu/nginx:2024.06\n    ports: ['25:25', '127.0.0.1:143:143']\n";

const std::vector<RuleCase> cases_of_mailu{
    {"mailu.lmtp-tls", [](W& w) { w.versions("2.0", "2024.06.12").env("INBOUND_TLS_ENFORCE=True"); },
     [](W& w) { w.versions("2.0", "2024.06.13").env("INBOUND_TLS_ENFORCE=True"); }},
    {"mailu.tls-enforce-policy", [](W& w) { w.env("INBOUND_TLS_ENFORCE=0"); },
     [](W& w) { w.env("INBOUND_TLS_ENFORCE=no"); }},
    {"mailu.lmtp-ratelimit", [](W& w) { w.versions("2.0", "2024.06.27"); }, [](W& w) { w.versions("1.9.0", "2.0.1"); }},
    {"mailu.postgresql",
     [](W& w) { w.versions("1.8.0", "2.0.1").compose("services: {database: {image: 'mailu/postgresql:1.8'}}"); },
     [](W& w) { w.versions("1.8.0", "2.0.1").compose("services: {database: {image: 'postgres:15'}}"); }},
    {"mailu.dnssec-resolver",
     [](W& w) { w.versions("1.8.0", "1.9.0").compose("services: {admin: {image: 'mailu/admin:1.8'}}"); },
     [](W& w) {
         w.versions("1.8.0", "1.9.0").compose("services: {admin: {image: 'mailu/admin:1.8', dns: [192.0.2.254]}}");
     }},
    {"mailu.real-ip", [](W& w) { w.versions("1.8.0", "1.9.0").env("TLS_FLAVOR=mail\nREAL_IP_HEADER="); },
     [](W& w) { w.versions("1.8.0", "1.9.0").env("TLS_FLAVOR=mail\nREAL_IP_HEADER=X-Real-IP"); }},
    {"mailu.auth-ratelimit", [](W& w) { w.versions("1.8.0", "1.9.0").env("AUTH_RATELIMIT=10/minute"); },
     [](W& w) { w.versions("1.8.0", "1.9.0").env("AUTH_RATELIMIT_IP=10/minute"); }},
    {"mailu.rspamd-map-path",
     [](W& w) {
         w.versions("1.9.0", "2.0.1").config("overrides/rspamd/m.conf", "map = \"/etc/rspamd/override.d/x.map\";\n");
     },
     [](W& w) { w.versions("1.9.0", "2.0.1").config("overrides/rspamd/m.conf", "map = \"/overrides/x.map\";\n"); }},
    {"mailu.ports", [](W& w) { w.versions("2.0", "2024.06.1").compose(front).env("PORTS=25,993"); },
     [](W& w) { w.versions("2.0", "2024.06.1").compose(front).env("PORTS=25,143"); }},
    {"mailu.proxy-protocol",
     [](W& w) { w.versions("2.0", "2024.06.10").env("PROXY_PROTOCOL=25, mail\nREAL_IP_FROM=10.0.0.1"); },
     [](W& w) { w.versions("2.0", "2024.06.10").env("PROXY_PROTOCOL=25,mail\nREAL_IP_FROM=10.0.0.1"); }},
    {"mailu.images", [](W& w) { w.versions("1.9", "2.0").compose("services: {admin: {image: 'mailu/admin:2.0'}}"); },
     [](W& w) { w.versions("1.9", "2.0").compose("services: {admin: {image: 'ghcr.io/mailu/admin:2.0'}}"); }},
    {"mailu.state-not-mounted", [](W& w) { w.compose("services: {smtp: {image: 'ghcr.io/mailu/postfix:2.0'}}"); },
     [](W& w) {
         w.compose("services: {smtp: {image: 'ghcr.io/mailu/postfix:2.0'}}").mount("/queue", "/mailu/q", "", "smtp");
     }},
    {"mailu.overrides-moved",
     [](W& w) {
         w.versions("1.7", "2.0").compose("services: {imap: {image: 'mailu/dovecot:1.7'}}");
         w.mount("/overrides", "/mailu/overrides", "", "imap").config("overrides/dovecot.conf", "x");
     },
     [](W& w) {
         w.versions("1.7", "2.0").compose("services: {imap: {image: 'mailu/dovecot:1.7'}}");
         w.mount("/overrides", "/mailu/overrides/dovecot", "", "imap").config("overrides/dovecot/dovecot.conf", "x");
     }},
    {"mailu.nested-mount",
     [](W& w) {
         w.mount("/var/lib/rspamd", "/mailu/filter", "", "antispam")
             .mount("/data", "/mailu/filter/clamav", "", "antivirus");
     },
     [](W& w) {
         w.mount("/var/lib/rspamd", "/mailu/filter", "", "antispam").mount("/data", "/mailu/clamav", "", "antivirus");
     }},
    {"mailu.overrides-path",
     [](W& w) { w.versions("1.9", "2.0").mount("/etc/rspamd/override.d", "/mailu/o", "", "antispam"); },
     [](W& w) { w.versions("1.9", "2.0").mount("/overrides", "/mailu/o", "", "antispam"); }},
    {"mailu.fts", [](W& w) { w.versions("2.0", "2024.06.1").config("overrides/dovecot/x.conf", "fts = xapian\n"); },
     [](W& w) { w.versions("2.0", "2024.06.1").config("overrides/dovecot/x.conf", "# fts = xapian\n"); }},
    {"mailu.tls-flavor",
     [](W& w) {
         w.env("TLS_FLAVOR=cert").config("certs/cert.pem", "x").link("/mailu/certs/key.pem", "/etc/letsencrypt/k");
     },
     [](W& w) { w.env("TLS_FLAVOR=cert").config("certs/cert.pem", "x").config("certs/key.pem", "x"); }},
    {"mailu.env-renamed", [](W& w) { w.versions("1.9", "2.0").env("HOST_IMAP=imap"); },
     [](W& w) { w.versions("1.9", "2.0").env("IMAP_ADDRESS=imap"); }},
    {"mailu.downgrade", [](W& w) { w.versions("2024.06.1", "2.0").evidence.database_revision = "0ba45693748d"; },
     [](W& w) { w.versions("2.0", "2024.06.1").evidence.database_revision = "0ba45693748d"; }},
    {"mailu.network-fs", [](W& w) { w.mount("/mail", "nas:/x", "nfs", "imap"); },
     [](W& w) { w.mount("/mail", "/srv/m", "xfs", "imap"); }},
    {"mailu.hardened-malloc",
     [](W& w) { w.env("LD_PRELOAD=/usr/lib/libhardened_malloc.so").evidence.cpu_flags = "fpu sse2"; },
     [](W& w) { w.env("LD_PRELOAD=/usr/lib/libhardened_malloc.so").evidence.cpu_flags = "fpu avx2"; }},
};

}  // namespace

const std::vector<RuleCase>& mailu_cases()
{
    return cases_of_mailu;
}

}  // namespace mailstate

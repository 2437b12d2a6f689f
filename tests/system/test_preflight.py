#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check over the configuration that people have: from compose file and folder to the finding with its remedy, and after
the remedy no finding. sni over certificates of all kinds."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program

SECRET = "s3cret"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def make_certificate(folder, *names, domains=None, key="ec", days=30):
    """cert.pem and key.pem for the names; domains: what the file of that name says."""
    os.makedirs(folder, exist_ok=True)
    kind = ["rsa:2048"] if key == "rsa" else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    run = {"check": True, "capture_output": True, "stdin": subprocess.DEVNULL}
    subprocess.run(["openssl", "req", "-newkey", *kind, "-nodes", "-keyout", f"{folder}/key.pem", "-out",
                    f"{folder}/request", "-subj", f"/CN={names[0]}", "-addext",
                    "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)], **run)
    subprocess.run(["openssl", "x509", "-req", "-in", f"{folder}/request", "-signkey", f"{folder}/key.pem", "-days",
                    str(days), "-copy_extensions", "copy", "-out", f"{folder}/cert.pem"], **run)
    os.remove(f"{folder}/request")
    if domains is not None:
        write(f"{folder}/domains", domains)


def why_not_judged(judged):
    return {rule: each["why"] for each in judged["not_judged"] for rule in each["rules"]}


class Preflight(case.Case):
    def setUp(self):
        self.top = self.make_scratch("preflight")

    def path(self, name):
        return f"{self.top}/{name}"

    def write(self, name, text):
        write(self.path(name), text)

    def check(self, *arguments, status=None):
        outcome = program.run(["check", "--output", "json", *arguments])
        self.assertNotIn(SECRET, outcome.out + outcome.err)
        if status is not None:
            self.assert_status(outcome, status)
        return outcome

    def check_compose(self, *arguments, **options):
        return self.check("--compose", self.path("docker-compose.yml"), *arguments, **options)

    def assert_gone(self, outcome, *codes):
        for code in codes:
            self.assertEqual(outcome.findings(code), [], str(outcome))


class DockerMailserver(Preflight):
    def compose(self, tag="13.3.1", volumes=(), extra=""):
        lines = "".join(f"      - {volume}\n" for volume in ("./config/:/tmp/docker-mailserver/", *volumes))
        self.write("docker-compose.yml", f"services:\n  mailserver:\n    image: ghcr.io/docker-mailserver/"
                   f"docker-mailserver:{tag}\n    env_file: mailserver.env\n    volumes:\n{lines}{extra}")

    def test_one_dir_on_nfs_with_redis_on_a_mount_of_its_own(self):
        self.write("mailserver.env", "ONE_DIR=0\nENABLE_RSPAMD=1\n")
        os.mkdir(self.path("config"))
        nfs = "volumes:\n  state:\n    driver_opts: {type: nfs, o: 'addr=nas', device: ':/state'}\n"
        self.compose(volumes=["state:/var/mail-state", "./redis:/var/lib/redis"], extra=nfs)
        outcome = self.check_compose("--to", "v14.0.0", status=program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "dms.one-dir-removed", "mailserver.env:1", "Remove the variable")
        self.assert_finding(outcome, "dms.direct-mount", "./redis:/var/lib/redis", "--adopt-mounts")
        self.assert_finding(outcome, "dms.state-on-network", "nfs")

        self.write("mailserver.env", "ENABLE_RSPAMD=1\n")
        self.compose(volumes=["state:/var/mail-state"])
        outcome = self.check_compose("--to", "v14.0.0", status=program.DONE)
        self.assert_gone(outcome, "dms.one-dir-removed", "dms.direct-mount", "dms.state-on-network")

    def test_a_relay_map_that_v13_ignores(self):
        self.write("mailserver.env", "RELAY_USER=\n")
        self.write("config/postfix-accounts.cf", f"a@example.org|{{SHA512-CRYPT}}{SECRET}\n")
        self.write("config/postfix-relaymap.cf", "@example.org\t[smtp.relay.net]:587\r\n# comment")
        self.write("config/postfix-sasl-password.cf", f"[smtp.relay.net]:587 user:{SECRET}\n")
        self.compose()
        outcome = self.check_compose("--sender", "a@example.org", status=program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "dms.relay-map-ignored", "postfix-relaymap.cf:1", "Upgrade to v14")
        self.assertEqual(outcome.json()["route"]["after"]["next_hop"], "mx")

        outcome = self.check_compose("--to", "v14.0.0", "--sender", "a@example.org")
        self.assert_gone(outcome, "dms.relay-map-ignored")
        self.assert_finding(outcome, "dms.relay-map-activates", "direct delivery → [smtp.relay.net]:587")
        route = outcome.json()["route"]
        self.assertEqual(route["before"]["next_hop"], "mx")
        self.assertEqual(route["after"]["next_hop"], "[smtp.relay.net]:587")
        self.assertEqual(route["after"]["credentials"], "[smtp.relay.net]:587")
        self.assertEqual(route["after"]["tls"], "encrypt")

        self.compose(tag="14.0.0")
        self.assert_gone(self.check_compose(), "dms.relay-map-ignored", "dms.relay-map-activates")

    def test_an_address_that_is_account_and_alias(self):
        self.write("mailserver.env", "ENABLE_SRS=1\n")
        self.write("config/postfix-accounts.cf", f"a@example.org|{{SHA512-CRYPT}}{SECRET}\n")
        self.write("config/postfix-virtual.cf", "a@example.org  b@other.net\n")
        self.compose(tag="14.0.0")
        outcome = self.check_compose("--recipient", "a@example.org")
        found = self.assert_finding(outcome, "dms.alias-shadows-account", "postfix-virtual.cf:1")
        delivery = outcome.json()["delivery"]
        self.assertEqual((delivery["mailbox"], delivery["external"]), (False, ["b@other.net"]))

        line = found[0]["hint"].split("'")[1]
        self.write("config/postfix-virtual.cf", line + "\n")
        outcome = self.check_compose("--recipient", "a@example.org", status=program.DONE)
        self.assert_gone(outcome, "dms.alias-shadows-account")
        delivery = outcome.json()["delivery"]
        self.assertEqual((delivery["mailbox"], delivery["external"]), (True, ["b@other.net"]))

    def test_any_bytes_are_taken_and_the_rest_is_judged(self):
        self.compose(tag="14.0.0")
        os.mkdir(self.path("config"))
        for name in ("config/postfix-accounts.cf", "config/postfix-virtual.cf", "config/postfix-relaymap.cf",
                     "config/postfix-sasl-password.cf", "config/dovecot-quotas.cf", "mailserver.env"):
            with open(self.path(name), "wb") as file:
                # What stands where a host should is a host.
                word = b"host" if "relaymap" in name else SECRET.encode()
                file.write(b"\xef\xbb\xbf\xff\x00|\r\n\x80 " + word + b"\n@@ =\n" + b"a@b.org|x\n" * 10_000)
        self.assert_finding(self.check_compose(), "dms.cf-lines")
        for text in ("", "\0", "services: [", "a: &a [*a]", "- 1", "services:\n  x:\n    volumes: {a: b}\n"):
            self.write("docker-compose.yml", text)
            self.assertIn(self.check_compose("--config-dir", self.path("config")).status, (0, 3))

    def test_a_secret_in_the_wrong_place_is_not_repeated(self):
        self.compose(tag="13.3.1")
        self.write("config/postfix-accounts.cf", f"Alice@example.org {{SHA512-CRYPT}}$6${SECRET}|userdb_x=1\n"
                                                 "bob@example.org|{X}h\n")
        self.write("config/postfix-relaymap.cf", f"@x.org [smtp.net]:465 user:{SECRET}\n[h.net]:587 user:{SECRET}\n"
                                                 f"@y.org user:{SECRET}\n@example.org [smtp.net]:587\n")
        self.write("config/postfix-sasl-password.cf", f"{SECRET} smtp.net:587\nuser:{SECRET} [smtp.net]:587\n"
                                                      f"a.{SECRET} smtp.net:587\nuser:9{SECRET} smtp.net:587\n")
        for arguments in ((), ("--sender", "me@x.org"), ("--sender", "bob@example.org"), ("--recipient", "alice@x.org")):
            self.check_compose("--to", "14.0.0", *arguments)  # looks for it in all that is said
        lines = [f["subject"] for f in self.check_compose("--to", "14.0.0").findings("dms.cf-lines")]
        self.assertIn("postfix-relaymap.cf:1", lines)

    def test_a_key_is_missed_only_where_check_can_look(self):
        self.write("mailserver.env", "SPAM_SUBJECT='[SPAM] '  # marks spam\n")
        self.write("config/rspamd/override.d/dkim_signing.conf",
                   'path = "/tmp/docker-mailserver/rspamd/dkim/a.key"; # why\npath = "/etc/rspamd/b.key";\n')
        self.compose(tag="15.0.0")
        outcome = self.check_compose(status=program.NOT_AS_IT_SHOULD_BE)
        self.assert_gone(outcome, "dms.env-syntax")
        found = {f["subject"][-1]: f["severity"] for f in outcome.findings("dms.arc-key")}
        self.assertEqual(found, {"1": "error", "2": "note"}, str(outcome))
        self.write("config/rspamd/dkim/a.key", "")
        self.assertEqual(len(self.check_compose().findings("dms.arc-key")), 1)

    def test_what_an_anchor_merges_into_itself_has_an_end(self):
        self.compose(tag="14.0.0")
        self.write("docker-compose.yml", "services:\n  mail:\n    image: mailserver:14.0.0\n    tmpfs: ':size=1m'\n"
                                         "    environment: &a {<<: *a, ENABLE_SRS: '1'}\n")
        os.makedirs(self.path("config"), exist_ok=True)
        self.assertIn(self.check_compose("--config-dir", self.path("config")).status, (0, 3))

    def test_what_is_not_there_is_refused(self):
        self.check("--env-file", self.path("none.env"), status=program.BAD_FILE)
        self.check("--explain", "dms.none", status=program.USAGE)

    def test_repairs_when_asked_and_only_then(self):
        root = self.path("root")
        nested = f"{root}/var/lib/redis/lib-redis"
        os.makedirs(f"{root}/var/lib/redis")
        os.makedirs(f"{root}/var/mail-state/lib-amavis")
        os.makedirs(f"{root}/etc")
        os.symlink("/var/mail-state/lib-redis", nested)
        os.chmod(f"{root}/var/mail-state", 0o750)
        pid = f"{root}/var/mail-state/lib-amavis/amavisd.pid"
        write(pid, "4194303\n")
        arguments = ["--root", root, "--to", "v15.0.0"]
        codes = ("dms.nested-link", "dms.state-traversal", "dms.stale-runtime")
        for code in codes:
            self.assert_finding(self.check(*arguments), code)
        self.assertTrue(os.path.lexists(nested) and os.path.exists(pid))
        outcome = self.check(*arguments, "--fix")
        for code in codes:
            self.assertIn("repaired: ", self.assert_finding(outcome, code)[0]["message"])
        self.assert_gone(self.check(*arguments), *codes)
        self.assertEqual(os.stat(f"{root}/var/mail-state").st_mode & 0o777, 0o751)


class Mailu(Preflight):
    def test_tls_that_breaks_local_delivery(self):
        self.write("mailu.env", "INBOUND_TLS_ENFORCE=true\n")
        self.write(".env", "MAILU_VERSION=2.0.45\n")
        self.write("docker-compose.yml", "services:\n  admin:\n    image: ghcr.io/mailu/admin:${MAILU_VERSION:-2.0}\n"
                                         "    env_file: mailu.env\n    volumes: ['./data:/data', './dkim:/dkim']\n")
        system = ["--system", "mailu"]
        self.assert_gone(self.check_compose(*system), "mailu.lmtp-tls")
        outcome = self.check_compose(*system, "--to", "2024.06.12", status=program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "mailu.lmtp-tls", "mailu.env:1", "2024.06.13")
        moving = self.assert_finding(self.check_compose(*system, "--to", "2024.06"), "mailu.lmtp-tls")
        self.assertEqual(moving[0]["severity"], "note")
        self.assertIn("unknown", moving[0]["message"])
        self.assert_gone(self.check_compose(*system, "--to", "2024.06.13", status=program.DONE), "mailu.lmtp-tls")
        self.write("mailu.env", "# INBOUND_TLS_ENFORCE=true\n")
        self.assert_gone(self.check_compose(*system, "--to", "2024.06.12"), "mailu.lmtp-tls")


    def test_a_variable_that_is_in_a_secret(self):
        self.write("mailu.env", "this is no variable\nINBOUND_TLS_ENFORCE_FILE=/run/secrets/tls\n")
        self.write("tls.txt", "true\n")
        services = "".join(f"  {name}:\n    image: ghcr.io/mailu/{name}:2.0.45\n    env_file: mailu.env\n"
                           "    secrets: [tls]\n" for name in ("admin", "front"))
        self.write("docker-compose.yml", f"services:\n{services}secrets: {{tls: {{file: ./tls.txt}}}}\n")
        arguments = ("--system", "mailu", "--to", "2024.06.12")
        outcome = self.check_compose(*arguments, status=program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "mailu.lmtp-tls", "mailu.env:2", "2024.06.13")
        self.assertEqual(len(outcome.findings("env.line")), 1, str(outcome))
        self.write("tls.txt", "false\n")
        self.assert_gone(self.check_compose(*arguments), "mailu.lmtp-tls")
        os.remove(self.path("tls.txt"))
        found = self.assert_finding(self.check_compose(*arguments), "mailu.lmtp-tls", "was not seen")
        self.assertEqual(found[0]["severity"], "note")
        self.assertNotIn("--to", found[0]["hint"])


class Mailcow(Preflight):
    def setUp(self):
        super().setUp()
        self.write("mailcow.conf", f"MAILCOW_HOSTNAME=mail.example.org\nREDISPASS={SECRET}\n")
        os.symlink("mailcow.conf", self.path(".env"))
        self.ssl = self.path("data/assets/ssl")
        self.write("data/assets/ssl/dhparams.pem", "x")
        make_certificate(self.ssl, "mail.example.org")
        os.makedirs(self.path("data/conf/postfix"))

    def mailcow(self, *arguments):
        return self.check("--system", "mailcow", "--config-dir", self.path("data/conf"), *arguments)

    def sni(self, *arguments, status=0, **options):
        outcome = program.run(["sni", "--certs", self.ssl, "--hostname", "mail.example.org", *arguments], **options)
        self.assert_status(outcome, status)
        self.assertNotIn("PRIVATE KEY", outcome.out + outcome.err)
        return outcome

    def names(self, *arguments):
        return [line["name"] for line in self.sni("--output", "json", *arguments).json()["lines"]]

    def test_what_is_left_out_of_the_map_is_one_line_of_the_log(self):
        for folder in "abcdefg":
            self.write(f"data/assets/ssl/{folder}/domains", f"{folder}.example.org\n")
            outcome = self.sni()
            lines = [line for line in outcome.err.splitlines() if "left out of the map: " in line]
            self.assertEqual(len(lines), 1, outcome.err)
        self.assertEqual(lines[0].count("cert.pem"), 5, lines)
        self.assertTrue(lines[0].endswith("; and 2 more, see mailstate sni --output json"), lines)
        codes = [found["code"] for found in self.sni("--output", "json").json()["findings"]]
        self.assertEqual(codes, ["sni.left-out"] * 7)

    def test_an_empty_sni_map(self):
        found = self.assert_finding(self.mailcow(), "mailcow.sni-default", "mail.example.org", "No action is needed: the default")
        self.assertEqual(found[0]["severity"], "note")  # the default is for the host
        out = self.path("data/conf/postfix/mailstate-sni.map")
        self.write("data/conf/postfix/extra.cf", "tls_server_sni_maps = texthash:/opt/postfix/conf/mailstate-sni.map\n")
        found = self.assert_finding(self.mailcow(), "mailcow.sni-map", "mailstate-sni.map does not exist", "Remove the line")
        self.assertEqual(found[0]["severity"], "error")
        self.write("data/hooks/postfix/mailstate.sh", "#!/bin/bash\n")
        self.assert_finding(self.mailcow(), "mailcow.sni-map", "whose hook writes the map")
        self.sni("--out", out)
        for code in ("mailcow.sni-default", "mailcow.sni-map", "mailcow.sni-compiled"):
            self.assert_gone(self.mailcow(), code)
        self.assertEqual(os.stat(out).st_mode & 0o777, 0o644)
        with open(out, encoding="utf-8") as file:
            self.assertEqual(file.read(), f"mail.example.org  {self.ssl}/key.pem {self.ssl}/cert.pem\n")

    def test_a_compiled_map_with_copies_of_keys(self):
        self.write("data/hooks/postfix/mailstate.sh", "#!/bin/bash\n")
        out = self.path("data/conf/postfix/mailstate-sni.map")
        self.write("data/conf/postfix/extra.cf", "tls_server_sni_maps = hash:/opt/postfix/conf/mailstate-sni.map\n")
        self.write("data/conf/postfix/mailstate-sni.map",
                   "mail.example.org  /etc/ssl/mail/key.pem /etc/ssl/mail/cert.pem\n")
        self.write("data/conf/postfix/mailstate-sni.map.db", "compiled")
        found = self.assert_finding(self.mailcow(), "mailcow.sni-compiled", "private keys", "texthash:")
        self.assertEqual(found[0]["severity"], "warning")
        os.utime(out + ".db", (1, 1))
        found = self.assert_finding(self.mailcow(), "mailcow.sni-compiled", "is older than /etc/ssl/mail/key.pem",
                                    "mailstate sni --out /opt/postfix/conf/mailstate-sni.map --postmap && ")
        self.assertEqual(found[0]["severity"], "error")

    def test_a_hook_that_is_not_executable(self):
        self.write("data/hooks/postfix/mailstate.sh", "#!/bin/bash\n")
        os.chmod(self.path("data/hooks/postfix/mailstate.sh"), 0o644)
        self.assert_finding(self.mailcow(), "mailcow.hook-mode", "chmod +x data/hooks/postfix/mailstate.sh")
        os.chmod(self.path("data/hooks/postfix/mailstate.sh"), 0o755)
        self.assert_gone(self.mailcow(), "mailcow.hook-mode")

    def test_folders_for_no_name_are_not_worth_a_word(self):
        os.makedirs(f"{self.ssl}/backups")
        make_certificate(f"{self.ssl}/acme", "mail.example.org")
        outcome = self.sni()
        self.assertEqual((outcome.err, outcome.out.count("\n")), ("", 1))
        self.assertNotIn("acme", json.dumps(self.mailcow().json()))

    def test_what_cannot_be_read_is_not_taken_for_a_folder_without_names(self):
        make_certificate(f"{self.ssl}/a", "a.org", domains="a.org")
        make_certificate(f"{self.ssl}/b", "b.org", domains="b.org")
        for path, mode in ((f"{self.ssl}/a", 0o700), (f"{self.ssl}/b/domains", 0o600)):
            os.chown(path, 4711, 4711)
            os.chmod(path, mode)
        outcome = self.sni(via=["setpriv", "--bounding-set=-dac_override,-dac_read_search"])
        self.assertIn(f"{self.ssl}/a: the folder cannot be read; {self.ssl}/b: its file domains cannot be read", outcome.err)
        self.assertEqual(self.names(), ["mail.example.org", "a.org", "b.org"])

    def test_the_map_leaves_out_what_cannot_be_served(self):
        make_certificate(f"{self.ssl}/a", "imap.example.org", "*.wild.org", key="rsa",
                         domains="IMAP.example.org\r\n*.wild.org\tmail.example.org imap.example.org other.org")
        make_certificate(f"{self.ssl}/b", "mismatch.org", domains="mismatch.org")
        make_certificate(f"{self.ssl}/c", "c.org", domains="c.org")
        os.replace(f"{self.ssl}/c/key.pem", f"{self.ssl}/b/key.pem")
        make_certificate(f"{self.ssl}/d", "empty.org", domains="empty.org")
        write(f"{self.ssl}/d/key.pem", "")
        make_certificate(f"{self.ssl}/e", "locked.org", domains="locked.org")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", f"{self.ssl}/e/key.pem", "-out", f"{self.ssl}/e/new.pem",
                        "-passout", "pass:x"], check=True)
        os.replace(f"{self.ssl}/e/new.pem", f"{self.ssl}/e/key.pem")
        make_certificate(f"{self.ssl}/f", "late.org", domains="late.org", days=-1)
        self.assertEqual(self.names(), ["mail.example.org", "imap.example.org", ".wild.org"])
        said = json.dumps(self.sni("--output", "json").findings("sni.left-out"))
        for words in ("other.org", "do not match", "key.pem does not exist", "the key is empty",
                      "the key is encrypted", "expired"):
            self.assertIn(words, said)
        self.sni("--strict", status=program.NOT_AS_IT_SHOULD_BE)
        self.assertIn("local_name *.wild.org {", self.sni("--format", "dovecot").out)
        self.assert_finding(self.mailcow(), "mailcow.sni-stale", "late.org")

    def test_fix_writes_the_map(self):
        found = self.assert_finding(self.mailcow("--fix"), "mailcow.sni-default")
        self.assertIn("repaired: ", found[0]["message"])
        with open(self.path("data/conf/postfix/mailstate-sni.map"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "mail.example.org  /etc/ssl/mail/key.pem /etc/ssl/mail/cert.pem\n")


class Projects(Preflight):
    """Which system, which files, and what is said of what was not judged."""

    IMAGE = "ghcr.io/docker-mailserver/docker-mailserver:v13.3.1"

    def check_here(self, *arguments, status=None, **options):
        outcome = program.run(["check", "--output", "json", *arguments], cwd=self.top, **options)
        if status is not None:
            self.assert_status(outcome, status)
        return outcome

    def write_mail(self, name="compose.yaml", more=""):
        self.write(name, f"services:\n  mail:\n    image: {self.IMAGE}\n    volumes: ['./state:/var/mail-state']\n"
                         f"    environment: [ENABLE_LDAP=1]\n{more}")

    def test_every_system_in_a_file_is_judged(self):
        self.write_mail(more="  postfix-mailcow: {image: 'ghcr.io/mailcow/postfix:1.77'}\n"
                             "  admin: {image: 'ghcr.io/mailu/admin:2.0.1'}\n  web: {image: nginx}\n")
        judged = self.check_here("--compose", "compose.yaml").json()["judged"]
        self.assertEqual({each["system"] for each in judged}, {"docker-mailserver", "mailu", "mailcow"})

    def test_no_all_clear_for_what_was_not_judged(self):
        self.write("web.yaml", "services: {web: {image: nginx}}\n")
        self.write("fork.yaml", "services: {mail: {image: 'someone/mailserver:1'}}\n")
        self.write("off.yaml", f"services: {{mail: {{image: '{self.IMAGE}', profiles: [backup]}}}}\n")
        self.write("values.yaml", "image: {name: mailserver/docker-mailserver}\ndeployment: {env: {A: 1}}\n")
        self.write("service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n")
        for name, words in {"web.yaml": "no service from", "fork.yaml": "someone/mailserver:1", "off.yaml": "backup",
                            "values.yaml": "helm template", "service.yaml": "no service from"}.items():
            outcome = self.check_here("--compose", name, "--to", "v15.1.0", status=program.NOT_AS_IT_SHOULD_BE)
            self.assertIn(words, self.assert_finding(outcome, "check.not-judged")[0]["message"])
        self.write_mail()
        out = program.run(["check", "--compose", "compose.yaml", "--to", "v15.1.0"], cwd=self.top).out
        self.assertIn("docker-mailserver (service mail), v13.3.1 → v15.1.0:", " ".join(out.split()))
        self.assertIn("not judged: the running system was not seen", " ".join(out.split()))

    def test_a_folder_that_was_not_seen_is_not_fine(self):
        self.write("compose.yaml", f"services:\n  mail:\n    image: {self.IMAGE}\n"
                                   "    volumes: ['conf:/tmp/docker-mailserver', './state:/var/mail-state']\n"
                                   "    environment: [DEFAULT_RELAY_HOST=r.example.net:465]\n"
                                   "volumes: {conf: }\n")
        outcome = self.check_here("--compose", "compose.yaml", "--to", "v15.1.0", status=program.DONE)
        judged = outcome.json()["judged"][0]
        why = why_not_judged(judged)
        for rule in ("dms.cf-lines", "dms.getmail-config", "dms.alias-loop"):
            self.assertNotIn(rule, judged["fine"])
            self.assertIn("conf:/tmp/docker-mailserver is not on this machine (--config-dir)", why[rule])
        self.assertEqual([f["severity"] for f in self.assert_finding(outcome, "dms.relay-465", "unknown: ")], ["note"])
        for folder, note in ((self.path("none"), "Correct --config-dir."), (self.top, None)):
            outcome = self.check_here("--compose", "compose.yaml", "--to", "v15.1.0", "--config-dir", folder)
            hints = [f["hint"] for f in outcome.findings("check.unknown")]
            self.assertEqual(hints, [note] if note else [], str(outcome))
        self.assertIn("dms.cf-lines", outcome.json()["judged"][0]["fine"])
        self.assert_finding(outcome, "dms.relay-465")
        self.assertEqual(outcome.status, program.NOT_AS_IT_SHOULD_BE)

    def test_what_this_user_may_not_read_is_not_fine(self):
        if os.geteuid() != 0:
            self.skipTest("becomes another user, so it needs root")
        self.write("compose.yaml", f"services:\n  mail:\n    image: {self.IMAGE}\n"
                                   "    volumes: ['./config:/tmp/docker-mailserver', './state:/var/mail-state']\n")
        self.write("config/postfix-virtual.cf", "a@example.org b\n")
        nobody = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", program.binary(), "check", "--output",
                  "json", "--compose", "compose.yaml", "--to", "v15.1.0"]

        def why_not():
            out = subprocess.run(nobody, cwd=self.top, capture_output=True, text=True, env=program.CLEAN).stdout
            judged = json.loads(out)["judged"][0]
            return why_not_judged(judged).get("dms.alias-loop")

        os.chmod(self.top, 0o755)
        self.assertIsNone(why_not())
        os.chmod(self.path("config/postfix-virtual.cf"), 0o600)
        self.assertIn("postfix-virtual.cf cannot be read", why_not())
        os.chmod(self.path("config"), 0o700)
        self.assertIn("./config:/tmp/docker-mailserver is not on this machine", why_not())

    def test_the_last_lines_fit_what_was_printed(self):
        def last_lines(*more):
            out = program.run(["check", "--compose", "compose.yaml", *more], cwd=self.top).out
            return out.strip().splitlines()[-2:]

        os.mkdir(self.path("config"))
        self.write("compose.yaml", f"services:\n  mail:\n    image: {self.IMAGE}\n    environment: [DMS_DEBUG=1]\n"
                                   "    volumes: ['./config:/tmp/docker-mailserver', './state:/var/mail-state']\n")
        self.assertIn("check: 1 note, no problems", last_lines("--to", "v15.1.0")[1])
        self.assertIn("check: 2 notes, no problems", last_lines("--to", "v17.0.0")[1])
        self.assertIn("end with 16.0.1", program.run(["check", "--compose", "compose.yaml", "--to", "v17.0.0"],
                                                     cwd=self.top).out)
        self.write_mail()
        before, after = last_lines("--to", "v15.1.0")
        self.assertIn("check: 1 error", before)
        self.assertEqual(after, "Next: correct the errors, then run it again: mailstate check --compose compose.yaml "
                                "--to v15.1.0")

    def test_a_file_that_cannot_be_read_is_not_said_to_be_without_a_mail_service(self):
        self.write("flow.yaml", f"services:\n  mail:\n    image: {self.IMAGE}\n    dns: [${{NET:-172.22.1}}.254]\n")
        self.write("twice.yaml", "kind: Pod\nkind: Pod\n")
        for option, name, line in (("--compose", "flow.yaml", 4), ("--manifest", "twice.yaml", 2)):
            outcome = self.check_here(option, name, status=program.NOT_AS_IT_SHOULD_BE)
            self.assertEqual(self.assert_finding(outcome, "compose.unreadable")[0]["location"]["line"], line)
            self.assertNotIn("check.not-judged", [each["code"] for each in outcome.json()["findings"]])
            self.assertIn(f"{name} cannot be read as it is, so nothing in it was judged", outcome.json()["not_judged"])

    def test_a_slip_in_a_version_is_refused(self):
        self.write_mail()
        for version in ("v15.l.0", "2025-03", "fifteen"):
            for option in ("--to", "--from"):
                self.check_here("--compose", "compose.yaml", option, version, status=program.USAGE)
        for version in ("v15.1.0", "15", "latest", "edge"):
            self.assertIn(self.check_here("--compose", "compose.yaml", "--to", version).status, (0, 3))

    def test_a_finding_has_its_line_its_values_and_a_page(self):
        self.write_mail("deploy/compose.yaml", more="    security_opt:\n      - no-new-privileges:true\n")
        outcome = self.check_here("--compose", "deploy/compose.yaml", "--to", "v15.1.0")
        found = self.assert_finding(outcome, "dms.sgid-lost")[0]
        self.assertEqual(found["location"], {"file": "deploy/compose.yaml", "line": 7})
        removed = self.assert_finding(outcome, "dms.env-removed")[0]
        self.assertEqual(removed["location"], {"file": "deploy/compose.yaml", "line": 5})
        self.assertEqual(removed["data"]["name"], "ENABLE_LDAP")
        self.assertTrue(removed["reference"].startswith("https://"))

    def test_reads_what_compose_and_helm_print(self):
        self.write_mail()
        config = json.dumps({"name": "mail", "services": {"mail": {
            "image": self.IMAGE, "environment": {"ENABLE_LDAP": "1"}}}})
        pod = ("apiVersion: v1\nkind: Pod\nmetadata: {name: m}\nspec:\n  containers:\n  - name: m\n"
               f"    image: {self.IMAGE}\n    env: [{{name: ENABLE_LDAP, value: '1'}}]\n")
        for option, text in (("--compose", config), ("--manifest", pod), ("--compose", pod)):
            with self.subTest(option=option):
                process = subprocess.run([program.binary(), "check", "--output", "json", option, "-", "--to", "v15.1.0"],
                                         input=text, capture_output=True, text=True, cwd=self.top, env=program.CLEAN)
                found = [f for f in json.loads(process.stdout)["findings"] if f["code"] == "dms.env-removed"]
                self.assertEqual([f["severity"] for f in found], ["error"], process.stdout)
        self.write("k8s/pod.yaml", pod)
        self.assert_finding(self.check_here("--manifest", "k8s", "--to", "v15.1.0"), "dms.env-removed")

    def test_state_that_a_recreation_would_drop(self):
        where = {"nothing": "[]", "is tmpfs": "[{type: tmpfs, target: /var/mail-state}]", "no name": "[/var/mail-state]"}
        for words, volumes in where.items():
            self.write("compose.yaml", f"services:\n  mail:\n    image: {self.IMAGE}\n    volumes: {volumes}\n")
            outcome = self.check_here("--compose", "compose.yaml", "--to", "v14.0.0")
            found = self.assert_finding(outcome, "dms.state-not-mounted", words)
            self.assertEqual([f["severity"] for f in found], ["warning"])
        self.write_mail()
        self.assert_gone(self.check_here("--compose", "compose.yaml", "--to", "v14.0.0"), "dms.state-not-mounted")

    def test_a_release_of_another_system_is_named(self):
        self.write("compose.yaml", f"services:\n  mail:\n    image: {self.IMAGE}\n    volumes: ['s:/var/mail-state']\n"
                                   "  front:\n    image: ghcr.io/mailu/nginx:2.0\nvolumes: {s: }\n")
        outcome = self.check_here("--compose", "compose.yaml", "--to", "v15.1.0")
        named = [why for why in outcome.json()["not_judged"] if "--to v15.1.0" in why]
        self.assertEqual(len(named), 1)
        self.assertIn("mailu", named[0])

    def test_a_folder_is_the_project_in_it(self):
        self.write("mc/docker-compose.yml", "services: {postfix-mailcow: {image: 'ghcr.io/mailcow/postfix:1.80'}}\n")
        self.write("mc/mailcow.conf", "MAILCOW_HOSTNAME=mail.\n")
        self.write("mc/data/conf/postfix/dns_blocklists.cf", "# Autogenerated by mailcow\n")
        for named in ("mc", "mc/docker-compose.yml"):
            answer = self.check_here("--compose", named, "--from", "2024-08", "--to", "2025-01").json()
            places = {f["code"]: f.get("location", {}).get("file") for f in answer["findings"]}
            self.assertEqual(places.get("mailcow.dnsbl-autogenerated"), "mc/data/conf/postfix/dns_blocklists.cf")
            self.assertEqual(places.get("mailcow.hostname"), "mc/mailcow.conf")
        self.write("empty/readme", "")
        for option in ("--compose", "--manifest"):
            outcome = self.check_here(option, "empty")
            self.assert_status(outcome, program.BAD_FILE)
            self.assertIn("the folder has no", outcome.out)

    def test_reports_for_pipelines(self):
        self.write_mail()
        arguments = ["check", "--compose", "compose.yaml", "--to", "v15.1.0", "--output"]
        junit = program.run([*arguments, "junit"], cwd=self.top)
        self.assert_status(junit, program.NOT_AS_IT_SHOULD_BE)
        try:
            import junitparser
        except ImportError:
            self.skipTest("junitparser (package python3-junitparser) is not installed")
        suite = list(junitparser.JUnitXml.fromstring(junit.out.encode()))[0]
        self.assertGreater(suite.failures, 0)
        self.assertEqual(suite.tests, len(list(suite)))
        skipped = [case.name for case in suite if case.is_skipped]
        self.assertIn("dms.free-space", skipped)  # it asks for the state directory
        sarif = json.loads(program.run([*arguments, "sarif"], cwd=self.top).out)
        self.assertTrue(any("dms.free-space" in note["message"]["text"] for note in
                            sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"]))
        self.assertIn("dms.env-removed", [result["ruleId"] for result in sarif["runs"][0]["results"]])
        self.assertIn("::error file=compose.yaml,line=5,title=dms.env-removed::",
                      program.run([*arguments, "github"], cwd=self.top).out)
        self.assert_status(program.run(["plan", "--output", "sarif"]), program.USAGE)


class RuleBook(Preflight):
    def test_is_listed_and_explained_from_the_same_rows(self):
        rules = self.check("--list", status=program.DONE).json()["rules"]
        self.assertGreater(len(rules), 70)
        for rule in rules[::15]:
            said = program.run(["check", "--explain", rule["id"]])
            self.assertIn(rule["id"], said.out)
        self.assertEqual({rule["system"] for rule in rules}, {"docker-mailserver", "mailu", "mailcow"})


if __name__ == "__main__":
    case.main()

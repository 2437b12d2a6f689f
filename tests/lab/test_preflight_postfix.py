#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What check and sni say, against the real Postfix: relay hosts by postmap -q, recipients by cleanup(8), certificates
by handshakes."""

import json
import os
import random
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), HERE]
from container import Container, Image, prepare_network
from support import namespace, program

DOMAINS = ["one.test", "two.test", "three.test", "out.test"]
HOSTS = ["[relay.net]:587", "[relay.net]", "smtp.net:2525", "[other.net]:25"]
USERS = ["ann", "bob", "cat"]
VARIABLES = {"RELAY_HOST": "env.relay", "RELAY_PORT": "2587", "DEFAULT_RELAY_HOST": "[default.relay]:25"}


def relay_map(era, lines, env, domains):
    """sender_dependent_relayhost_maps as the start script of docker-mailserver writes it; None: none is set."""
    active = bool(env.get("RELAY_HOST")) or (era == 14 and (lines is not None or env.get("DEFAULT_RELAY_HOST")))
    if not active:
        return None
    made = [line for line in lines or [] if len(line.split()) > 1]
    if env.get("RELAY_HOST"):
        named = {line.split()[0] for line in lines or []}
        made += [f"@{domain} [{env['RELAY_HOST']}]:{env.get('RELAY_PORT', '25')}" for domain in domains
                 if f"@{domain}" not in named]
    return made


class RealPostfix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prepare_network()
        os.mkdir(f"{namespace.enter()}/image")
        os.mkdir(f"{namespace.enter()}/1")
        cls.container = Container(f"{namespace.enter()}/1", Image(f"{namespace.enter()}/image"))
        cls.container.start()
        cls.config = f"{cls.container.root}/config"
        os.makedirs(cls.config)

    @classmethod
    def tearDownClass(cls):
        cls.container.run("postfix", "stop", check=False)
        cls.container.stop()

    def write(self, path, lines):
        with open(self.container.root + path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)

    def look_up(self, table, keys):
        """Key → value by postmap, for those that are found."""
        out = self.container.run("postmap", "-q", "-", f"texthash:{table}", check=False, text="\n".join(keys) + "\n")
        return dict(line.split("\t", 1) for line in out.stdout.splitlines())

    def check(self, *arguments):
        return program.run(["check", "--system", "docker-mailserver", "--config-dir", self.config, "--output", "json",
                            *arguments]).json()

    def test_relay_hosts_are_those_that_postfix_finds(self):
        chance, cases = random.Random(7), 0
        for _ in range(12):
            for name in os.listdir(self.config):
                os.remove(f"{self.config}/{name}")
            env = {name: VARIABLES[name] for name in VARIABLES if chance.random() < .5}
            lines = [f"{chance.choice(['', *USERS])}@{domain}  {chance.choice(HOSTS + [''])}".rstrip()
                     for domain in chance.sample(DOMAINS, 3)]
            lines = lines if chance.random() < .8 else None
            if lines is not None:
                self.write("/config/postfix-relaymap.cf", lines)
            domains = chance.sample(DOMAINS, 2)
            self.write("/config/postfix-accounts.cf", [f"ann@{domain}|{{X}}h" for domain in domains])
            with open(f"{self.config}/m.env", "w", encoding="utf-8") as file:
                file.writelines(f"{name}={value}\n" for name, value in env.items())
            senders = [f"{user}@{domain}" for domain in DOMAINS for user in USERS]
            expected = {}
            for era in (13, 14):
                made = relay_map(era, lines, env, domains)
                self.write("/etc/postfix/relayhost_map", made or [])
                found = self.look_up("/etc/postfix/relayhost_map", senders + ["@" + domain for domain in DOMAINS])
                for sender in senders:
                    hop = found.get(sender) or found.get("@" + sender.split("@")[1])
                    expected[era, sender] = hop or env.get("DEFAULT_RELAY_HOST") or "mx"
            for sender in senders:
                route = self.check("--env-file", f"{self.config}/m.env", "--from", "13.3.1", "--to", "14.0.0",
                                   "--sender", sender)["route"]
                told = {13: route["before"]["next_hop"], 14: route["after"]["next_hop"]}
                for era in (13, 14):
                    self.assertEqual(told[era], expected[era, sender], (era, sender, lines, env, domains))
                    cases += 1
        print(f"{cases} relay cases agree", file=sys.stderr)

    def test_recipients_are_those_that_cleanup_makes(self):
        container, chance = self.container, random.Random(11)
        local = ["x.test", "y.test"]
        container.run("postconf", f"virtual_mailbox_domains = {' '.join(local)}",
                      "virtual_alias_maps = texthash:/etc/postfix/virtual", "virtual_mailbox_maps = ",
                      "defer_transports = virtual smtp local error", "recipient_delimiter = +",
                      "local_recipient_maps =", "max_use = 1")  # so that each mail meets the map as it is now
        self.write("/etc/postfix/virtual", [])
        container.run("postfix", "start")
        everybody = [f"{user}@{domain}" for domain in local for user in (*USERS, "eve")]
        cases = 0
        for turn in range(8):
            accounts = chance.sample(everybody, 4)
            keys = chance.sample([*everybody, "@x.test", "@y.test"], 6)
            targets = [*everybody, "far@away.test", "@y.test"]
            aliases = {key: chance.sample(targets, chance.randint(1, 3)) for key in keys}
            rows = [f"{key}  {', '.join(those)}" for key, those in aliases.items()]
            self.write("/etc/postfix/virtual", rows)
            self.write("/config/postfix-virtual.cf", rows)
            self.write("/config/postfix-accounts.cf", [f"{address}|{{X}}h" for address in accounts])
            told = {}
            for number, address in enumerate([*everybody, "eve+tag@x.test", "far@away.test"]):
                delivery = self.check("--recipient", address)["delivery"]
                if delivery["loop"]:
                    continue  # cleanup refuses it again and again: nothing comes into the queue
                sender = f"case-{turn}-{number}@sender.test"
                told[sender] = {*delivery["mailboxes"], *delivery["external"], *delivery["unknown"]}
                container.run("/usr/sbin/sendmail", "-f", sender, address, text="Subject: x\n\nx\n")
            queued = {}

            def is_queued():
                queued.clear()
                for line in container.run("postqueue", "-j").stdout.splitlines():
                    mail = json.loads(line)
                    if mail["queue_name"] in ("maildrop", "incoming"):
                        continue  # cleanup has not had it yet
                    queued[mail["sender"]] = {re.sub(r"\+[^@]*", "", each["address"]) for each in mail["recipients"]}
                return set(told) <= set(queued)

            container.wait_for("queueing", is_queued)
            for sender, recipients in told.items():
                plain = {re.sub(r"\+[^@]*", "", each) for each in recipients}
                self.assertEqual(plain, queued[sender], (sender, rows, accounts))
                cases += 1
            container.run("postsuper", "-d", "ALL")
        print(f"{cases} delivery cases agree", file=sys.stderr)
        container.run("postfix", "stop")
        container.run("postconf", "virtual_alias_maps =", "virtual_mailbox_domains =")

    def test_handshakes_get_the_certificate_of_the_map(self):
        container = self.container
        made = "/etc/ssl/mail"
        for folder, names, domains in (("", ["mail.test"], None), ("w", ["*.wild.test"], "*.wild.test"),
                                       ("a", ["imap.test", "san.test"], "imap.test san.test"),
                                       ("bad", ["bad.test"], "bad.test")):
            path = f"{container.root}{made}/{folder}"
            os.makedirs(path, exist_ok=True)
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{path}/key.pem",
                            "-out", f"{path}/cert.pem", "-days", "9", "-subj", f"/CN={names[0]}", "-addext",
                            "subjectAltName=" + ",".join("DNS:" + name for name in names)], check=True,
                           capture_output=True)
            if domains:
                self.write(f"{made}/{folder}/domains", [domains])
        os.replace(f"{container.root}{made}/bad/cert.pem", f"{container.root}{made}/bad/x.pem")
        os.link(f"{container.root}{made}/a/cert.pem", f"{container.root}{made}/bad/cert.pem")
        done = container.run("mailstate", "sni", "--hostname", "mail.test", "--out", "/etc/postfix/sni.map",
                             "--postmap")
        self.assertIn("wrote 4 names", done.stdout)
        self.assertIn("sni.map.db: it holds copies of the keys and certificates of 4 lines: run this again", done.stderr)
        self.assertEqual(os.stat(f"{container.root}/etc/postfix/sni.map.db").st_mode & 0o777, 0o600)
        container.run("postconf", f"smtpd_tls_chain_files = {made}/key.pem {made}/cert.pem",
                      "smtpd_tls_security_level = may", "tls_server_sni_maps = hash:/etc/postfix/sni.map")
        container.run("postfix", "start")
        for name, subject in (("mail.test", "mail.test"), ("imap.test", "imap.test"), ("san.test", "imap.test"),
                              ("a.wild.test", "*.wild.test"), ("bad.test", "mail.test"), ("unknown.test", "mail.test")):
            done = subprocess.run(["openssl", "s_client", "-starttls", "smtp", "-connect", "127.0.0.1:25",
                                   "-servername", name], input="QUIT\n", capture_output=True, text=True, timeout=30,
                                  check=False)
            self.assertRegex(done.stdout, rf"subject=.*CN ?= ?{re.escape(subject)}\n", (name, done.stderr))
        container.run("postfix", "stop")


if __name__ == "__main__":
    if namespace.SCRATCH not in os.environ:  # out here there is a network, which the packages come by
        subprocess.run([f"{HERE}/mailroot"], check=True, stdout=subprocess.DEVNULL)
    namespace.enter("--net", "--uts")
    unittest.main(verbosity=2)

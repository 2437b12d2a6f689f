# SPDX-License-Identifier: MIT
"""What the Postfix of other Debian releases makes of the hook's map and of the queue: mailcow's container was of Debian
11 (Postfix 3.5) up to 2024-01 and is of Debian 13 (3.10) since 2026-07."""

import os
import shutil

import certificates
import mail_systems
from mail_project import CHANGED, HOST
from mailcow_project import EXTRA, IMAPS, MAP, ONE_CONNECTION, MailcowProject

DOVECOT_2_4_CONF = """dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_server_cert_file = /etc/ssl/mail/cert.pem
ssl_server_key_file = /etc/ssl/mail/key.pem
log_path = /dev/stderr
passdb passwd-file {
  passwd_file_path = /etc/dovecot/users
}
!include_try /etc/dovecot/sni.conf
"""


class Releases(MailcowProject):
    def use(self, release):
        self.image = f"mailcow-{release}"
        if not mail_systems.build_release(self.engine, release):
            self.skipTest(f"the package mirror does not have {release}")
        shutil.rmtree(f"{self.project}/data/conf/postfix")
        self.copy_conf(f"{self.project}/data/conf/postfix")
        self.write(EXTRA, "")

    def assert_at_rest(self, name, starts):
        """Postfix runs, and neither it nor the hook has found something to change or to say."""
        self.wait_for_postfix(name, starts)
        self.assert_content(name)
        if starts > 1:
            self.assertNotRegex(self.log(name).split("hook: /hooks/before.sh")[-1], CHANGED)
            self.assertEqual(self.seen(by="before"), self.seen())

    def restart(self, name, starts):
        self.engine.docker("restart", "--time", "30", name)
        self.assert_at_rest(name, starts)

    def assert_follows(self, release, public):
        """public: its mode as this Postfix makes it. The certificate of each name, on a fresh volume: at both starts,
        after a renewal with a reload, and after one by the processes that start later."""
        self.use(release)
        certificates.make_all(self.ssl)
        own = self.boot_own()
        self.install()
        name, editions = self.boot(), {}
        self.assert_at_rest(name, 1)
        version = self.said_in(name, "postconf", "-h", "mail_version")
        self.assertEqual(version.rsplit(".", 1)[0], mail_systems.RELEASES[release])
        self.assertNotIn("mailstate.sh: ", self.log(name))
        self.assert_certificates(name, certificates.OURS)
        self.assert_certificates(own, certificates.MAILCOWS)
        with open(f"{self.ssl}/imap/cert.pem", encoding="utf-8") as file:
            self.assertIn(file.read().strip(), self.said_in(name, "postmap", "-F", "-q", certificates.IMAP, MAP))
        self.restart(name, 2)
        self.assertEqual(self.seen()["public"], ["postfix:postdrop", public])
        self.assert_certificates(name, certificates.OURS)
        for turn, reload in (("-2", True), ("-3", False)):
            if not reload:
                self.said_in(name, "sh", "-c", f"{ONE_CONNECTION}; postfix reload")
            for renewed, make in ((HOST, certificates.make_host), (certificates.IMAP, certificates.make_imap)):
                with self.subTest(renewed=renewed, reload=reload):
                    make(self.ssl, turn)
                    editions[renewed] = turn
                    if reload:
                        self.said_in(name, "postfix", "reload")
                    self.assert_certificates(name, certificates.OURS, editions, seconds=60)
        self.assertNotRegex(self.log(name), f"TLS SNI {HOST} .*not matched")
        shutil.rmtree(f"{self.ssl}/imap")  # as acme-mailcow moves a domain's folder away, before it restarts Postfix
        wanted = certificates.expected(certificates.OURS, editions)
        default = {sent: wanted[""] if got.startswith(certificates.IMAP) else got for sent, got in wanted.items()}
        self.assertEqual(self.subjects(name, *wanted), default)
        self.assertIn("mailstate-sni.map, line 3: open /etc/ssl/mail/imap/key.pem: ", self.log(name))  # and is skipped

    def test_postfix_3_5_of_debian_11(self):
        self.assert_follows("bullseye", public="2710")

    def test_postfix_3_10_of_debian_13(self):
        self.assert_follows("trixie", public="710")

    def test_a_queue_of_debian_11_is_right_on_debian_13(self):
        """Users have other numbers. public stays 2710, as set-permissions of Postfix 3.10 leaves it, too."""
        certificates.make_host(self.ssl)
        self.use("bullseye")
        name = self.boot()
        self.wait_for_postfix(name)
        self.leave_mail(name)
        self.assertEqual(self.end(name), 0)
        self.use("trixie")
        self.install()
        name = self.boot()
        self.assert_at_rest(name, 1)
        seen = self.seen()
        self.assertEqual([seen[path] for path in ("", "active", "maildrop", "public")],
                         [["root:root", "755"], ["postfix:root", "700"], ["postfix:postdrop", "730"],
                          ["postfix:postdrop", "2710"]])
        self.get_mail(name)
        self.restart(name, 2)
        self.assertEqual(self.seen()["public"], ["postfix:postdrop", "2710"])

    def test_dovecot_2_4_of_debian_13(self):
        """Its words for certificate and key are others, with which it starts alone. Of a later one they are not known."""
        self.use("trixie")
        certificates.make_all(self.ssl)
        self.write("data/conf/dovecot/dovecot.conf", DOVECOT_2_4_CONF)
        name = self.boot_dovecot(image="mailcow-dovecot-trixie")
        self.assert_certificates(name, certificates.UNCHECKED, connect=IMAPS)
        self.end(name)
        self.install()
        name = self.boot_dovecot(image="mailcow-dovecot-trixie")
        self.assertIn("sni: names written to /etc/dovecot/sni.conf: 7", self.log(name))
        self.assert_certificates(name, certificates.OURS, connect=IMAPS)
        later = ["sh", "-c", "printf '#!/bin/sh\necho 2.5.0\n' >/usr/local/sbin/dovecot; chmod +x /usr/local/sbin/dovecot; "
                             "/hooks/mailstate.sh"]
        written = self.read("data/conf/dovecot/sni.conf")
        self.assertIn("Dovecot 2.5.0 may read it in other words", self.run_in(name, *later).stderr)
        self.assertEqual(self.read("data/conf/dovecot/sni.conf"), written)

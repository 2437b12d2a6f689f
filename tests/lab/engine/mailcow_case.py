# SPDX-License-Identifier: MIT
"""The hooks and the override of scripts/mailcow in containers that start as mailcow's do: hooks, supervisord, the
service."""

import glob
import os
import re
import shutil
import subprocess

import certificates
from mail_project import CHANGED, HOST, PUT_RIGHT, STRANGER, write_strangers
from mailcow_project import EXTRA, IMAPS, MAP, ONE_CONNECTION, SMTPD, TLSPROXY, MailcowProject
from support.content import write

OTHER = certificates.IMAP


class Mailcow(MailcowProject):
    def test_the_queue_is_right_before_postfix_starts_and_certificates_follow_the_name(self):
        certificates.make_all(self.ssl)
        name = self.boot(image="mailcow-older")
        self.wait_for_postfix(name)
        self.assert_certificates(name, certificates.MAILCOWS)
        self.leave_mail(name)
        self.assertEqual(self.end(name), 0)
        rspamd, archive = self.make_volume("rspamd"), self.make_volume("archive")
        write_strangers(rspamd)
        write_strangers(archive)

        self.install()
        self.write("data/conf/postfix/mailstate-sni.map.db", "keys, compiled by an earlier version")
        name = self.boot("--volume", f"{self.volume}-archive:/var/spool/postfix/archive")
        self.wait_for_postfix(name)
        log, seen = self.log(name), self.seen()
        self.assertRegex(log, PUT_RIGHT)
        self.assertNotIn("mailstate.sh: ", log)
        self.assertNotIn("rspamd", log)
        self.assertNotIn("acme", log)
        lines = self.hook_lines(log)
        left_out = [line for line in lines if "left out" in line]
        self.assertEqual(len(left_out), 1, log)
        for reason in ("do not match", "expired"):
            self.assertIn(reason, left_out[0])
        self.assertLessEqual(len(lines), 5, log)
        self.assertEqual(seen[""], ["root:root", "755"])
        self.assertEqual(seen["active"], ["postfix:root", "700"])
        self.assertEqual(seen["public"], ["postfix:postdrop", "2710"])
        self.assertEqual(seen["maildrop"], ["postfix:postdrop", "730"])
        held = [owner for path, owner in seen.items() if path.startswith("hold/")]
        self.assertEqual(held, [["postfix:postfix", "700"]])
        self.assertTrue(self.is_strangers(rspamd))
        self.assertTrue(self.is_strangers(archive))
        self.assert_content(name)
        self.get_mail(name)
        self.assert_certificates(name, certificates.OURS)
        self.assertNotRegex(self.log(name), f"TLS SNI {re.escape(HOST)} .*not matched")

        conf = f"{self.project}/data/conf/postfix"
        self.assertEqual(sorted(file for file in os.listdir(conf) if "mailstate" in file), ["mailstate-sni.map"])
        self.assertNotIn("PRIVATE", self.read("data/conf/postfix/mailstate-sni.map"))
        entry = self.said_in(name, "postmap", "-F", "-q", OTHER, MAP)
        with open(f"{self.ssl}/imap/cert.pem", encoding="utf-8") as file:
            self.assertIn(file.read().strip(), entry)

        self.send(name, "keep this, too")  # what Postfix makes is right as it makes it
        written = os.stat(f"{conf}/mailstate-sni.map")
        self.engine.docker("restart", "--time", "30", name)
        self.wait_for_postfix(name, starts=2)
        again = self.log(name)[len(log):].split("hook: /hooks/before.sh")[-1]
        self.assertIn("hook: /hooks/mailstate.sh", again)
        self.assertEqual(self.seen(by="before"), self.seen())
        self.assertNotRegex(again, CHANGED)
        self.assertIn("sni: names in /opt/postfix/conf/mailstate-sni.map: 7, as before", again)
        first_on_stderr = 1
        self.assertLessEqual(len(self.hook_lines(self.log(name), start=2)), first_on_stderr + 5, again)
        self.assert_same_file(written)
        self.assert_content(name)
        self.assert_certificates(name, certificates.OURS)
        self.assert_no_keys_in_git()

        os.chmod(f"{self.project}/data/hooks/postfix/mailstate.sh", 0o644)
        self.assertIn("chmod +x data/hooks/postfix/mailstate.sh", self.check("mailcow.hook-mode")[0]["hint"])
        self.engine.docker("restart", "--time", "30", name)
        self.wait_for_postfix(name, starts=3)
        self.assert_certificates(name, certificates.OURS)  # by the map that is there
        self.assert_undone(name)

    def assert_same_file(self, written):
        now = os.stat(f"{self.project}/data/conf/postfix/mailstate-sni.map")
        self.assertEqual((now.st_ino, now.st_ctime_ns), (written.st_ino, written.st_ctime_ns))

    def assert_undone(self, name):
        self.end(name)
        for hook in ("before.sh", "seen.sh"):
            os.remove(f"{self.project}/data/hooks/postfix/{hook}")
        self.run_readme(1)
        left = subprocess.run(["find", self.project, "-name", "*mailstate*"], capture_output=True, text=True, check=True)
        self.assertEqual(left.stdout, "")
        name = self.boot()
        self.wait_for_postfix(name)
        self.assertNotRegex(self.log(name), "mailstate|fatal|error")
        self.assert_certificates(name, certificates.MAILCOWS)

    def assert_no_keys_in_git(self):
        """After what update.sh does where it meets a conflict."""
        self.assertNotIn("mailstate", self.git("status", "--porcelain"))
        self.git("add", "-A")
        files = self.git("ls-files").split("\n")
        self.assertEqual([name for name in files if "mailstate" in name or name.startswith("data/assets/ssl")], [])
        keys = subprocess.run(["git", "grep", "--cached", "-a", "-l", "-e", "PRIVATE KEY", "-e", "LS0tLS1CRUdJTi"],
                              cwd=self.project, capture_output=True, text=True, check=False)
        self.assertEqual((keys.returncode, keys.stdout), (1, ""))  # not even as a compiled map has them, in base64

    def test_what_is_the_operators_own_is_kept(self):
        """A map and an override that were there before, an installation that is repeated, and one of an earlier version,
        whose map was compiled. A container whose mount has lost its source does not start."""
        own_map, override = "tls_server_sni_maps = hash:/opt/postfix/conf/own.map", "docker-compose.override.yml"
        self.write(EXTRA, own_map)
        self.write(override, "services: {}\n")
        self.install(extra=own_map)
        self.assertEqual((self.read(EXTRA), self.read(override)), (own_map, "services: {}\n"))

        merged = "services:\n  postfix-mailcow:\n    volumes: ['./data/mailstate/mailstate:/usr/local/bin/mailstate']\n"
        self.write(override, merged)
        self.write(EXTRA, f"{own_map}\ntls_server_sni_maps = hash:/opt/postfix/conf/mailstate-sni.map\nmyhostname = x\n")
        self.run_readme(1)
        self.assertEqual((self.read(EXTRA), self.read(override)), (f"{own_map}\nmyhostname = x\n", merged))
        self.assertTrue(os.path.exists(f"{self.project}/data/mailstate/mailstate"))
        os.remove(f"{self.project}/{override}")
        self.run_readme(1)
        self.assertFalse(os.path.exists(f"{self.project}/data/mailstate"))

        self.write(EXTRA, "")
        for _ in range(2):
            self.install()
        self.assertEqual(self.read(EXTRA), f"\ntls_server_sni_maps = {MAP}\n")

    def test_renewed_certificates_are_served(self):
        """The host's own and another: after a reload, and by processes that start later. mailcow's own map, beside, has
        copies, and serves them until its container is restarted."""
        certificates.make_all(self.ssl)
        own = self.boot_own()
        self.install()
        name, editions = self.boot(), {}
        for each in (own, name):
            self.wait_for_postfix(each)

        def reload(more="true"):
            for each in (own, name):
                self.said_in(each, "sh", "-c", f"{more}; postfix reload")

        for number, reloads in enumerate((True, False)):
            if not reloads:
                reload(ONE_CONNECTION)
            for renewed, make in ((HOST, certificates.make_host), (OTHER, certificates.make_imap)):
                with self.subTest(reloads=reloads, renewed=renewed):
                    editions[renewed] = f"-{number + 2}"
                    make(self.ssl, editions[renewed])
                    if reloads:
                        reload()
                    for connect in (SMTPD, TLSPROXY):
                        self.assert_certificates(name, certificates.OURS, editions, connect=connect, seconds=60)
                    self.assert_certificates(own, certificates.MAILCOWS, {HOST: editions[HOST]}, seconds=60)
        self.assertIn("postfix/tlsproxy[", self.log(name))
        self.engine.docker("restart", "--time", "30", own)
        self.wait_for_postfix(own, starts=2)
        self.assert_certificates(own, certificates.MAILCOWS, editions)

    def test_postfix_starts_whatever_the_hook_meets(self):
        certificates.make_all(self.ssl)
        self.install()
        self.assertEqual([found["severity"] for found in self.check("mailcow.sni-map")], ["error"])
        self.assertEqual(self.check("mailcow.hook-mode"), [])
        with self.subTest("no program"):
            self.volume = "no-program"
            os.rename(f"{self.project}/docker-compose.override.yml", f"{self.project}/override")
            name = self.boot()
            self.wait_for_postfix(name)
            self.assertIn("docker-compose.override.yml", self.log(name))
            self.assertLessEqual(len(self.hook_lines(self.log(name))), 4, self.log(name))
            self.assert_certificates(name, certificates.UNCHECKED)
            self.assertEqual(self.check("mailcow.sni-map"), [])
        os.rename(f"{self.project}/override", f"{self.project}/docker-compose.override.yml")
        with self.subTest("a program that may not be executed, and a folder that may not be written"):
            self.volume = "not-allowed"
            os.chmod(f"{self.project}/data/mailstate/mailstate", 0o644)  # as SELinux refuses it
            certificates.make(f"{self.ssl}/new", "new.test", domains="new.test")
            name = self.boot(conf="ro")
            self.wait_for_postfix(name)
            self.assertIn("cannot be written (a read-only mount, userns-remap, SELinux?): "
                          "/opt/postfix/conf/mailstate-sni.map stays unchanged", self.log(name))
            self.assert_certificates(name, certificates.UNCHECKED)
            os.chmod(f"{self.project}/data/mailstate/mailstate", 0o755)
        compiled = f"{self.project}/data/conf/postfix/mailstate-sni.map.db"
        with self.subTest("no name, and the compiled map of an earlier version"):
            self.volume = "no-name"
            self.write(EXTRA, self.read(EXTRA).replace("texthash:", "hash:"))
            name = self.boot(hostname="")
            self.wait_for_postfix(name)
            self.assertIn("set MAILCOW_HOSTNAME", self.log(name))
            self.assertIn("which keeps copies of the keys; change it to texthash:", self.log(name))
            self.assertEqual(os.stat(compiled).st_mode & 0o777, 0o600)
            self.assertEqual(self.subject(name, OTHER), OTHER)
            self.assert_content(name)  # on a volume that the image has filled
        with self.subTest("no certificates"):
            self.volume = "no-certificates"
            self.write(EXTRA, self.read(EXTRA).replace("hash:", "texthash:"))
            shutil.rmtree(self.ssl)
            os.mkdir(self.ssl)
            name = self.boot()
            self.wait_for_postfix(name)
            self.assertIn("the default cert.pem and key.pem are missing", self.log(name))
            self.assertFalse(os.path.exists(compiled))

    def refuse(self):
        """What root's own permission would allow is refused to the hook, as by SELinux or in a user namespace."""
        hooks = f"{self.project}/data/hooks/postfix"
        os.rename(f"{hooks}/mailstate.sh", f"{hooks}/inner")
        os.chmod(f"{hooks}/inner", 0o644)
        write(f"{hooks}/mailstate.sh",
              "#!/bin/bash\nexec setpriv --bounding-set=-dac_override,-dac_read_search bash /hooks/inner\n", mode=0o755)

    def assert_kept(self, name, why, written):
        said = self.run_in(name, "/hooks/mailstate.sh").stderr
        self.assertRegex(said, rf"mailstate\.sh: {why} \(a read-only mount, userns-remap, SELinux\?\): "
                               "/opt/postfix/conf/mailstate-sni.map stays unchanged\n")
        self.assert_same_file(written)

    def test_the_last_good_map_is_served_where_files_are_refused(self):
        certificates.make_all(self.ssl)
        self.install()
        conf = f"{self.project}/data/conf/postfix"
        name = self.boot()
        self.wait_for_postfix(name)
        written = os.stat(f"{conf}/mailstate-sni.map")
        self.refuse()
        certificates.make(f"{self.ssl}/new", "new.test", domains="new.test")
        keys = glob.glob(f"{self.ssl}/**/key.pem", recursive=True)
        for parent, why in (("/etc/ssl", "/etc/ssl/mail cannot be read"),
                            ("/opt/postfix", "/opt/postfix/conf cannot be written")):
            with self.subTest(why):  # so that it cannot be looked at, either
                self.said_in(name, "sh", "-c", f"chown {STRANGER[0]} {parent} && chmod 700 {parent}")
                self.assert_kept(name, why, written)
                self.said_in(name, "sh", "-c", f"chown root {parent} && chmod 755 {parent}")
        for refused, mode, why in ((f"{self.ssl}/imap", 0o700, r"/etc/ssl/mail/imap cannot be read"),
                                   (conf, 0o755, r"/opt/postfix/conf cannot be written"),
                                   (keys, 0o600, r"/etc/ssl/mail/\S*key\.pem cannot be read"),
                                   (self.ssl, 0o700, r"/etc/ssl/mail cannot be read")):
            with self.subTest(why):
                for path in [refused] if isinstance(refused, str) else refused:
                    os.chown(path, *STRANGER)
                    os.chmod(path, mode)
                self.assert_kept(name, why, written)
                if refused == f"{self.ssl}/imap":  # of which sni leaves out the names alone
                    os.chown(refused, 0, 0)
        self.engine.docker("restart", "--time", "30", name)
        self.wait_for_postfix(name, starts=2)
        self.assertIn("mailstate-sni.map stays unchanged", self.log(name))
        self.assert_same_file(written)
        self.assert_certificates(name, certificates.OURS)

    def test_a_volume_that_cannot_be_written_is_said_and_postfix_is_started(self):
        certificates.make(self.ssl, HOST)
        self.end(self.boot(image="mailcow-older"))  # fills the volume
        self.install()
        name = self.boot(spool="ro")
        self.wait_for("Postfix", lambda: "Postfix is started" in self.log(name), name)
        self.assertRegex(self.log(name), "(?i)read-only")
        self.assertEqual(self.seen()["public"][0], "902:912")

    def test_dovecot_serves_the_certificate_of_the_name(self):
        """mailcow's own file names files, too: it has other names, and follows a renewal as ours does."""
        certificates.make_all(self.ssl)
        name = self.boot_dovecot()
        self.assert_certificates(name, certificates.UNCHECKED, connect=IMAPS)
        self.end(name)

        self.install()
        name = self.boot_dovecot()
        self.assertIn("sni: names written to /etc/dovecot/sni.conf: 7", self.log(name))
        self.assert_certificates(name, certificates.OURS, connect=IMAPS)
        self.assert_no_keys_in_git()
        editions = {}
        for renewed, make in ((HOST, certificates.make_host), (OTHER, certificates.make_imap)):
            with self.subTest(renewed=renewed):
                make(self.ssl, "-2")
                self.assert_certificates(name, certificates.OURS, editions, connect=IMAPS)
                editions[renewed] = "-2"
                self.said_in(name, "doveadm", "reload")
                self.assert_certificates(name, certificates.OURS, editions, connect=IMAPS, seconds=60)
        self.end(name)

        os.chmod(f"{self.project}/data/mailstate/mailstate", 0o644)
        name = self.boot_dovecot()
        self.assertIn("sni.conf is as mailcow wrote it", self.log(name))
        self.assert_certificates(name, certificates.UNCHECKED, editions, connect=IMAPS)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mailcow's Postfix container in an engine with --userns-remap: its root is user 100000 of the host, who may neither write
nor read what belongs to the host's root."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import certificates
import lab_case
import mail_systems
from mailcow_project import MailcowProject
from support import namespace
from support.content import write

ROOT = 100000
CAUSES = r"\(a read-only mount, userns-remap, SELinux\?\)"


def map_users():
    """As /etc/subuid and /etc/subgid of the host, in this namespace alone."""
    for table in ("subuid", "subgid"):
        write(f"{namespace.enter()}/{table}", f"nobody:{ROOT}:65536\nnogroup:{ROOT}:65536\n")
        subprocess.run(["mount", "--bind", f"{namespace.enter()}/{table}", f"/etc/{table}"], check=True)


class Mailcow(MailcowProject):
    build_images = staticmethod(mail_systems.build_mailcow)
    engine_options = ["--userns-remap=nobody:nogroup"]

    @classmethod
    def setUpClass(cls):
        map_users()
        super().setUpClass()

    def give(self, path, owner):
        subprocess.run(["chown", "--recursive", f"{owner}:{owner}", path], check=True)

    def test_postfix_starts_with_the_last_good_map(self):
        certificates.make_all(self.ssl)
        self.install()
        conf, map_file = "/opt/postfix/conf", f"{self.project}/data/conf/postfix/mailstate-sni.map"
        name = self.boot()
        self.wait_for_postfix(name)
        self.assertRegex(self.log(name), rf"mailstate\.sh: {conf} cannot be written {CAUSES}, and {conf}/\S* does not exist")
        self.assertIn(f"{conf}/main.cf: Permission denied", self.log(name))  # mailcow's own start says that
        self.assertEqual(self.end(name), 0)

        self.give(self.project, ROOT)
        name = self.boot()
        self.wait_for_postfix(name)
        self.assertNotIn("mailstate.sh: ", self.log(name))
        self.assert_certificates(name, certificates.OURS)
        self.assert_content(name)

        written = os.stat(map_file)
        self.give(self.ssl, 0)  # new files that the host's root has put there
        self.engine.docker("restart", "--time", "30", name)
        self.wait_for_postfix(name, starts=2)
        self.assertRegex(self.log(name), rf"mailstate\.sh: /etc/ssl/mail/key\.pem cannot be read {CAUSES}: \S* stays unchanged\n")
        now = os.stat(map_file)
        self.assertEqual((now.st_ino, now.st_ctime_ns), (written.st_ino, written.st_ctime_ns))
        self.give(self.ssl, ROOT)
        self.said_in(name, "postfix", "reload")
        self.assert_certificates(name, certificates.OURS, seconds=60)


if __name__ == "__main__":
    lab_case.main(HERE)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Layouts whose state lies on volumes of its own already, mailcow's and Mailu's: owners and SGID are put right there."""

import os
import socket
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, image, program, tree
from support.content import write
from support.world import make_ext4, mount, unmount

USERS = {"root": 0, "mail": 8, "postfix": 101, "rspamd": 102, "_rspamd": 102, "redis": 103, "clamav": 104, "vmail": 5000,
         "dovecot": 401, "mailu": 1000}
GROUPS = {**USERS, "postdrop": 111}
OLD = 700  # the number of everybody in the image before


class InPlace(case.Case):
    def setUp(self):
        self.top = self.make_scratch("in-place")
        self.root, self.disk = f"{self.top}/root", f"{self.top}/disk"
        os.makedirs(f"{self.root}/etc")
        self.write_accounts()
        make_ext4(self.disk, "64M")
        self.addCleanup(unmount, self.disk)

    def write_accounts(self, without=()):
        for name, numbers in (("passwd", USERS), ("group", GROUPS)):
            with open(f"{self.root}/etc/{name}", "w", encoding="utf-8") as file:
                file.writelines(f"{user}:x:{number}:{number}::/:/x\n" if name == "passwd" else f"{user}:x:{number}:\n"
                                for user, number in numbers.items() if user not in without)

    def volume(self, inside, name):
        """A directory of the disk, mounted in the container, as a named volume is."""
        os.makedirs(f"{self.disk}/{name}", exist_ok=True)
        os.makedirs(self.root + inside, exist_ok=True)
        mount("--bind", f"{self.disk}/{name}", self.root + inside)
        self.addCleanup(unmount, self.root + inside)
        return f"{self.disk}/{name}"

    def spool(self, inside):
        """A queue of an image whose users had other numbers, whose public has no SGID bit, as in Debian 13."""
        top = self.volume(inside, "spool")
        for directory in ("pid", "active", "maildrop", "public"):
            os.mkdir(f"{top}/{directory}")
            image.set_owner(f"{top}/{directory}", OLD, OLD, 0o700)
        write(f"{top}/active/ABCDEF", "mail", (OLD, OLD), 0o700)
        write(f"{top}/maildrop/123456", "dropped", (OLD, OLD), 0o744)
        os.chmod(f"{top}/public", 0o710)
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(f"{top}/public/pickup")
        os.chown(f"{top}/public/pickup", OLD, OLD)
        os.mkdir(f"{top}/somebody")
        os.chown(f"{top}/somebody", OLD, OLD)
        return top

    def owner(self, path):
        found = os.lstat(path)
        return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)

    def run_program(self, command, *more):
        return program.run([command, "--root", self.root, *more, "--output", "json"])

    def applied(self, layout):
        """apply, and that a second one touches nothing; no link is made and no state directory."""
        before = self.run_program("verify", "--layout", layout)
        self.assert_status(before, program.NOT_AS_IT_SHOULD_BE)
        outcome = self.assert_done(self.run_program("apply", "--layout", layout))
        kept = tree.manifest(self.disk)
        self.assert_done(self.run_program("apply", "--layout", layout))
        self.assert_untouched(kept, tree.manifest(self.disk))
        self.assert_done(self.run_program("verify", "--layout", layout))
        self.assertFalse(os.path.exists(f"{self.root}/var/mail-state"))
        self.assertEqual([f for f in outcome.findings() if f["severity"] == "error"], [])
        return outcome

    def test_the_spool_of_mailcow(self):
        top = self.spool("/var/spool/postfix")
        outcome = self.applied("mailcow")
        self.assertEqual(self.owner(top)[:2], (0, 0))
        self.assertEqual(self.owner(f"{top}/active"), (101, 0, 0o700))
        self.assertEqual(self.owner(f"{top}/active/ABCDEF"), (101, 101, 0o700))
        self.assertEqual(self.owner(f"{top}/maildrop"), (101, 111, 0o730))
        self.assertEqual(self.owner(f"{top}/maildrop/123456"), (OLD, 111, 0o744))  # whoever sent it: pickup logs it
        self.assertEqual(self.owner(f"{top}/public"), (101, 111, 0o710))
        self.assertEqual(self.owner(f"{top}/public/pickup")[:2], (OLD, OLD))
        self.assertEqual(self.owner(f"{top}/somebody")[:2], (OLD, OLD))
        self.assertIn("origin.in-place", outcome.codes())
        self.assertTrue(os.path.ismount(f"{self.root}/var/spool/postfix"))

    def test_entries_of_other_containers_are_not_listed(self):
        """mailcow's Postfix container sees Rspamd's volume, and has no user of that name."""
        self.write_accounts(without=("_rspamd", "redis", "clamav", "vmail", "dovecot"))
        self.spool("/var/spool/postfix")
        self.volume("/var/lib/rspamd", "rspamd")
        for command in ("plan", "apply", "probe"):
            entries = self.run_program(command, "--layout", "mailcow").json()["entries"]
            self.assertEqual([entry["name"] for entry in entries], ["postfix-spool"], command)
        for command in ("verify", "check"):
            self.assertNotIn("rspamd", str(self.run_program(command, "--layout", "mailcow").json()), command)
        asked = self.run_program("plan", "--layout", "mailcow", "--only", "rspamd")
        self.assertEqual(list(asked.entries()), ["/var/lib/rspamd"])

    def test_the_queue_of_mailu(self):
        top = self.spool("/queue")
        outcome = self.applied("mailu")
        self.assertEqual(list(outcome.entries()), ["/queue"])  # the others are of other containers
        self.assertEqual(self.owner(f"{top}/maildrop"), (101, 111, 0o730))
        self.assertEqual(self.owner(f"{top}/public"), (101, 111, 0o710))
        self.assertEqual(self.owner(f"{top}/pid")[:2], (0, 0))

    def test_the_antivirus_inside_the_antispam_is_not_its_business(self):
        """Mailu's compose file of old mounts filter/clamav of the host into one, and filter into the other container."""
        top = self.volume("/var/lib/rspamd", "filter")
        os.mkdir(f"{top}/clamav")
        write(f"{top}/clamav/main.cvd", "signatures", (4711, 4711))
        os.chown(f"{top}/clamav", 4711, 4711)
        write(f"{top}/stats.ucl", "of rspamd", (OLD, OLD))
        for layout in ("mailu", "mailcow"):
            self.applied(layout)
            self.assertEqual(self.owner(f"{top}/stats.ucl")[:2], (102, 102))
            for path in ("clamav", "clamav/main.cvd"):
                self.assertEqual(self.owner(f"{top}/{path}")[:2], (4711, 4711))
            os.chown(f"{top}/stats.ucl", OLD, OLD)

    def test_the_fetchmail_inside_the_admins_data_is_not_its_business(self):
        """Mailu's compose file mounts data of the host into one, and data/fetchmail into the other container."""
        top = self.volume("/data", "data")
        os.mkdir(f"{top}/fetchmail")
        write(f"{top}/fetchmail/fetchids", "seen", (4711, 4711), 0o700)
        os.chown(f"{top}/fetchmail", 4711, 4711)
        write(f"{top}/main.db", "of the admin", (OLD, OLD))
        self.applied("mailu")
        self.assertEqual(self.owner(f"{top}/main.db")[:2], (1000, 1000))
        for path in ("fetchmail", "fetchmail/fetchids"):
            self.assertEqual(self.owner(f"{top}/{path}")[:2], (4711, 4711))

    def test_a_mount_inside_is_never_crossed(self):
        top = self.volume("/data", "data")
        os.mkdir(f"{top}/other")
        write(f"{top}/main.db", "mailu's", (OLD, OLD))
        other = self.volume("/data/other", "other")
        write(f"{other}/file", "somebody else's", (4711, 4711))
        os.chown(other, 4711, 4711)
        self.applied("mailu")
        self.assertEqual(self.owner(f"{top}/main.db")[:2], (1000, 1000))
        self.assertEqual(self.owner(f"{other}/file")[:2], (4711, 4711))
        self.assertEqual(self.owner(other)[:2], (4711, 4711))

    def test_a_store_of_mails_is_not_walked_for_the_owner_of_its_top(self):
        top = self.volume("/mail", "mail")
        os.mkdir(f"{top}/alice")
        write(f"{top}/alice/1", "mail", (4711, 4711))
        os.chown(top, OLD, OLD)
        self.applied("mailu")
        self.assertEqual(self.owner(top)[:2], (8, 8))
        self.assertEqual(self.owner(f"{top}/alice/1")[:2], (4711, 4711))

    def test_where_the_image_lacks_the_user_nothing_is_touched(self):
        top = self.volume("/data", "redis")
        write(f"{top}/dump.rdb", "data", (OLD, OLD))
        self.write_accounts(without=["redis"])
        before = tree.manifest(self.disk)
        outcome = self.assert_done(self.run_program("apply", "--layout", "mailcow"))
        self.assert_finding(outcome, "ownership.unknown-name", "redis")
        self.assert_untouched(before, tree.manifest(self.disk))

    def test_a_container_with_nothing_of_the_layout_is_left_alone(self):
        outcome = self.assert_done(self.run_program("apply", "--layout", "mailcow"))
        self.assertIn("volume.absent", outcome.codes())
        self.assertEqual(sorted(os.listdir(self.root)), ["etc"])


if __name__ == "__main__":
    case.main()

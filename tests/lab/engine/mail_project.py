# SPDX-License-Identifier: MIT
"""The directory of a compose file, mailcow's or Mailu's, and what an operator puts beside it."""

import os
import shutil
import subprocess

import images
import mail_systems
from lab_case import LabCase
from support import program
from support.content import write

SCRIPTS = f"{images.TOP}/scripts"
HOST = "mail.example.test"
STRANGER = (4711, 4711)
PUT_RIGHT = r"owner or mode of \d+ files? corrected"
CHANGED = PUT_RIGHT + r"|set /usr/sbin"


def write_strangers(directory):
    """A file of somebody else in a directory of his."""
    os.makedirs(directory, exist_ok=True)
    write(f"{directory}/file", "somebody else's", STRANGER)
    os.chown(directory, *STRANGER)


class Project(LabCase):
    """A directory with a compose file, here: with what stands beside it."""
    build_images = staticmethod(mail_systems.build_all)

    def setUp(self):
        super().setUp()
        self.project = f"{self.engine.top}/{self.volume}"
        os.mkdir(self.project)

    def put(self, source, inside):
        os.makedirs(os.path.dirname(f"{self.project}/{inside}"), exist_ok=True)
        return shutil.copy(source, f"{self.project}/{inside}")

    def put_program(self, inside):
        """As `docker build --output . .` writes it."""
        subprocess.run(["strip", "-o", self.put(program.binary(), inside), program.binary()], check=True)

    def make_volume(self, name):
        """Its path."""
        self.engine.docker("volume", "create", f"{self.volume}-{name}")
        return self.volume_path(f"{self.volume}-{name}")

    def is_strangers(self, directory):
        return all((seen.st_uid, seen.st_gid) == STRANGER for seen in map(os.lstat, (directory, f"{directory}/file")))

    def wait_for_postfix(self, name, starts=1):
        self.wait_for("Postfix", lambda: self.log(name).count("daemon started") == starts, name)

    def send(self, name, subject):
        """As alice: only postdrop's SGID bit gets her mail into the queue."""
        self.said_in(name, "sh", "-c", f"printf 'Subject: {subject}\n\ntext\n' | sendmail alice@{HOST}", user="alice")

    def wait_for_delivery(self, name, subject):
        found = ("grep", "-rlx", f"Subject: {subject}", "/home/alice/Maildir/new")
        self.wait_for(subject, lambda: self.run_in(name, *found).returncode == 0, name)

    def leave_mail(self, name):
        """One that is delivered, and one that is held."""
        self.send(name, "first")
        self.wait_for_delivery(name, "first")
        self.send(name, "keep this")
        held = lambda: '"queue_name": "hold"' in self.run_in(name, "postqueue", "-j").stdout
        self.wait_for("a held mail", held, name)

    def assert_content(self, name, *layout):
        """Neither Postfix nor mailstate has something to say of the queue in use."""
        done = self.run_in(name, "postfix", "check")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        verified = self.run_in(name, "mailstate", "verify", *layout)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def get_mail(self, name):
        self.said_in(name, "sh", "-c", "postsuper -H ALL && postqueue -f")
        self.wait_for_delivery(name, "keep this")
        self.send(name, "second")
        self.wait_for_delivery(name, "second")

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The injector against strace: it counts what strace counts, and does to a program what it says. And uploadfs."""

import errno
import os
import re
import subprocess
import sys
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import errnos
from scenarios import all_scenarios
from small_world import Template
from support import case, program
from uploads import Uploads

# As strace writes them; which openat, fcntl and ioctl change something is told by their arguments.
TRACED = sorted((set(errnos.CHANGING) | {"writev", "sendfile", "fallocate", "mkdir", "rmdir", "unlink", "rename", "symlink",
                                         "link", "chown", "lchown", "chmod"}))


def changes(line):
    """The name of a changing call in a line of strace's; None for another."""
    found = re.match(r"(?:\d+ +)?(\w+)\((.*)", line)
    if not found:
        return None
    name, rest = found.groups()
    if name == "syscall_0x1c4":  # of a kernel that is younger than this strace
        return "fchmodat2"
    if name in ("openat", "openat2"):
        return name if re.search(r"O_WRONLY|O_RDWR|O_CREAT", rest) else None
    if name == "fcntl":
        return name if "SETLK" in rest else None
    if name == "ioctl":
        return name if "FICLONE" in rest else None
    if name in ("write", "writev"):
        return None if re.match(r"[012],", rest) else name
    return name


class Injector(case.Case):
    def setUp(self):
        self.template = Template(f"{self.make_scratch('template')}/it", all_scenarios()[0])
        self.tries = 0

    def place(self):
        self.tries += 1
        place = self.template.instance(f"{self.template.top}-{self.tries}")
        place.start()
        self.addCleanup(place.stop)
        return place

    def inject(self, place, *options):
        command = [os.environ["MAILSTATE_INJECT"], "--report", place.report, *options, "--", *place.arguments("apply")]
        done = subprocess.run(command, env=program.CLEAN, capture_output=True, check=False, timeout=60)
        with open(place.report, encoding="utf-8") as file:
            return done, file.read().splitlines()

    def test_sees_every_call_that_strace_sees(self):
        place, trace = self.place(), f"{self.template.top}-trace"
        subprocess.run(["strace", "-f", "-o", trace, "-e", "trace=" + ",".join(f"?{name}" for name in TRACED),
                        *place.arguments("apply")], env=program.CLEAN, check=True, capture_output=True)
        with open(trace, encoding="utf-8", errors="replace") as file:
            expected = Counter(filter(None, map(changes, file)))
        _, lines = self.inject(self.place(), "--list")
        found = Counter(line.split()[1] for line in lines[:-2])
        self.assertGreater(sum(expected.values()), 100)
        self.assertEqual(found, expected)

    def test_kills_before_a_call_and_behind_it(self):
        for fault, there in (("kill", False), ("kill-after", True)):
            place = self.place()
            done, lines = self.inject(place, "--at", "1", "--fault", fault)  # mkdir of the workspace
            self.assertEqual(lines, ["injected 1", "signal 9"])
            self.assertEqual(done.returncode, 128 + 9)
            self.assertEqual(os.path.isdir(f"{place.root}/var/mail-state/.mailstate"), there, fault)

    def test_fails_one_call_or_all_from_there_on(self):
        place = self.place()
        done, lines = self.inject(place, "--at", "1", "--fault", "error=28")
        self.assertIn(b"ENOSPC", done.stdout + done.stderr)
        self.assertEqual(lines[-2], "injected 1")
        _, lines = self.inject(self.place(), "--at", "20", "--fault", "error=5", "--onward", "--only", "fchown,fsync")
        self.assertGreater(int(lines[-2].split()[1]), 2)

    def test_does_nothing_to_a_run_that_has_no_such_call(self):
        done, lines = self.inject(self.place(), "--at", "100000", "--fault", "kill")
        self.assertEqual((done.returncode, lines), (0, ["injected 0", "exit 0"]))

    def test_signals_and_lets_go_on(self):
        done, lines = self.inject(self.place(), "--at", "20", "--fault", "signal=15")
        self.assertEqual((done.returncode, lines), (143, ["injected 1", "exit 143"]))


class Uploading(case.Case):
    def setUp(self):
        top = self.make_scratch("uploads")
        os.mkdir(f"{top}/store")
        self.uploads = Uploads(f"{top}/store", f"{top}/mounted")
        self.addCleanup(self.uploads.stop)

    def write(self, name):
        """The errno of close(2), 0 where it succeeds: everything before does."""
        file = os.open(f"{self.uploads.where}/{name}", os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(file, b"content")
        os.fsync(file)
        try:
            os.close(file)
        except OSError as problem:
            return problem.errno
        return 0

    def read(self, name):
        with open(f"{self.uploads.where}/{name}", "rb") as file:
            return file.read()

    def test_loses_what_cannot_be_uploaded_and_says_so_at_close_only(self):
        self.uploads.fail(2, errno.EDQUOT, onward=False)
        self.assertEqual([self.write(name) for name in "abc"], [0, errno.EDQUOT, 0])
        self.assertEqual([self.read(name) for name in "abc"], [b"content", bytes(7), b"content"])
        self.assertEqual([line.split()[0] for line in self.uploads.done()], ["ok", "failed", "ok"])

    def test_fails_onward_until_the_server_is_back(self):
        self.uploads.fail(1, errno.EIO, onward=True)
        self.assertEqual([self.write(name) for name in "ab"], [errno.EIO, errno.EIO])
        self.uploads.recover()
        self.assertEqual((self.write("a"), self.read("a")), (0, b"content"))


if __name__ == "__main__":
    case.main()

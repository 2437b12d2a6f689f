#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Both sides populated: a plan tells what would be set aside, an interrupted copy is no state, and memory is bounded."""

import os
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program
from support.content import write

MANY = 20_000
REDIS = "/var/lib/redis"


class SetAside(case.Case):
    def setUp(self):
        self.world = self.make_world(filled=False)
        self.origin, self.there = self.world.path(REDIS), f"{self.world.state}/lib-redis"

    def displaced(self):
        found = []
        for directory, _, names in os.walk(f"{self.world.state}/.mailstate/displaced"):
            found += [f"{directory}/{name}" for name in names if not name.endswith(".json")]
        return found

    def copy_until_it_is_killed(self, limit):
        """cp -a to the volume, ended by the kernel when a file grows beyond the limit."""
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        copied = subprocess.run(["cp", "-a", "-T", self.origin, self.there], preexec_fn=limited, check=False,
                                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertNotEqual(copied.returncode, 0)

    def test_a_plan_tells_what_would_be_set_aside(self):
        os.mkdir(self.there)
        write(f"{self.there}/dump.rdb", "of the volume")
        for number in range(3):
            write(f"{self.origin}/new {number}", f"content {number}")
        outcome = self.assert_done(self.world.run("plan", "--output", "json"))
        told = outcome.entries()[REDIS]["set_aside"]
        self.assertEqual((told["names"], told["bytes"], told["whole"]), (3, 27, False))
        self.assertEqual(told["examples"], ["new 0", "new 1", "new 2"])
        self.assert_finding(outcome, "entry.would-displace", "3 names", "new 0, new 1, new 2")
        text = self.assert_done(self.world.run("plan"))
        self.assertIn("3 names to set aside", text.out)
        self.assertFalse(os.path.exists(f"{self.world.state}/.mailstate"))
        self.assertEqual(self.assert_done(self.world.run("apply", "--output", "json")).entries()[REDIS]["displaced"], 3)

    def test_a_cp_that_was_killed_is_set_aside_whole_and_the_origin_is_moved(self):
        write(f"{self.origin}/dump.rdb", os.urandom(3 << 20), (101, 104))
        os.mkdir(f"{self.origin}/folder")
        write(f"{self.origin}/folder/file", "small", (101, 104))
        self.copy_until_it_is_killed(1 << 20)
        with open(f"{self.origin}/dump.rdb", "rb") as file:
            whole = file.read()
        self.assert_finding(self.world.run("plan", "--output", "json"), "entry.interrupted-copy", "1.0 MiB", "3.0 MiB")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assertEqual(outcome.entries()[REDIS]["decision"], "move")
        with open(f"{self.there}/dump.rdb", "rb") as file:
            self.assertEqual(file.read(), whole)
        self.assertEqual([os.path.getsize(path) for path in self.displaced() if path.endswith("dump.rdb")], [1 << 20])
        self.assert_done(self.world.run("apply"))

    def test_a_part_without_evidence_wins_with_an_error_and_nothing_is_lost(self):
        for name in ("one", "two"):
            write(f"{self.origin}/{name}", name * 100, (101, 104))
        subprocess.run(["cp", "-a", "-T", self.origin, self.there], check=True, stdin=subprocess.DEVNULL)
        os.unlink(f"{self.there}/two")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        (found,) = self.assert_finding(outcome, "entry.partial-destination", "1 file", "2 files")
        self.assertEqual(found["severity"], "error")
        self.assertEqual([os.path.basename(path) for path in self.displaced()], ["two"])

    def test_memory_does_not_grow_with_what_is_set_aside(self):
        os.mkdir(self.there)
        write(f"{self.there}/own", "of the volume")
        directory = os.open(self.origin, os.O_RDONLY)
        for number in range(MANY):
            os.close(os.open(f"{number:08}{'x' * 200}", os.O_WRONLY | os.O_CREAT, dir_fd=directory))
        os.close(directory)
        for command in (("plan",), ("apply",), ("displaced", "list")):
            self.assert_done(self.measured(*command))
        self.assertEqual(len(self.displaced()), MANY)
        # A debug build takes 22 MiB, of which most is its own; a name and a digest kept for each would be 40 more.
        self.assertLess(self.peak, 32 << 20)

    def measured(self, *command):
        process = self.world.start(*command)
        out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.peak = max(getattr(self, "peak", 0), usage.ru_maxrss << 10)
        return program.Outcome(list(command), process.returncode, os.fsdecode(out), os.fsdecode(err))


if __name__ == "__main__":
    case.main()

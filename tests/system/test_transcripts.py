#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole log of a container at each kind of start, as an operator reads it: recorded/*.txt."""

import os
import stat
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from support import case, kills, program, transcript
from support.locks import lock_whole_file
from support.world import mount, unmount

MOST_LINES = 25
NOT_USED = ("ENABLE_AMAVIS", "ENABLE_FETCHMAIL", "ENABLE_GETMAIL", "ENABLE_MTA_STS")  # nobody switches on everything
GATES = dict.fromkeys(NOT_USED, "0")


class Transcripts(case.Case):
    def make(self):
        return self.make_world(size="128M")

    def assert_log(self, world, name, *options, status=0):
        """Of a start of the container: stdout is the command's, all else is the log."""
        outcome = world.run("apply", *options, "--", "sh", "-c", "echo the services start", **GATES)
        self.assert_status(outcome, status)
        self.assertLessEqual(len(outcome.err.splitlines()), MOST_LINES, outcome.err)
        found = transcript.differences(outcome.err + outcome.out, f"{HERE}/recorded/{name}.txt")
        self.assertEqual(found, [], "\n".join(found))

    def applied(self):
        world = self.make()
        self.assert_done(world.run("apply", **GATES))
        world.recreate()
        self.assert_done(world.run("apply", **GATES))
        return world

    def test_first_start(self):
        self.assert_log(self.make(), "first-start")

    def test_later_start(self):
        self.assert_log(self.applied(), "later-start")

    def test_a_new_container(self):
        world = self.applied()
        world.recreate()
        self.assert_log(world, "new-container")

    def test_after_fsgroup(self):
        world = self.applied()
        for directory, names, files in os.walk(world.state):  # as kubelet does it: the group, g+rwX, g+s on directories
            for path in [directory, *(f"{directory}/{name}" for name in names + files)]:
                seen = os.lstat(path)
                if stat.S_ISLNK(seen.st_mode):
                    continue
                is_directory = stat.S_ISDIR(seen.st_mode)
                os.chown(path, -1, 2000)
                os.chmod(path, stat.S_IMODE(seen.st_mode) | (0o2770 if is_directory else 0o660))
        self.assert_log(world, "after-fsgroup")

    def test_a_mount_at_an_origin(self):
        world = self.make()
        mount("-t", "tmpfs", "none", world.path("/var/lib/redis"))
        self.assert_log(world, "mount-at-an-origin")

    def test_a_missing_volume(self):
        world = self.applied()
        unmount(world.state)
        self.assert_log(world, "missing-volume", status=program.BLOCKED)

    def test_after_an_interrupted_start(self):
        world = self.make()
        environment = {**world.environment(), **GATES}
        killed = kills.kill_at(("symlinkat", 6), world.arguments("apply", "--jobs", "1"), environment)
        self.assertNotEqual(killed.status, 0)
        self.assert_log(world, "after-an-interrupted-start")

    def test_a_lock_held_elsewhere(self):
        world = self.applied()
        os.unlink(world.path("/var/lib/redis"))
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            self.assert_log(world, "lock-held-elsewhere", "--lock-timeout", "0", status=program.LOCKED)


if __name__ == "__main__":
    case.main()

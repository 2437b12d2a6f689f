#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two machines with one volume whose locks do not reach each other (NFS with nolock, CIFS with nobrl, most of FUSE): both
get the lock. Whatever the one does while the other is held up between two calls, no content is lost."""

import hashlib
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.world import mount, unmount

FILES = 40
# Both think that they hold the lock.
WITHOUT_LOCK = ("-e", "trace=renameat2,unlinkat,fcntl", "-e", "inject=fcntl:retval=0")


class TwoMachines(case.Case):
    def make_machines(self):
        """A world, and the root of another container with origins of its own; each holds files that nobody else has."""
        world = self.make_world(size="256M")
        other = f"{world.top}/other"
        for directory in (other, f"{world.disk}/upper-other", f"{world.disk}/work-other"):
            os.mkdir(directory, 0o755)
        mount("-t", "overlay", "-o", f"lowerdir={world.image},upperdir={world.disk}/upper-other,"
              f"workdir={world.disk}/work-other", "overlay", other)
        self.addCleanup(unmount, other)
        mount("--bind", world.volume, f"{other}/var/mail-state")
        for root in (world.root, other):
            for number in range(FILES):
                write(f"{root}/var/lib/redis/{os.path.basename(root)}-{number}", f"{number} of {root}", (101, 104))
        return world, other

    def start(self, world, root, *strace):
        return program.start(["apply", "--root", root, "--only", "redis", "--jobs", "1", "--lock-timeout", "30"],
                             world.environment(), via=["strace", "-f", "-qq", "-o", "/dev/null", *strace])

    def assert_all_there(self, world, other):
        """Every file of either machine is somewhere, with its content."""
        found = set()
        for top in (world.state, f"{world.root}/var/lib", f"{other}/var/lib"):
            found |= {node.content for node in tree.manifest(top).values() if node.kind == "file"}
        for root in (world.root, other):
            for number in range(FILES):
                self.assertIn(hashlib.sha256(f"{number} of {root}".encode()).hexdigest(), found, f"{root}, {number}")

    def assert_ends_well(self, world, other):
        """Later starts, one after the other, end as they should, and lose nothing either."""
        for root in (world.root, other):
            self.assert_done(program.run(["apply", "--root", root, "--only", "redis"], world.environment()))
            self.assertEqual(os.readlink(f"{root}/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assert_all_there(world, other)

    def test_one_publishes_while_the_other_sweeps_staging(self):
        world, other = self.make_machines()
        first = self.start(world, world.root, *WITHOUT_LOCK, "-P", "lib-redis", "-P", f"{world.state}/.mailstate/lock",
                           "-e", "inject=renameat2:delay_enter=2000000:when=1")
        self.wait_for_staging(world)
        second = self.start(world, other, *WITHOUT_LOCK, "-P", f"{other}/var/mail-state/.mailstate/lock")
        for process in (second, first):
            self.assertIn(program.finish(process).status, (program.DONE, program.BLOCKED, program.MIDWAY))
        self.assert_all_there(world, other)
        self.assert_ends_well(world, other)

    def wait_for_staging(self, world):
        deadline = time.monotonic() + 20
        while not self.staged(world) and time.monotonic() < deadline:
            time.sleep(0.01)

    @staticmethod
    def staged(world):
        staging = f"{world.state}/.mailstate/staging"
        return os.path.isdir(staging) and any(name.startswith("redis.") for name in os.listdir(staging))

    def test_both_publish_at_once(self):
        for delay in (0, 300_000):
            with self.subTest(delay):
                world, other = self.make_machines()
                runs = [self.start(world, root, *WITHOUT_LOCK, "-P", "lib-redis", "-P",
                                   f"{root}/var/mail-state/.mailstate/lock", "-e",
                                   f"inject=renameat2:delay_enter={pause}:when=1")
                        for root, pause in ((world.root, 600_000), (other, 600_000 + delay))]
                for process in runs:
                    self.assertIn(program.finish(process).status, (program.DONE, program.BLOCKED, program.MIDWAY))
                self.assert_all_there(world, other)
                self.assert_ends_well(world, other)


if __name__ == "__main__":
    case.main()

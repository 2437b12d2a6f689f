#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A kernel before 5.8: statx does not tell mounts, and which names are mount points. strace takes it out of the answers."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.world import mount, unmount

# struct statx begins with stx_mask, here without STATX_MNT_ID, stx_blksize, and stx_attributes, here without any.
FORGET = "inject=statx:poke_exit=@arg5=ff07000000100000" + "00" * 8


class AnOldKernel(case.Case):
    def run_old(self, world, *arguments):
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=statx", "-e", FORGET, program.binary(),
                   *world.arguments(*arguments)]
        done = subprocess.run(command, env={**program.CLEAN, **world.environment()}, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)
        return program.Outcome(command, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))

    def test_a_volume_is_seen_to_be_one_and_all_is_moved(self):
        world = self.make_world()
        before = tree.manifest(world.path("/var/lib/fail2ban"))
        self.assert_done(self.run_old(world, "apply"))
        self.assert_linked(world)
        self.assert_same(before, tree.manifest(f"{world.state}/lib-fail2ban"))
        before = tree.manifest(world.state)
        self.assert_done(self.run_old(world, "apply"))
        self.assert_untouched(before, tree.manifest(world.state))

    def test_mounts_are_seen_all_the_same(self):
        world = self.make_world()
        source = self.make_scratch("source")
        write(f"{source}/data", "mounted", (101, 104))
        mount("--bind", source, world.path("/var/lib/redis"))
        os.mkdir(f"{world.state}/lib-clamav")
        mount("-t", "tmpfs", "-o", "mode=755", "own", f"{world.state}/lib-clamav")
        self.addCleanup(unmount, f"{world.state}/lib-clamav")
        before = tree.manifest(source)
        outcome = self.assert_done(self.run_old(world, "apply", "--allow-memory", "--output", "json"))
        self.assert_finding(outcome, "origin.mounted", "/var/lib/redis")
        self.assert_untouched(before, tree.manifest(source))
        self.assert_linked(world, except_for=["/var/lib/redis"])
        self.assertIn("main.cvd", os.listdir(f"{world.state}/lib-clamav"))

    def test_a_state_directory_that_is_no_mount_is_seen_to_be_none(self):
        world = self.make_world(mounted=False)
        outcome = self.assert_done(self.run_old(world, "apply", "--output", "json"))
        self.assert_finding(outcome, "volume.not-mounted")


if __name__ == "__main__":
    case.main()

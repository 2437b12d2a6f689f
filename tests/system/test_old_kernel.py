#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A kernel before 5.8: statx does not tell mounts, and which names are mount points. strace takes it out of the answers.
And engines whose seccomp profile refuses system calls that it does not know."""

import errno
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, seccomp, tree
from support.content import write
from support.world import ENTRIES, mount, unmount

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


class AnOldEngine(case.Case):
    """Each call refused by itself, and all of them, with either answer: one world, moved and rolled back each time."""

    def setUp(self):
        self.world = self.make_world(filled=False, size="128M")
        redis, spool = self.world.path("/var/lib/redis"), self.world.path("/var/spool/postfix")
        write(f"{redis}/dump.rdb", "redis" * 40_000, (101, 104), 0o660)
        os.link(f"{redis}/dump.rdb", f"{redis}/second-name")
        os.symlink("dump.rdb", f"{redis}/link")
        os.makedirs(f"{spool}/public", exist_ok=True)
        os.mkfifo(f"{spool}/public/pickup", 0o622)
        self.assert_done(self.world.run("apply"))
        self.before = {origin: tree.manifest(f"{self.world.state}/{destination}")
                       for origin, destination in ENTRIES.values()}
        self.assert_done(self.world.run("rollback"))

    def run_refused(self, names, answer, *arguments):
        command = [program.binary(), *self.world.arguments(*arguments)]
        done = subprocess.run(command, env={**program.CLEAN, **self.world.environment()}, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, preexec_fn=lambda: seccomp.refuse(names, answer))
        return program.Outcome(command, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))

    def move_and_roll_back(self, names, answer):
        outcome = self.assert_done(self.run_refused(names, answer, "apply", "--output", "json"))
        self.assertEqual([f for f in outcome.findings() if f["severity"] == "error"], [], str(outcome))
        self.assert_linked(self.world)
        for origin, destination in ENTRIES.values():
            self.assert_same(self.before[origin], tree.manifest(f"{self.world.state}/{destination}"))
        state = tree.manifest(self.world.state)
        self.assert_done(self.run_refused(names, answer, "apply"))
        self.assert_untouched(state, tree.manifest(self.world.state))
        self.assert_done(self.run_refused(names, answer, "verify"))
        process = self.assert_done(self.run_refused(names, answer, "probe", "--output", "json")).json()["process"]
        self.assertEqual(set(process["refused_calls"]), set(names) - {"close_range"} if answer == errno.EPERM else set())
        self.assert_done(self.run_refused(names, answer, "rollback"))
        for origin in self.before:
            self.assert_same(self.before[origin], tree.manifest(self.world.path(origin)))

    def test_everything_works_without_any_of_the_calls(self):
        for names in [*([name] for name in seccomp.CALLS), list(seccomp.CALLS)]:
            for answer in seccomp.ANSWERS:
                with self.subTest(calls=names, answer=answer):
                    self.move_and_roll_back(names, answer)


if __name__ == "__main__":
    case.main()

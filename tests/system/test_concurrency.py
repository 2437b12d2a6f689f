#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two runs on one volume."""

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.locks import lock_whole_file

class TwoRuns(case.Case):
    def test_at_the_same_instant_both_succeed_and_the_tree_is_right(self):
        for attempt in range(10):
            world = self.make_world(size="256M")
            before = tree.manifest(world.path("/var/lib/redis"))
            runs = [world.start("apply", "--output", "json") for _ in range(2)]
            for process in runs:
                self.assert_done(program.finish(process))
            self.assert_linked(world)
            self.assertEqual(before.keys(), tree.manifest(f"{world.state}/lib-redis").keys(), attempt)
            self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])
            self.assert_done(world.run("verify"))
            self.assert_status(world.run("plan", "--detailed-exitcode"), 0)
            world.remove()

    def test_a_run_that_waits_too_long_names_the_holder(self):
        world = self.make_world()
        for number in range(20_000):
            write(f"{world.path('/var/lib/redis')}/{number}", f"{number}", (101, 104))
        holder = world.start("apply")
        self.addCleanup(holder.kill)
        lock = f"{world.state}/.mailstate/lock"
        deadline = time.monotonic() + 20
        while not (os.path.exists(lock) and os.stat(lock).st_size) and time.monotonic() < deadline:
            time.sleep(0.01)
        holder.send_signal(signal.SIGSTOP)
        self.assertIsNone(holder.poll(), "the first run ended before it could be stopped")

        begin = time.monotonic()
        second = world.run("apply", "--lock-timeout", "1", "--output", "json")
        took = time.monotonic() - begin
        self.assert_status(second, program.LOCKED)
        self.assertTrue(0.9 < took < 10, f"waited {took} seconds")
        said = f"{second.out} {second.err}"
        self.assertIn(str(holder.pid), said)
        self.assertIn(os.uname().nodename, said)

        holder.send_signal(signal.SIGCONT)
        self.assert_done(program.finish(holder))
        self.assert_done(world.run("verify"))

    def start_frozen(self, world):
        """A run that holds the lock and was stopped by SIGSTOP in the middle of its copying."""
        for number in range(20_000):
            write(f"{world.path('/var/lib/redis')}/{number}", f"{number}", (101, 104))
        holder = world.start("apply")
        self.addCleanup(holder.kill)
        staging = f"{world.state}/.mailstate/staging"
        deadline = time.monotonic() + 20
        while not (os.path.isdir(staging) and os.listdir(staging)) and time.monotonic() < deadline:
            time.sleep(0.002)
        holder.send_signal(signal.SIGSTOP)
        self.assertIsNone(holder.poll(), "the run ended before it could be stopped")
        return holder

    def assert_right(self, world, before):
        self.assert_linked(world)
        self.assertEqual(before.keys(), tree.manifest(f"{world.state}/lib-redis").keys())
        self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])
        self.assert_done(world.run("verify"))

    def assert_whole(self, world, before):
        """All of Redis' files, at the origin or, where that is a link, at the destination."""
        found = tree.manifest(world.path(world.link("/var/lib/redis") or "/var/lib/redis"))
        self.assertEqual({path: node.content for path, node in before.items()},
                         {path: node.content for path, node in found.items()})

    def test_the_holder_is_killed(self):
        """The lock goes with its process: the next run does not wait, and the name left behind misleads nobody."""
        world = self.make_world()
        holder = self.start_frozen(world)
        before = tree.manifest(world.path("/var/lib/redis"))
        holder.kill()
        self.assert_status(program.finish(holder), -signal.SIGKILL)
        self.assert_done(world.run("apply", "--lock-timeout", "0"))
        self.assert_right(world, before)

    def test_the_lock_file_is_deleted_while_it_is_held(self):
        """Nobody may do that, and then two work at once: what the first has open the second leaves alone as in use (seen
        by chance only, so not asked for here), the first finds its staging gone, nothing is lost, and the end is right."""
        world = self.make_world()
        holder = self.start_frozen(world)
        before = tree.manifest(world.path("/var/lib/redis"))
        os.unlink(f"{world.state}/.mailstate/lock")
        self.assert_done(world.run("apply"))
        self.assert_whole(world, before)
        holder.send_signal(signal.SIGCONT)
        first = program.finish(holder)
        self.assertIn(first.status, (program.DONE, program.BLOCKED, program.MIDWAY), str(first))
        self.assert_whole(world, before)
        self.assert_done(world.run("apply"))
        self.assert_right(world, before)

    def test_a_lock_that_another_program_holds(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        os.chown(f"{world.state}/lib-redis/dump.rdb", 0, 0)
        before = tree.manifest(world.state)
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            self.assert_status(world.run("apply", "--lock-timeout", "1"), program.LOCKED)
            self.assert_untouched(before, tree.manifest(world.state))
            self.assert_status(world.run("plan"), program.LOCKED)  # what is in motion is not judged
            self.assert_untouched(before, tree.manifest(world.state))
        self.assert_done(world.run("apply"))

    def test_a_run_with_nothing_to_do_needs_no_lock(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            self.assert_done(world.run("apply", "--lock-timeout", "1"))


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two runs on one volume."""

import fcntl
import os
import signal
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write

F_OFD_SETLK = 37


def lock_whole_file(descriptor):
    """struct flock of x86-64 and arm64: type, whence, start, length, pid."""
    fcntl.fcntl(descriptor, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))


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

    def test_a_lock_that_another_program_holds(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        os.chown(f"{world.state}/lib-redis/dump.rdb", 0, 0)
        before = tree.manifest(world.state)
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            self.assert_status(world.run("apply", "--lock-timeout", "1"), program.LOCKED)
            self.assert_untouched(before, tree.manifest(world.state))
            self.assert_done(world.run("plan"))  # looking needs no lock
        self.assert_done(world.run("apply"))

    def test_a_run_with_nothing_to_do_needs_no_lock(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            self.assert_done(world.run("apply", "--lock-timeout", "1"))


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Over a slow network: apply against cp -a, and a start with nothing to change against chown -R. Prints ratios, and the
same figures as a line of JSON each, which the benchmark reads.

usage: test_nfs_speed.py [--files NUMBER] [--delays MILLISECONDS,...] [--runs NUMBER]     inside the guest (guest.py)

A delay is each way. Nothing is asserted of times.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", ".."), HERE]
import nfs
import nfs_case
from support import expected, program, tree
from support.content import write

REDIS = (101, 104)
FILES_IN_DIRECTORY = 100


def most_threads(process):
    """Of a run, until it ends."""
    most = 0
    while process.poll() is None:
        with contextlib.suppress(OSError), open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            most = max([most, *(int(line.split()[1]) for line in status if line.startswith("Threads:"))])
        time.sleep(0.1)
    return most


def seconds(work):
    begun = time.monotonic()
    result = work()
    return time.monotonic() - begun, result


class Speed:
    """calls: that a small file may cost: made, written, given, dated; exclusively made ones are dated once more."""

    files, delays, runs = 2000, (1,), 1

    def fill(self, directory):
        for number in range(self.files):
            below = f"{directory}/{number // FILES_IN_DIRECTORY}"
            if number % FILES_IN_DIRECTORY == 0:
                os.mkdir(below)
                os.chown(below, *REDIS)
            write(f"{below}/{number}", b"x" * (1024 + number % 4096), REDIS)

    def test_of_many_small_files(self):
        for delay in self.delays:
            taken = [self.measure(delay) for _ in range(self.runs)]
            self.say(delay, {work: statistics.median(run[work] for run in taken) for work in taken[0]})

    def test_calls_of_a_small_file(self):
        """By the difference of two numbers of files, so that what a run costs by itself does not count."""
        few, many = (self.calls_of_a_move(times) for times in (1, 3))
        calls = (many - few) / (2 * self.files)
        print(f"\n{self.version}: {calls:.2f} calls a file")
        self.assertLess(calls, self.calls + 1)

    def calls_of_a_move(self, times):
        """`times` the number of files, one entry."""
        container, = self.make_containers(self.server_directory(), 1)
        self.assert_done(container.run("apply", ENABLE_RSPAMD_REDIS="0"))
        origin = container.path("/var/lib/redis")
        for number in range(times):
            below = f"{origin}/part-{number}"
            os.mkdir(below)
            os.chown(below, *REDIS)
            self.fill(below)
        client = os.path.dirname(container.volume)
        before = nfs.calls_by(client)
        self.assert_done(container.run("apply", "--only", "redis"))
        return nfs.calls_by(client) - before

    def measure(self, delay):
        """Seconds, by what took them; the same origin copied, moved, owned and started from again."""
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        origin = container.path("/var/lib/redis")
        self.assert_done(container.run("apply", ENABLE_RSPAMD_REDIS="0"))  # all but what is measured
        self.fill(origin)
        wanted = expected.after_apply("/var/lib/redis", tree.manifest(origin), container.users, container.groups)
        other = f"{self.mount_client(self.server_directory())}/copy"
        kept = f"{container.volume}/lib-redis"

        def apply():
            process = container.start("apply", "--only", "redis")
            threads = most_threads(process)
            self.assert_done(program.finish(process))
            return threads

        taken = {}
        with nfs.Latency(delay) if delay else contextlib.nullcontext():
            taken["cp -a"], _ = seconds(lambda: subprocess.run(["cp", "-a", origin, other], check=True))
            taken["move"], threads = seconds(apply)
            taken["chown -R"], _ = seconds(lambda: subprocess.run(["chown", "-R", "101:104", kept], check=True))
            taken["start"], _ = seconds(apply)
        if delay:
            self.assertGreater(threads, os.cpu_count(), "so few operations in flight")
        self.assert_same(wanted, tree.manifest(f"{server}/lib-redis"))
        return taken

    def say(self, delay, taken):
        copied, moved, owned, started = (taken[work] for work in ("cp -a", "move", "chown -R", "start"))
        print(f"\n{self.version}, {self.files} files, {delay} ms each way: cp -a {copied:.2f} s, apply {moved:.2f} s: "
              f"{copied / moved:.1f} times as fast; chown -R {owned:.2f} s, apply with nothing to change "
              f"{started:.2f} s: {owned / started:.1f} times as fast")
        print(json.dumps({"version": self.version, "delay": delay, "seconds": taken}), flush=True)


class V3(Speed, nfs_case.Case):
    version, backing, calls = "3", "tmpfs", 5


class V42(Speed, nfs_case.Case):
    version, backing, calls = "4.2", "tmpfs", 6  # a close, too


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=Speed.files)
    parser.add_argument("--delays", type=lambda text: [int(delay) for delay in text.split(",")], default=Speed.delays)
    parser.add_argument("--runs", type=int, default=Speed.runs)
    options, more = parser.parse_known_args()
    Speed.files, Speed.delays, Speed.runs = options.files, options.delays, options.runs
    unittest.main(verbosity=2, argv=[sys.argv[0], *more])


if __name__ == "__main__":
    main()

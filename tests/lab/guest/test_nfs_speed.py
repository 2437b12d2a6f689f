#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""With 1 ms each way: apply against cp -a, and a start with nothing to change against chown -R. Prints ratios.

usage: test_nfs_speed.py [--files NUMBER]     runs inside the guest (guest.py)
"""

import argparse
import contextlib
import os
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
    files = 2000

    def fill(self, directory):
        for number in range(self.files):
            below = f"{directory}/{number // FILES_IN_DIRECTORY}"
            if number % FILES_IN_DIRECTORY == 0:
                os.mkdir(below)
                os.chown(below, *REDIS)
            write(f"{below}/{number}", b"x" * (1024 + number % 4096), REDIS)

    def test_of_many_small_files(self):
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        origin = container.path("/var/lib/redis")
        self.fill(origin)
        wanted = expected.after_apply("/var/lib/redis", tree.manifest(origin), container.users, container.groups)
        other = f"{self.mount_client(self.server_directory())}/copy"
        kept = f"{container.volume}/lib-redis"

        def apply():
            process = container.start("apply", "--only", "redis")
            threads = most_threads(process)
            self.assert_done(program.finish(process))
            return threads

        with nfs.Latency(1):
            copied, _ = seconds(lambda: subprocess.run(["cp", "-a", origin, other], check=True))
            moved, threads = seconds(apply)
            owned, _ = seconds(lambda: subprocess.run(["chown", "-R", "101:104", kept], check=True))
            started, _ = seconds(apply)
        self.assertGreater(threads, os.cpu_count(), "so few operations in flight")
        self.assert_same(wanted, tree.manifest(f"{server}/lib-redis"))
        print(f"\n{self.version}, {self.files} files, 1 ms each way: cp -a {copied:.2f} s, apply {moved:.2f} s: "
              f"{copied / moved:.1f} times as fast; chown -R {owned:.2f} s, apply with nothing to change "
              f"{started:.2f} s: {owned / started:.1f} times as fast")


class V3(Speed, nfs_case.Case):
    version, backing = "3", "tmpfs"


class V42(Speed, nfs_case.Case):
    version, backing = "4.2", "tmpfs"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=Speed.files)
    options, more = parser.parse_known_args()
    Speed.files = options.files
    unittest.main(verbosity=2, argv=[sys.argv[0], *more])


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs that are killed or stopped in the middle: nothing is lost, and the next run finishes."""

import os
import random
import signal
import stat
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, program, tree
from support.content import write

FILES = 8_000


class AnInterruptedRun(case.Case):
    def setUp(self):
        self.world = self.make_world()
        for number in range(FILES):
            directory = f"{self.world.image}/var/lib/redis/{number % 50}"
            os.makedirs(directory, exist_ok=True)
            write(f"{directory}/{number}", f"content {number}\n" * (number % 7), (101, 104))
        self.world.stop_container()
        self.world.start_container()
        self.before = {origin: tree.manifest(self.world.path(origin)) for origin in ("/var/lib/redis", "/var/lib/rspamd")}

    def assert_nothing_lost(self):
        """Every file is at its origin, or, once that is a link, at its destination."""
        for origin, nodes in self.before.items():
            there = self.world.link(origin)
            place = self.world.path(there or origin)
            found = tree.manifest(place) if os.path.isdir(place) else {}
            for path, node in nodes.items():
                if node.kind == "file" and (path not in found or found[path].content != node.content):
                    # Between publishing and linking the destination is whole and the origin may be emptied already.
                    kept = f"{self.world.state}/lib-{os.path.basename(origin)}"
                    self.assertTrue(os.path.isdir(kept), f"{path!r} is neither at {origin} nor published")
                    found = tree.manifest(kept)
                    self.assertEqual(found[path].content, node.content, path)

    def assert_finished(self):
        self.assert_linked(self.world)
        for origin, nodes in self.before.items():
            wanted = expected.after_apply(origin, nodes, self.world.users, self.world.groups)
            self.assert_same(wanted, tree.manifest(f"{self.world.state}/lib-{os.path.basename(origin)}"))
        self.assertEqual(os.listdir(f"{self.world.state}/.mailstate/staging"), [])
        self.assert_done(self.world.run("verify"))

    def test_killed_again_and_again(self):
        chosen = random.Random(4)
        killed = 0
        for _ in range(12):
            process = self.world.start("apply")
            time.sleep(chosen.uniform(0.02, 0.25))
            process.kill()
            killed += program.finish(process).status == -signal.SIGKILL
            self.assert_nothing_lost()
        self.assertGreater(killed, 0, "every run ended before it was killed: nothing was tested")
        self.assert_done(self.world.run("apply"))
        self.assert_finished()

    def test_told_to_stop(self):
        for number, how in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            process = self.world.start("apply")
            staging = f"{self.world.state}/.mailstate/staging"
            deadline = time.monotonic() + 20
            while not (os.path.isdir(staging) and os.listdir(staging)) and time.monotonic() < deadline:
                time.sleep(0.005)
            begin = time.monotonic()
            process.send_signal(number)
            outcome = program.finish(process)
            self.assert_status(outcome, how)
            self.assertLess(time.monotonic() - begin, 5)
            self.assert_nothing_lost()
        self.assert_done(self.world.run("apply"))
        self.assert_finished()

    def test_what_is_being_staged_is_for_root_alone(self):
        process = self.world.start("apply")
        workspace = f"{self.world.state}/.mailstate"
        deadline = time.monotonic() + 20
        while not os.path.isdir(f"{workspace}/staging") and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        for directory in (workspace, f"{workspace}/staging"):
            found = os.stat(directory)
            self.assertEqual((found.st_uid, stat.S_IMODE(found.st_mode)), (0, 0o700), directory)
        process.send_signal(signal.SIGCONT)
        self.assert_done(program.finish(process))
        self.assert_finished()


if __name__ == "__main__":
    case.main()

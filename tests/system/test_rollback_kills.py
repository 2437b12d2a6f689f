#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rollback, and the apply after it, killed at every changing call: nothing is lost, and either verb finishes."""

import json
import os
import shutil
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, kills, tree
from support.content import write
from support.image import set_owner

LAYOUT = {
    "name": "small", "version": 1, "state_dir": "/var/mail-state", "defaults": {},
    "entries": [
        {"name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis",
         "ownership": [{"match": "**", "owner": "redis", "group": "redis"}]},
        {"name": "secret", "origin": "/etc/postsrsd.secret", "destination": "etc/postsrsd.secret", "kind": "file"}],
}
EVERY = int(os.environ.get("MAILSTATE_KILL_EVERY", "2"))  # 1: at every call
figures = {"kills": 0, "runs": 0}


class KilledRollBack(case.Case):
    def make_small_world(self, overlay):
        world = self.make_world(overlay=overlay, filled=False, size="64M")
        redis = f"{world.image}/var/lib/redis"
        write(f"{redis}/dump.rdb", "a database", (101, 104), 0o660)
        write(f"{redis}/sgid", "special bits", (101, 104), 0o2755)
        os.mkdir(f"{redis}/sub")
        set_owner(f"{redis}/sub", 101, 104, 0o2770)
        os.link(f"{redis}/dump.rdb", f"{redis}/sub/second name")
        os.symlink("sub/second name", f"{redis}/link")
        os.lchown(f"{redis}/link", 101, 104)
        os.mkfifo(f"{redis}/fifo")
        set_owner(f"{redis}/fifo", 101, 104, 0o600)
        self.layout = f"{world.top}/layout.json"
        with open(self.layout, "w", encoding="utf-8") as file:
            json.dump(LAYOUT, file)
        world.stop_container()
        world.start_container()
        self.world = world
        self.places = [(world.path("/var/lib/redis"), f"{world.state}/lib-redis"),
                       (world.path("/etc/postsrsd.secret"), f"{world.state}/etc/postsrsd.secret")]
        self.assert_done(self.run_verb("apply"))

    def arguments(self, verb):
        return self.world.arguments(verb, "--layout", self.layout, "--jobs", "1", "--no-progress")

    def run_verb(self, verb):
        figures["runs"] += 1
        return self.world.run(verb, "--layout", self.layout, "--jobs", "1")

    def everything(self):
        """What files of the state hold, whatever their names: at the origins, on the volume, and set aside."""
        found = set()
        for top in (self.world.path("/var/lib"), self.world.path("/etc"), self.world.state):
            for path, node in tree.manifest(top).items():
                own = path.startswith(b".mailstate/") and not path.startswith(b".mailstate/displaced/")
                if node.kind == "file" and not own and b".rollback-" not in path and not path.endswith(b".json"):
                    found.add(node.content)
        return found

    def state(self, place):
        directory, name = os.path.split(place)
        return tree.below(tree.manifest(directory), name)

    def states(self, side):
        return [self.state(pair[side]) for pair in self.places]

    def assert_states(self, wanted, side):
        for expected, found in zip(wanted, self.states(side)):
            self.assert_same(expected, found)

    def assert_is_linked(self):
        for origin, destination in self.places:
            self.assertEqual(os.readlink(origin), destination.removeprefix(self.world.root), origin)
            beside = os.path.join(os.path.dirname(origin), ".mailstate.rollback-" + os.path.basename(origin))
            self.assertFalse(os.path.lexists(beside), beside)

    def assert_is_rolled_back(self):
        for origin, _ in self.places:
            self.assertFalse(os.path.islink(origin), origin)
            beside = os.path.join(os.path.dirname(origin), ".mailstate.rollback-" + os.path.basename(origin))
            self.assertEqual(os.listdir(beside), ["record"], beside)

    def killed(self, verb, call, kept):
        figures["kills"] += 1
        outcome = kills.kill_at(call, self.arguments(verb), self.world.environment())
        self.assertIn(outcome.status, (-signal.SIGKILL, 128 + signal.SIGKILL), f"not killed at {call}: {outcome}")
        self.assertLessEqual(kept, self.everything(), f"lost at {call}")

    def calls_of(self, verb):
        outcome, calls = kills.changing_calls(self.arguments(verb), self.world.environment(), f"{self.world.top}/trace")
        self.assert_done(outcome)
        self.assertGreater(len(calls), 40)
        return calls

    def sweep_roll_back(self):
        wanted = self.states(1)
        kept = self.everything()
        calls = self.calls_of("rollback")
        self.assert_is_rolled_back()
        self.assert_states(wanted, 0)
        self.assert_done(self.run_verb("apply"))
        for number, call in enumerate(calls):
            if number % EVERY:
                continue
            with self.subTest(call=call):
                self.killed("rollback", call, kept)
                self.assert_states(wanted, 1)  # the volume is never touched
                if number // EVERY % 2:
                    self.assert_done(self.run_verb("rollback"))
                    self.assert_is_rolled_back()
                    self.assert_states(wanted, 0)
                self.assert_done(self.run_verb("apply"))
                self.assert_is_linked()
                self.assert_states(wanted, 1)

    def use(self, number):
        """The older version works at the origin; nothing of what the volume has may win over it."""
        redis, secret = (place[0] for place in self.places)
        write(f"{redis}/dump.rdb", f"used {number}", (101, 104), 0o660, time=1)
        write(f"{redis}/new {number}", f"new {number}", (101, 104), 0o660, time=2)
        write(secret, f"secret {number}\n", time=3)

    def sweep_apply_after_use(self):
        self.assert_done(self.run_verb("rollback"))
        self.use(-1)
        calls = self.calls_of("apply")
        for number, call in enumerate(calls):
            if number % EVERY:
                continue
            with self.subTest(call=call):
                self.assert_done(self.run_verb("rollback"))
                self.use(number)
                wanted, kept = self.states(0), self.everything()
                self.killed("apply", call, kept)
                self.assert_done(self.run_verb("apply"))
                self.assert_is_linked()
                self.assert_states(wanted, 1)
                self.assertLessEqual(kept, self.everything(), f"lost after {call}")
                self.empty_displaced()

    def empty_displaced(self):
        displaced = f"{self.world.state}/.mailstate/displaced"
        for name in os.listdir(displaced):
            path = f"{displaced}/{name}"
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def test_on_an_overlay(self):
        self.make_small_world(overlay=True)
        self.sweep_roll_back()
        self.sweep_apply_after_use()

    def test_on_a_plain_directory(self):
        self.make_small_world(overlay=False)
        self.sweep_roll_back()
        self.sweep_apply_after_use()

    @classmethod
    def tearDownClass(cls):
        print(f"rollback: {figures['kills']} kills, {figures['runs']} runs after them", file=sys.stderr)


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A plan that is saved, looked at, and applied later: just that, or nothing."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.world import mount


class ASavedPlan(case.Case):
    def setUp(self):
        self.world = self.make_world()
        self.plan = f"{self.world.top}/plan.json"
        self.assert_done(self.world.run("plan", "--out", self.plan))

    def assert_refused(self, word):
        before = tree.manifest(self.world.root, cross=False)
        outcome = self.world.run("apply", "--plan", self.plan)
        self.assert_status(outcome, program.BLOCKED)
        self.assertIn(word, outcome.out + outcome.err)
        self.assert_untouched(before, tree.manifest(self.world.root, cross=False))
        self.assertEqual(os.listdir(self.world.state), [])

    def test_is_applied(self):
        self.assert_done(self.world.run("apply", "--plan", self.plan))
        self.assert_linked(self.world)

    def test_saving_it_changes_nothing(self):
        before = tree.manifest(self.world.root, cross=False)
        self.assert_done(self.world.run("plan", "--out", f"{self.world.top}/other.json"))
        self.assert_untouched(before, tree.manifest(self.world.root, cross=False))

    def test_is_refused_when_a_file_has_come(self):
        write(self.world.path("/var/lib/redis/new"), "new", (101, 104))
        self.assert_refused("redis")

    def test_is_refused_when_a_file_has_changed(self):
        write(self.world.path("/var/lib/amavis/db/nanny.db"), "other content", (997, 997))
        self.assert_refused("amavis")

    def test_is_refused_when_a_mount_has_come(self):
        mount("-t", "tmpfs", "tmpfs", self.world.path("/var/lib/clamav"))
        self.assert_refused("clamav")

    def test_is_refused_when_a_destination_has_come(self):
        os.mkdir(f"{self.world.volume}/lib-redis")
        write(f"{self.world.volume}/lib-redis/data", "data")
        outcome = self.world.run("apply", "--plan", self.plan)
        self.assert_status(outcome, program.BLOCKED)
        self.assertEqual(os.listdir(self.world.state), ["lib-redis"])

    def test_is_refused_when_it_was_applied_already(self):
        self.assert_done(self.world.run("apply", "--plan", self.plan))
        before = tree.manifest(self.world.state)
        self.assert_status(self.world.run("apply", "--plan", self.plan), program.BLOCKED)
        self.assert_untouched(before, tree.manifest(self.world.state))


if __name__ == "__main__":
    case.main()

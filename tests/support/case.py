# SPDX-License-Identifier: MIT
"""The test case of tests/system: worlds that go with the test, and what every test asks of an outcome."""

import os
import sys
import unittest

from support import namespace, tree
from support.world import ENTRIES, SECRET, World


class Case(unittest.TestCase):
    maxDiff = None

    def make_world(self, **options):
        Case.made = getattr(Case, "made", 0) + 1
        world = World(f"{namespace.enter()}/world-{Case.made}", **options)
        self.addCleanup(world.remove)
        return world

    def make_scratch(self, name):
        Case.made = getattr(Case, "made", 0) + 1
        path = f"{namespace.enter()}/{name}-{Case.made}"
        os.mkdir(path)
        return path

    def assert_status(self, outcome, status):
        self.assertEqual(outcome.status, status, str(outcome))

    def assert_done(self, outcome):
        self.assert_status(outcome, 0)
        return outcome

    def assert_finding(self, outcome, code, *words):
        """Findings with a code, whose text has all the words."""
        found = outcome.findings(code)
        self.assertTrue(found, f"no finding {code}\n{outcome}")
        text = " ".join(f"{f['subject']} {f['message']} {f['hint']}" for f in found)
        for word in words:
            self.assertIn(word, text, str(outcome))
        return found

    def assert_linked(self, world, except_for=()):
        """Every entry is a link to its destination, which is there."""
        for origin, destination in [*ENTRIES.values(), SECRET]:
            if origin in except_for:
                continue
            self.assertEqual(world.link(origin), f"/var/mail-state/{destination}", origin)
            self.assertTrue(os.path.lexists(f"{world.state}/{destination}"), destination)
            self.assertFalse(os.path.islink(f"{world.state}/{destination}"), destination)

    def assert_same(self, expected, found, **options):
        self.assertEqual(tree.differences(expected, found, **options), [])

    def assert_untouched(self, before, after):
        self.assertEqual(tree.untouched(before, after), [])


def main():
    namespace.enter()
    unittest.main(verbosity=2, argv=sys.argv)

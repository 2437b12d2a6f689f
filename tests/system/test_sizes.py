#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Trees at the limits: names of any byte, 4,096 levels, very many entries. MAILSTATE_TEST_MILLION=1 adds a million."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, tree
from support.content import write


class Sizes(case.Case):
    def move(self, world, content=True):
        """Applies twice; the content is the same, the second time nothing is touched."""
        before = tree.manifest(world.path("/var/lib/fail2ban"), content)
        self.assert_done(world.run("apply", "--verify", "content"))
        self.assertEqual(world.link("/var/lib/fail2ban"), "/var/mail-state/lib-fail2ban")
        after = tree.manifest(f"{world.state}/lib-fail2ban", content)
        self.assert_same(before, after)
        self.assert_done(world.run("apply"))
        self.assert_untouched(after, tree.manifest(f"{world.state}/lib-fail2ban", content))

    def test_names_of_any_byte(self):
        world = self.make_world(filled=False)
        top = os.fsencode(world.path("/var/lib/fail2ban"))
        for value in (byte for byte in range(1, 256) if byte != ord("/")):
            byte = bytes([value])
            write(top + b"/file" + byte, byte)
            if byte != b".":
                write(top + b"/" + byte, byte)
                os.mkdir(top + b"/" + byte * 200)
            os.symlink(byte, top + b"/link" + byte)
        self.move(world)

    def test_a_tree_of_4096_levels(self):
        world = self.make_world(filled=False)
        here = os.getcwd()
        os.chdir(world.path("/var/lib/fail2ban"))
        for level in range(4095):
            os.mkdir("level")
            os.chdir("level")
            if level % 512 == 0:
                write("file", f"{level}")
        write("bottom", "the bottom")
        os.chdir(here)
        self.move(world)

    def test_a_tree_that_is_too_deep_is_left_alone_and_the_others_are_moved(self):
        world = self.make_world(filled=False)
        here = os.getcwd()
        os.chdir(world.path("/var/lib/fail2ban"))
        for _ in range(4200):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
        before = tree.manifest(world.path("/var/lib/fail2ban"))
        outcome = world.run("apply", "--output", "json")
        self.assertIn(outcome.status, (0, 5), str(outcome))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")
        origin = world.path("/var/lib/fail2ban")
        if world.link("/var/lib/fail2ban"):
            origin = f"{world.state}/lib-fail2ban"
        else:
            self.assertIn("fail2ban", str(outcome.findings()))
        self.assert_same(before, tree.manifest(origin))

    def many(self, count):
        world = self.make_world(filled=False, size="8G", inodes=2 * count + 20_000)
        top = world.path("/var/lib/fail2ban")
        for number in range(count):
            os.close(os.open(f"{top}/{number:07}", os.O_CREAT | os.O_WRONLY, 0o640))
        self.move(world, content=False)  # they are empty

    def test_a_directory_of_100_000_entries(self):
        self.many(100_000)

    @unittest.skipUnless(os.environ.get("MAILSTATE_TEST_MILLION"), "takes minutes; MAILSTATE_TEST_MILLION=1 runs it")
    def test_a_directory_of_a_million_entries(self):
        self.many(1_000_000)

    def test_an_empty_tree(self):
        world = self.make_world(filled=False)
        self.move(world)
        self.assert_linked(world)


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Space on the volume: counted before anything is staged; and what happens where it runs out all the same."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, tree
from support.content import write
from support.world import mount, unmount


class Space(case.Case):
    def limit_messages(self, world, octets):
        os.makedirs(world.path("/etc/postfix"), exist_ok=True)
        write(world.path("/etc/postfix/main.cf"), f"# a comment\nmessage_size_limit =\n  {octets}\n", mode=0o644)

    def test_one_and_a_half_messages_of_postfix_stay_free(self):
        world = self.make_world(volume_size="128M")
        self.limit_messages(world, 100_000_000)
        before = tree.manifest(world.path("/var/lib/redis"))
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.no-space", "143.1 MiB are kept free", "to spare")
        self.assert_untouched(before, tree.manifest(world.path("/var/lib/redis")))
        self.limit_messages(world, 30_000_000)
        self.assert_done(world.run("apply"))
        self.assert_linked(world)

    def test_inodes_are_counted_too(self):
        world = self.make_world(volume_options=("-N", "1024"), volume_size="256M")
        top = world.path("/var/lib/fail2ban/many")
        os.mkdir(top)
        for number in range(1500):
            write(f"{top}/{number}", "")
        before = tree.manifest(world.path("/var/lib/fail2ban"))
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.no-space", "inodes", "to spare")
        self.assert_untouched(before, tree.manifest(world.path("/var/lib/fail2ban")))
        self.assert_linked(world, except_for=["/var/lib/fail2ban"])

    def test_a_volume_that_runs_out_in_the_middle_keeps_nothing_of_the_copy(self):
        # Each file takes 64 KiB there, which nothing tells beforehand: as if somebody else had filled the volume.
        world = self.make_world(volume_size="96M", volume_options=("-O", "bigalloc", "-C", "65536", "-N", "8192"))
        top = world.path("/var/lib/fail2ban/many")
        os.mkdir(top)
        for number in range(2000):
            write(f"{top}/{number}", "x")
        before = tree.manifest(world.path("/var/lib/fail2ban"))
        for _ in range(2):
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            self.assert_finding(outcome, "volume.no-space", "ENOSPC", "runs from its origin")
            self.assertEqual(outcome.entries()["/var/lib/fail2ban"]["outcome"], "failed")
            self.assert_untouched(before, tree.manifest(world.path("/var/lib/fail2ban")))
            self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])
            self.assertFalse(os.path.lexists(f"{world.state}/lib-fail2ban"))
            self.assert_linked(world, except_for=["/var/lib/fail2ban"])

    def test_a_full_volume_does_not_keep_a_recreated_container_from_its_state(self):
        """A link needs no room on the volume. What has to be set aside, or copied, does."""
        world = self.make_world(volume_size="128M")
        self.assert_done(world.run("apply"))
        for size in (1 << 20, 1 << 10):
            try:
                with open(f"{world.state}/filling-{size}", "wb", buffering=0) as file:
                    while file.write(b"x" * size) == size:
                        pass
            except OSError:
                pass  # full
        world.recreate()
        planned = world.run("plan", "--output", "json").entries()
        needs_room = {origin for origin, entry in planned.items()
                      if entry["decision"] == "leave-alone" or entry.get("set_aside", {}).get("names")}
        self.assertIn("/var/lib/postfix", needs_room)
        self.assert_done(world.run("apply"))
        self.assert_linked(world, except_for=needs_room)

    def test_a_destination_with_a_mount_of_its_own_has_its_own_space(self):
        world = self.make_world(volume_size="64M")
        for name, size in (("redis", "16M"), ("clamav", "256M")):
            os.mkdir(f"{world.state}/lib-{name}")
            mount("-t", "tmpfs", "-o", f"mode=755,size={size}", name, f"{world.state}/lib-{name}")
            self.addCleanup(unmount, f"{world.state}/lib-{name}")
        for name, owner in (("redis", (101, 104)), ("clamav", (106, 108))):
            write(world.path(f"/var/lib/{name}/large"), os.urandom(60 << 20), owner)
        before = tree.manifest(world.path("/var/lib/redis"))
        outcome = self.assert_done(world.run("apply", "--allow-memory", "--output", "json"))
        self.assertEqual(outcome.findings("volume.no-space")[0]["subject"], "redis", str(outcome))
        self.assert_untouched(before, tree.manifest(world.path("/var/lib/redis")))
        self.assert_linked(world, except_for=["/var/lib/redis"])


if __name__ == "__main__":
    case.main()

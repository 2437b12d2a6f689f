#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Origins and state directory on one filesystem, as in LXC and on bare metal: one rename moves an entry."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, tree
from support.content import write
from support.world import ENTRIES, mount

REDIS = "/var/lib/redis"
HERE = "--allow-unmounted"


class OneFilesystem(case.Case):
    def setUp(self):
        self.world = self.make_world(overlay=False, mounted=False, size="256M")
        self.origins = {origin: tree.manifest(self.world.path(origin)) for origin, _ in ENTRIES.values()
                        if os.path.isdir(self.world.path(origin))}
        self.inodes = {origin: os.stat(self.world.path(origin)).st_ino for origin in self.origins}

    def apply(self, *more):
        outcome = self.world.run("apply", HERE, "--output", "json", *more)
        self.assert_done(outcome)
        return outcome

    def inode(self, origin):
        return os.stat(f"{self.world.state}/{dict(ENTRIES.values())[origin]}").st_ino

    def assert_whole(self):
        self.assert_linked(self.world)
        for origin, destination in ENTRIES.values():
            if origin in self.origins:
                wanted = expected.after_apply(origin, self.origins[origin], self.world.users, self.world.groups)
                found = tree.manifest(f"{self.world.state}/{destination}")
                found = {path: node for path, node in found.items() if node.kind != "socket"}  # those are renamed along
                self.assert_same(wanted, found, times_of_directories=False)

    def test_each_directory_is_renamed_and_a_second_run_changes_nothing(self):
        planned = self.world.run("plan", HERE, "--output", "json").entries()
        self.assertIn("one filesystem", planned[REDIS]["reason"])
        self.apply()
        for origin in self.origins:
            self.assertEqual(self.inode(origin), self.inodes[origin], origin)
        self.assert_whole()
        self.assert_done(self.world.run("verify", HERE))
        before = tree.manifest(self.world.state)
        self.assertEqual(self.apply().json()["changes"], [])
        self.assert_untouched(before, tree.manifest(self.world.state))

    def test_a_full_disk_is_no_hindrance(self):
        status = os.statvfs(self.world.root)
        subprocess.run(["fallocate", "-l", str(status.f_bavail * status.f_bsize - (2 << 20)),
                        f"{self.world.root}/tmp/large"], check=True)
        done = self.apply("--only", "redis").entries()
        self.assertEqual(done[REDIS]["outcome"], "moved")
        self.assertEqual(self.inode(REDIS), self.inodes[REDIS])

    def test_a_volume_of_the_same_disk_is_filled_by_copies(self):
        """A bind mount: rename(2) does not cross it."""
        os.mkdir(f"{self.world.disk}/volume")
        mount("--bind", f"{self.world.disk}/volume", self.world.state)
        self.assert_done(self.world.run("apply"))
        self.assertNotEqual(self.inode(REDIS), self.inodes[REDIS])
        self.assert_whole()

    def test_a_file_that_has_a_name_outside_stays_with_its_owner(self):
        """A service planted it in its own directory: it is refused, as where it would be copied."""
        shadow = self.world.path("/etc/shadow")
        write(shadow, "root's own", (0, 0), 0o600)
        os.link(shadow, self.world.path(f"{REDIS}/planted"))
        outcome = self.world.run("apply", HERE, "--only", "redis", "--output", "json")
        self.assert_finding(outcome, "entry.failed", "other names outside")
        self.assertEqual(os.stat(shadow).st_uid, 0)
        self.assertFalse(os.path.islink(self.world.path(REDIS)))
        self.assertFalse(os.path.lexists(f"{self.world.state}/lib-redis"))

    def test_the_way_back_is_a_copy(self):
        self.apply()
        kept = tree.manifest(f"{self.world.state}/lib-redis")
        self.assert_done(self.world.run("rollback", HERE))
        self.assert_same(kept, tree.manifest(f"{self.world.state}/lib-redis"))
        self.assertFalse(os.path.islink(self.world.path(REDIS)))
        self.assert_same(kept, tree.manifest(self.world.path(REDIS)), times_of_directories=False)

    def test_a_rehearsal_renames_too_and_copies_where_the_real_run_does(self):
        outcome = self.world.run("rehearse", HERE)
        self.assert_done(outcome)
        self.assertEqual(self.inodes, {origin: os.stat(self.world.path(origin)).st_ino for origin in self.origins})


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A device that fails under the volume: what was written looks right from the cache, and is not on the disk."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, tree
from support.content import write
from support.world import mount, unmount


class AFailingDevice(case.Case):
    def test_a_write_back_error_is_seen_and_nothing_is_published(self):
        world = self.make_world()
        top = self.make_scratch("device")
        # The disk claims 512 MiB and has 48: writes beyond that fail when the cache is written back, not before.
        mount("-t", "tmpfs", "-o", "size=48M", "device", top)
        self.addCleanup(unmount, top)
        subprocess.run(["truncate", "--size", "512M", f"{top}/disk"], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", f"{top}/disk"], check=True)
        mount("-o", "loop", f"{top}/disk", world.state)
        write(world.path("/var/lib/clamav/large.cvd"), os.urandom(120 << 20), (106, 108))
        before = tree.manifest(world.path("/var/lib/clamav"))

        outcome = world.run("apply", "--only", "clamav", "--output", "json")
        self.assertIn(outcome.status, (0, 4, 5), str(outcome))
        self.assertIsNone(world.link("/var/lib/clamav"))
        self.assert_untouched(before, tree.manifest(world.path("/var/lib/clamav")))
        self.assertFalse(os.path.lexists(f"{world.state}/lib-clamav"), "published, though it is not on the disk")
        self.assertIn("EIO", str(outcome))

        # The disk is mended, and the filesystem checked, as one would: the next start finishes.
        unmount(world.state)
        mount("-o", "remount,size=300M", top)
        subprocess.run(["e2fsck", "-f", "-y", f"{top}/disk"], check=False, capture_output=True)
        mount("-o", "loop", f"{top}/disk", world.state)
        self.assert_done(world.run("apply", "--only", "clamav"))
        self.assertEqual(world.link("/var/lib/clamav"), "/var/mail-state/lib-clamav")
        self.assert_same(before, tree.manifest(f"{world.state}/lib-clamav"))


if __name__ == "__main__":
    case.main()

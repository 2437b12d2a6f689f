# SPDX-License-Identifier: MIT
"""A container's root and a volume, on disks of their own; made from a tree once, and anew for each run by copying."""

import os

from bench.disk import Disk
from support import image, program

ORIGIN, STATE, KEPT = "/var/lib/redis", "/var/mail-state", "/var/mail-state/lib-redis"
ENVIRONMENT = {**program.CLEAN, "ENABLE_RSPAMD_REDIS": "1"}


class Tree:
    """A root whose Redis directory holds what `fill` puts there."""

    def __init__(self, scratch, size, inodes, fill):
        self.scratch, self.size, self.inodes = scratch, size, inodes
        self.disk = Disk.make(size, inodes)
        root = self.disk.mount(f"{scratch}/pristine")
        image.write_accounts(root)
        for directory in ("/proc", "/tmp", "/run", STATE, ORIGIN):
            os.makedirs(root + directory)
        fill(root + ORIGIN)
        self.disk.unmount()

    def machine(self):
        return Machine(self)

    def remove(self):
        self.disk.remove()


class Machine:
    def __init__(self, tree):
        self.disk, self.volume = tree.disk.copy(), Disk.make(tree.size, tree.inodes)
        self.root = f"{tree.scratch}/root"
        self.mount()

    def mount(self):
        self.disk.mount(self.root)
        self.volume.mount(self.root + STATE)

    def forget(self):
        """What the kernel has cached of both disks."""
        self.volume.unmount()
        self.disk.unmount()
        self.mount()

    def remember(self):
        """The origin as a service that has just read it leaves it in the cache."""
        for directory, _, names in os.walk(self.root + ORIGIN):
            for name in names:
                with open(f"{directory}/{name}", "rb") as file:
                    while file.read(1 << 20):
                        pass

    def mailstate(self, command, *arguments):
        return [program.binary(), command, "--root", self.root, "--only", "redis", *arguments]

    def renumber(self, uid, gid):
        image.write_accounts(self.root, {"redis": uid}, {"redis": gid})

    def remove(self):
        self.volume.remove()
        self.disk.remove()

# SPDX-License-Identifier: MIT
"""A container's root and a volume, on disks of their own; made from a tree once, and anew for each run by copying."""

import os

from bench.disk import Disk, quiet
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

    def container(self):
        return Container(self)

    def one_disk(self):
        return OneDisk(self)

    def remove(self):
        self.disk.remove()


class Machine:
    def __init__(self, tree):
        self.disk, self.volume = tree.disk.copy(), Disk.make(tree.size, tree.inodes)
        self.scratch, self.root = tree.scratch, f"{tree.scratch}/root"
        self.mount()

    def mount(self):
        self.disk.mount(self.root)
        self.volume.mount(self.root + STATE)

    def unmount(self):
        self.volume.unmount()
        self.disk.unmount()

    def forget(self):
        """What the kernel has cached of the disks."""
        self.unmount()
        self.mount()

    def remember(self):
        """The origin as a service that has just read it leaves it in the cache."""
        for directory, _, names in os.walk(self.root + ORIGIN):
            for name in names:
                with open(f"{directory}/{name}", "rb") as file:
                    while file.read(1 << 20):
                        pass

    def mailstate(self, command, *arguments, binary=None):
        return [binary or program.binary(), command, "--root", self.root, "--only", "redis", *arguments]

    def renumber(self, uid, gid):
        image.write_accounts(self.root, {"redis": uid}, {"redis": gid})

    def remove(self):
        self.volume.remove()
        self.disk.remove()


class OneDisk(Machine):
    """The state directory is one of the root's filesystem, as in LXC and on bare metal."""

    def mount(self):
        self.disk.mount(self.root)

    def unmount(self):
        self.disk.unmount()

    def remove(self):
        self.disk.remove()

    def mailstate(self, command, *arguments, binary=None):
        return super().mailstate(command, "--allow-unmounted", *arguments, binary=binary)


class Container(Machine):
    """The same behind an overlay, as an engine gives it to a container: the tree is the image, what changes is a layer."""

    def __init__(self, tree):
        self.layer = Disk.make(tree.size, tree.inodes)
        super().__init__(tree)

    def mount(self):
        image, layer = self.disk.mount(f"{self.scratch}/image"), self.layer.mount(f"{self.scratch}/layer")
        for directory in (f"{layer}/upper", f"{layer}/work", self.root):
            os.makedirs(directory, exist_ok=True)
        options = f"lowerdir={image},upperdir={layer}/upper,workdir={layer}/work"
        quiet("mount", "-t", "overlay", "-o", options, "overlay", self.root)
        self.volume.mount(self.root + STATE)

    def unmount(self):
        self.volume.unmount()
        quiet("umount", self.root)
        self.layer.unmount()
        self.disk.unmount()

    def remove(self):
        self.unmount()
        super().remove()
        self.layer.remove()

# SPDX-License-Identifier: MIT
"""Disks in memory, so that a machine's storage is not what is measured: ext4 in loop devices, copied as a whole."""

import os
import subprocess

MIB = 1 << 20


def quiet(*command, **options):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)


class Disk:
    """Mounted nowhere at first. A mount after an unmount finds nothing cached: that is what "cold" means here."""

    def __init__(self, image):
        self.image, self.top = image, None

    @classmethod
    def make(cls, size, inodes):
        """Formatted whole, so that no thread of the kernel does it later, beside what is measured."""
        image = os.memfd_create("disk")
        os.truncate(image, size)
        quiet("mkfs.ext4", "-q", "-F", "-m", "0", "-N", str(inodes), "-E", "lazy_itable_init=0,lazy_journal_init=0",
              f"/proc/self/fd/{image}", pass_fds=[image])
        return cls(image)

    def copy(self):
        """Of a disk that is not mounted; holes stay holes."""
        size = os.fstat(self.image).st_size
        image = os.memfd_create("disk")
        os.truncate(image, size)
        begin = 0
        while begin < size:
            try:
                begin = os.lseek(self.image, begin, os.SEEK_DATA)
            except OSError:  # ENXIO: only a hole is left
                break
            end = os.lseek(self.image, begin, os.SEEK_HOLE)
            os.lseek(image, begin, os.SEEK_SET)
            while begin < end:
                begin += os.sendfile(image, self.image, begin, min(end - begin, 64 * MIB))
        return Disk(image)

    def mount(self, top):
        os.makedirs(top, exist_ok=True)
        quiet("mount", "-o", "loop,noatime", f"/proc/self/fd/{self.image}", top, pass_fds=[self.image])
        self.top = top
        return top

    def unmount(self):
        if self.top:
            quiet("umount", self.top)
            self.top = None

    def remove(self):
        self.unmount()
        os.close(self.image)

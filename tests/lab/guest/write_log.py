# SPDX-License-Identifier: MIT
"""A block device that remembers every write (dm-log-writes), and its replay up to any moment.

The log holds a write only from the flush on that made it durable, so that a prefix of it is what a disk with a volatile
cache holds after a power cut. Its format, little endian (drivers/md/dm-log-writes.c):

  sector 0      magic, version, entries: 64 bits each; size of a sector: 32 bits
  then, for each entry, a sector with: first sector, sectors, flags, length of what follows in this sector (a mark's
  text): 64 bits each; then the sectors themselves, unless it is a mark or a discard
"""

import fcntl
import os
import struct
import subprocess
from dataclasses import dataclass

SECTOR = 512
MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
ENTRY = struct.Struct("<QQQQ")

DM_IOCTL = struct.Struct("<3I7IQ128s129s7x")  # struct dm_ioctl of linux/dm-ioctl.h
DM_TARGET_MSG = 0xC138FD0E


@dataclass
class Entry:
    sector: int
    sectors: int
    flags: int
    text: str  # of a mark
    at: int  # where its data begins in the log

    @property
    def is_barrier(self):
        return bool(self.flags & (FLUSH | FUA))


def run(*command):
    done = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "DM_DISABLE_UDEV": "1"})
    return done.stdout.strip()


def make_image(path, size):
    with open(path, "wb") as image:
        image.truncate(size)


class LoggedDevice:
    """A device over `image` whose writes go to the file `log` too."""

    def __init__(self, name, image, log):
        self.name, self.path = name, f"/dev/mapper/{name}"
        make_image(log, 1 << 30)  # sparse: as large as what is written
        self.loops = [run("losetup", "--find", "--show", path) for path in (image, log)]
        sectors = os.stat(image).st_size // SECTOR
        run("dmsetup", "create", name, "--table", f"0 {sectors} log-writes {' '.join(self.loops)}")
        self.control = os.open("/dev/mapper/control", os.O_RDWR | os.O_CLOEXEC)

    def mark(self, text):
        message = struct.pack("<Q", 0) + f"mark {text}".encode() + b"\0"
        head = DM_IOCTL.pack(4, 0, 0, DM_IOCTL.size + len(message), DM_IOCTL.size, 0, 0, 0, 0, 0, 0,
                             self.name.encode(), b"")
        fcntl.ioctl(self.control, DM_TARGET_MSG, bytearray(head + message))

    def remove(self):
        os.close(self.control)
        run("dmsetup", "remove", "--retry", self.name)
        for loop in self.loops:
            run("losetup", "--detach", loop)


def read_log(path):
    """All entries, in the order in which they became durable."""
    entries = []
    with open(path, "rb") as log:
        magic, version, count, sector = struct.unpack("<QQQI", log.read(28))
        if (magic, version, sector) != (MAGIC, 1, SECTOR):
            raise ValueError(f"{path} is no log of writes: {magic:x}, version {version}, sectors of {sector}")
        at = SECTOR
        for _ in range(count):
            log.seek(at)
            head = log.read(SECTOR)
            first, sectors, flags, length = ENTRY.unpack_from(head)
            text = head[ENTRY.size:ENTRY.size + length].rstrip(b"\0").decode() if flags & MARK else ""
            entries.append(Entry(first, sectors, flags, text, at + SECTOR))
            at += SECTOR if flags & (MARK | DISCARD) else SECTOR * (1 + sectors)
    return entries


class Replay:
    """An image that goes forward in time; `copy_to` gives what it holds at the moment."""

    def __init__(self, base, log, image):
        self.log, self.image, self.entries, self.done = log, image, read_log(log), 0
        copy_sparse(base, image)

    def forward_to(self, count):
        """Replays the first `count` entries; never fewer than before."""
        assert count >= self.done
        with open(self.log, "rb") as log, open(self.image, "r+b") as image:
            for entry in self.entries[self.done:count]:
                if entry.flags & (MARK | DISCARD):  # what is discarded may read as anything: it stays
                    continue
                log.seek(entry.at)
                image.seek(entry.sector * SECTOR)
                image.write(log.read(entry.sectors * SECTOR))
        self.done = count

    def copy_to(self, path):
        copy_sparse(self.image, path)


def copy_sparse(source, destination):
    with open(source, "rb") as given, open(destination, "wb") as made:
        size = os.fstat(given.fileno()).st_size
        made.truncate(size)
        at = 0
        while at < size:
            try:
                at = os.lseek(given.fileno(), at, os.SEEK_DATA)
            except OSError:
                break  # ENXIO: a hole up to the end
            end = os.lseek(given.fileno(), at, os.SEEK_HOLE)
            while at < end:
                data = os.pread(given.fileno(), min(end - at, 1 << 20), at)
                os.pwrite(made.fileno(), data, at)
                at += len(data)

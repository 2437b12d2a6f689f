# SPDX-License-Identifier: MIT
"""The trees that are moved: the same bytes, names, owners and times in each run on each machine."""

import os
import random

OWNER = (101, 104)
MADE = 1_600_000_000_123_456_789
FILES_IN_DIRECTORY = 100


def give(path):
    os.lchown(path, *OWNER)
    os.utime(path, ns=(MADE, MADE), follow_symlinks=False)


def small_files(top, number, largest=8192):
    """Of 1 KiB to `largest` bytes, a hundred in a directory."""
    numbers = random.Random(number)
    content = numbers.randbytes(2 * largest)
    for first in range(0, number, FILES_IN_DIRECTORY):
        below = f"{top}/{first // FILES_IN_DIRECTORY:05}"
        os.mkdir(below)
        directory = os.open(below, os.O_DIRECTORY)
        for index in range(first, min(number, first + FILES_IN_DIRECTORY)):
            file = os.open(f"{index:07}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640, dir_fd=directory)
            begin = numbers.randrange(largest)
            os.write(file, content[begin:begin + numbers.randint(1024, largest)])
            os.fchown(file, *OWNER)
            os.utime(file, ns=(MADE, MADE))
            os.close(file)
        os.close(directory)
        give(below)
    give(top)


def large_files(top, number=3, size=100 << 20):
    content = random.Random(size).randbytes(1 << 20)
    for index in range(number):
        with open(f"{top}/large-{index}", "wb") as file:
            for _ in range(size >> 20):
                file.write(content)
        give(f"{top}/large-{index}")
    give(top)


def odd_files(top, number=20_000):
    """A third each: files of two names, files that are mostly holes, files with extended attributes."""
    for kind in ("links", "holes", "attributes"):
        os.mkdir(f"{top}/{kind}")
    for index in range(number // 3):
        for kind in ("links", "holes", "attributes"):
            path = f"{top}/{kind}/{index:05}"
            with open(path, "wb") as file:
                file.write(b"%07d" % index * 300)
                if kind == "holes":
                    file.truncate(4 << 20)
                    file.seek(2 << 20)
                    file.write(b"x" * 4096)
            if kind == "attributes":
                os.setxattr(path, "user.mailstate.bench", b"%d" % index)
            give(path)
            if kind == "links":
                os.link(path, f"{path}.twin")
    for kind in ("links", "holes", "attributes"):
        give(f"{top}/{kind}")
    give(top)

# SPDX-License-Identifier: MIT
"""Volumes of many kinds, mounted at a world's state directory in place of its own."""

import os
import subprocess

from support.world import make_ext4, mount, unmount


def run(*command, **options):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)


def make_disk(directory, command, size, options="loop"):
    """A filesystem in memory, as make_ext4 makes one."""
    image = os.memfd_create("image")
    try:
        path = f"/proc/self/fd/{image}"
        os.truncate(image, size)
        run(*command, path, pass_fds=[image])
        os.mkdir(directory)
        run("mount", "-o", options, path, directory, pass_fds=[image])
    finally:
        os.close(image)
    os.chmod(directory, 0o755)


def make(kind, top):
    """A filesystem of a kind on a new directory `top`; returns the directory to use."""
    os.makedirs(os.path.dirname(top), exist_ok=True)
    if kind == "tmpfs":
        os.mkdir(top)
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", top)
    elif kind == "ext4":
        make_ext4(top, "256M")
    elif kind == "ext4 with whole seconds":
        make_ext4(top, "256M", ("-I", "128"))
    elif kind == "xfs":
        make_disk(top, ("mkfs.xfs", "-q", "-f"), 320 << 20)
    elif kind == "xfs that ends in 2038":
        make_disk(top, ("mkfs.xfs", "-q", "-f", "-m", "bigtime=0"), 320 << 20)
    elif kind == "btrfs":
        make_disk(top, ("mkfs.btrfs", "-q", "-f"), 256 << 20)
    elif kind == "overlay":
        make_ext4(f"{top}.disk", "256M")
        for name in ("lower", "upper", "work"):
            os.mkdir(f"{top}.disk/{name}")
            os.chmod(f"{top}.disk/{name}", 0o755)
        os.mkdir(top)
        mount("-t", "overlay", "-o", ",".join(f"{n}dir={top}.disk/{n}" for n in ("lower", "upper", "work")), "o", top)
    elif kind.startswith("bindfs"):
        make_ext4(f"{top}.disk", "256M")
        os.mkdir(top)
        run("bindfs", *kind.split()[1:], f"{top}.disk", top)
    else:
        raise ValueError(kind)
    return top


def put_under(world, directory):
    """The world's state directory becomes this one."""
    unmount(world.state)
    mount("--bind", directory, world.state)


def clear(top):
    for path in (top, f"{top}.disk"):
        if os.path.ismount(path):
            unmount(path)

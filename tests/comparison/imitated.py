#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What three programs that own a volume's files do to them, after their sources, because they need a cluster, an engine or an
init system to run: the kubelet's fsGroup, podman's volume option U, systemd's StateDirectory=.

usage: imitated.py fsgroup|fsgroup-on-root-mismatch DIRECTORY GROUP
       imitated.py podman DIRECTORY USER GROUP
       imitated.py systemd DIRECTORY USER GROUP MODE"""

import os
import stat
import sys


def below_first(top):
    """Everything at and below a directory, a directory after its content, no link followed."""
    if stat.S_ISDIR(os.lstat(top).st_mode):
        for name in os.listdir(top):
            yield from below_first(f"{top}/{name}")
    yield top


def above_first(top):
    yield top
    if stat.S_ISDIR(os.lstat(top).st_mode):
        for name in sorted(os.listdir(top)):
            yield from above_first(f"{top}/{name}")


def fsgroup(top, gid):
    """kubelet, pkg/volume: every file but links goes to the group, which may read and write it; directories get SGID. What
    fails is logged, and the start goes on."""
    for path in below_first(top):
        seen = os.lstat(path)
        if stat.S_ISLNK(seen.st_mode):
            continue
        more = 0o660 | (0o2110 if stat.S_ISDIR(seen.st_mode) else 0)
        for change, *values in ((os.chown, seen.st_uid, gid), (os.chmod, stat.S_IMODE(seen.st_mode) | more)):
            try:
                change(path, *values)
            except OSError:
                pass  # the kubelet writes it to its log


def fsgroup_on_root_mismatch(top, gid):
    seen = os.stat(top)
    if seen.st_gid != gid or seen.st_mode & 0o2770 != 0o2770:
        fsgroup(top, gid)


def podman(top, uid, gid):
    """containers/common, pkg/chown: what belongs to others goes to the container's user; the first failure ends the start."""
    for path in above_first(top):
        seen = os.lstat(path)
        if (seen.st_uid, seen.st_gid) != (uid, gid):
            os.lchown(path, uid, gid)


def systemd(top, uid, gid, mode):
    """setup_exec_directory() and path_chown_recursive(): the directory gets its mode; if it belongs to others, everything goes
    to the unit's user, without ACLs. The first failure ends the start."""
    if stat.S_IMODE(os.stat(top).st_mode) != mode:
        os.chmod(top, mode)
    seen = os.stat(top)
    if (seen.st_uid, seen.st_gid) == (uid, gid):
        return
    for path in below_first(top):
        seen = os.lstat(path)
        if stat.S_ISLNK(seen.st_mode):
            os.lchown(path, uid, gid)
            continue
        for name in {"system.posix_acl_access", "system.posix_acl_default"} & set(os.listxattr(path)):
            os.removexattr(path, name)
        os.chown(path, uid, gid)
        os.chmod(path, stat.S_IMODE(seen.st_mode))  # what was the ACL's mask is the group's permissions now


def main(kind, top, *numbers):
    numbers = [int(number, 8 if index == 2 else 10) for index, number in enumerate(numbers)]
    {"fsgroup": fsgroup, "fsgroup-on-root-mismatch": fsgroup_on_root_mismatch, "podman": podman,
     "systemd": systemd}[kind](top, *numbers)


if __name__ == "__main__":
    main(*sys.argv[1:])

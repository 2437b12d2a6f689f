# SPDX-License-Identifier: MIT
"""An independent record of a directory tree: everything a move must keep, read with Python's own calls.

Walks with one descriptor and names relative to it, so that a path may be longer than PATH_MAX, and never follows a link.
"""

import hashlib
import os
import stat
from dataclasses import dataclass, field, replace

KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "directory",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
}


@dataclass(frozen=True)
class Node:
    kind: str
    mode: int
    uid: int
    gid: int
    size: int  # of regular files
    mtime_ns: int
    rdev: int
    xattrs: tuple  # of (name, value), ACLs among them
    content: str  # SHA-256 of a file, text of a link
    data: tuple  # (start, end) of what is no hole
    inode: tuple = field(compare=False)
    ctime_ns: int = field(compare=False)
    links: int = field(compare=False)


# Not part of the state: the overlay's own marks, and a label that belongs to the filesystem.
FOREIGN_ATTRIBUTES = ("trusted.overlay.", "security.selinux")


def read_attributes(directory, name):
    path = b"/proc/self/fd/%d/%s" % (directory, name)
    names = [n for n in os.listxattr(path, follow_symlinks=False) if not n.startswith(FOREIGN_ATTRIBUTES)]
    return tuple((n, os.getxattr(path, n, follow_symlinks=False)) for n in sorted(names))


def data_ranges(descriptor, size):
    """The parts of a file that are no holes, neighbours joined."""
    ranges, at = [], 0
    while at < size:
        try:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
        except OSError:
            break  # ENXIO: a hole up to the end
        at = os.lseek(descriptor, start, os.SEEK_HOLE)
        ranges.append((start, min(at, size)))
    return tuple(ranges)


def read_content(directory, name, size):
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
    try:
        ranges = data_ranges(descriptor, size)
        digest = hashlib.sha256()
        os.lseek(descriptor, 0, os.SEEK_SET)
        while chunk := os.read(descriptor, 1 << 20):
            digest.update(chunk)
        return digest.hexdigest(), ranges
    finally:
        os.close(descriptor)


def look(directory, name, content=True):
    """One name in an open directory, as a Node."""
    seen = os.lstat(name, dir_fd=directory) if name != b"." else os.fstat(directory)
    kind = KINDS[stat.S_IFMT(seen.st_mode)]
    text, ranges = "", ()
    if kind == "file" and content:
        text, ranges = read_content(directory, name, seen.st_size)
    if kind == "link":
        text = os.readlink(name, dir_fd=directory)
    return Node(
        kind=kind,
        mode=stat.S_IMODE(seen.st_mode),
        uid=seen.st_uid,
        gid=seen.st_gid,
        size=seen.st_size if kind == "file" else 0,
        mtime_ns=seen.st_mtime_ns,
        rdev=seen.st_rdev if "device" in kind else 0,
        xattrs=read_attributes(directory, name),
        content=text,
        data=ranges,
        inode=(seen.st_dev, seen.st_ino),
        ctime_ns=seen.st_ctime_ns,
        links=seen.st_nlink,
    )


def manifest(top, content=True, cross=True):
    """Every path below `top`, relative and as bytes ("." is top itself), with its Node.

    Without `cross`, what is mounted below stays out."""
    nodes, above = {}, []
    at = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        nodes[b"."] = look(at, b".", content)
        device, prefix = nodes[b"."].inode[0], b""
        pending = sorted(map(os.fsencode, os.listdir(at)))
        while True:
            if pending:
                name = pending.pop(0)
                node = look(at, name, content)
                if not cross and node.inode[0] != device:
                    continue
                nodes[prefix + name] = node
                if node.kind != "directory":
                    continue
                below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                above.append((prefix, pending))
                prefix, pending = prefix + name + b"/", sorted(map(os.fsencode, os.listdir(below)))
            elif above:
                below = os.open("..", os.O_RDONLY | os.O_DIRECTORY, dir_fd=at)
                prefix, pending = above.pop()
            else:
                return nodes
            os.close(at)
            at = below
    finally:
        os.close(at)


def hard_links(nodes):
    """The sets of paths that are one inode."""
    groups = {}
    for path, node in nodes.items():
        if node.kind != "directory" and node.links > 1:
            groups.setdefault(node.inode, set()).add(path)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def differences(expected, found, times_of_directories=True):
    """One line for each thing that is not as expected; empty where the trees are equal."""
    lines = [f"missing: {path!r}" for path in sorted(expected.keys() - found.keys())]
    lines += [f"not expected: {path!r}" for path in sorted(found.keys() - expected.keys())]
    for path in sorted(expected.keys() & found.keys()):
        want, got = expected[path], found[path]
        if not times_of_directories and want.kind == "directory":
            want = replace(want, mtime_ns=got.mtime_ns)
        for name in Node.__dataclass_fields__:
            if Node.__dataclass_fields__[name].compare and getattr(want, name) != getattr(got, name):
                lines.append(f"{path!r}: {name} is {shown(name, got)}, expected {shown(name, want)}")
    for group in sorted(map(sorted, hard_links(expected) ^ hard_links(found))):
        lines.append(f"hard links differ: {group!r}")
    return lines


def shown(name, node):
    value = getattr(node, name)
    return f"{value:04o}" if name == "mode" else repr(value)


def untouched(before, after):
    """One line for each inode that something wrote to: another ctime, another inode, come or gone."""
    lines = [f"come or gone: {path!r}" for path in sorted(before.keys() ^ after.keys())]
    for path in sorted(before.keys() & after.keys()):
        if (before[path].inode, before[path].ctime_ns) != (after[path].inode, after[path].ctime_ns):
            lines.append(f"changed: {path!r}")
    return lines


def below(nodes, top):
    """The part of a manifest that lies at and below a path, as if it had been taken there."""
    prefix = os.fsencode(top).strip(b"/") + b"/"
    part = {path[len(prefix):]: node for path, node in nodes.items() if path.startswith(prefix)}
    part[b"."] = nodes[prefix[:-1]]
    return part


def without(nodes, *tops):
    """A manifest without what lies at and below some paths."""
    tops = [os.fsencode(top).strip(b"/") for top in tops]
    return {p: n for p, n in nodes.items() if not any(p == top or p.startswith(top + b"/") for top in tops)}


def everything(world):
    """Root and volume of a World, and not its /proc."""
    nodes = {b"root/" + path: node for path, node in manifest(world.root, cross=False).items()}
    return nodes | {b"state/" + path: node for path, node in manifest(world.state).items()}

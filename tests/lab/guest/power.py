# SPDX-License-Identifier: MIT
"""A machine whose power goes: a container's layer on one disk, the volume on another, both of which remember what was
durable when. Runs inside the guest."""

import ctypes
import os
import subprocess
import tempfile
from dataclasses import dataclass, replace

from support import image, program, tree
from support.content import write
from support.world import GATES
from tracer import libc, trace
from write_log import LoggedDevice, Replay, make_image, run

TOP = "/tmp/scratch/power"
ORIGIN, VOLUME = "origin", "volume"
DISKS = (ORIGIN, VOLUME)
MS_BIND, MS_NOATIME = 4096, 1024


@dataclass
class Filesystem:
    name: str
    kind: str
    size: int
    make: tuple
    options: str


# Commits that the kernel makes by itself would hide what the program did not sync.
FILESYSTEMS = {f.name: f for f in (
    Filesystem("ext4", "ext4", 64 << 20, ("mkfs.ext4", "-q", "-F", "-m", "0", "-J", "size=4"), "commit=300"),
    Filesystem("ext4-nodelalloc", "ext4", 64 << 20, ("mkfs.ext4", "-q", "-F", "-m", "0", "-J", "size=4"),
               "commit=300,nodelalloc"),
    Filesystem("xfs", "xfs", 300 << 20, ("mkfs.xfs", "-q", "-f"), ""),
    Filesystem("btrfs", "btrfs", 128 << 20, ("mkfs.btrfs", "-q", "-f", "-M"), "commit=300"),
)}


def path_of(disk, what):
    return f"{TOP}/{disk}.{what}"


def mount(source, at, kind=None, flags=MS_NOATIME, options=""):
    """mount(2) itself: a power cut's trial mounts five times, and a process for each would take most of its time."""
    os.makedirs(at, exist_ok=True)
    arguments = [os.fsencode(a) if a is not None else None for a in (source, at, kind)]
    if libc.mount(*arguments, ctypes.c_ulong(flags), options.encode() or None) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {source}: {os.strerror(number)}")


def unmount(at):
    if libc.umount2(os.fsencode(at), 0) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"umount {at}: {os.strerror(number)}")


def sync_filesystem(at):
    descriptor = os.open(at, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if libc.syncfs(descriptor) == -1:
            raise OSError(ctypes.get_errno(), "syncfs")
    finally:
        os.close(descriptor)


class Machine:
    """`layered`: the container's root is an overlay on its disk, else a plain directory."""

    def __init__(self, filesystem, layered):
        self.filesystem, self.layered = filesystem, layered
        self.root, self.state = f"{TOP}/root", f"{TOP}/root/var/mail-state"
        os.makedirs(TOP, exist_ok=True)

    # The disks.

    def make_disks(self, fill):
        """fill(root, volume) makes what is there before the power comes on."""
        for disk in DISKS:
            make_image(path_of(disk, "base"), self.filesystem.size)
            run(*self.filesystem.make, path_of(disk, "base"))
        devices = {disk: run("losetup", "--find", "--show", path_of(disk, "base")) for disk in DISKS}
        self.mount_disks(devices)
        lower = f"{TOP}/{ORIGIN}/root"
        for directory in (lower, f"{TOP}/{ORIGIN}/upper", f"{TOP}/{ORIGIN}/work"):
            os.mkdir(directory)
            os.chmod(directory, 0o755)
        fill(lower, f"{TOP}/{VOLUME}")
        self.unmount_disks()
        for device in devices.values():
            run("losetup", "--detach", device)
        for disk in DISKS:
            run("fallocate", "--dig-holes", path_of(disk, "base"))

    def mount_disks(self, devices):
        for disk in DISKS:
            mount(devices[disk], f"{TOP}/{disk}", self.filesystem.kind, options=self.filesystem.options)

    def unmount_disks(self):
        for disk in DISKS:
            unmount(f"{TOP}/{disk}")

    # The container.

    def start(self, devices):
        self.mount_disks(devices)
        top = f"{TOP}/{ORIGIN}"
        if self.layered:
            mount("overlay", self.root, "overlay",
                  options=f"lowerdir={top}/root,upperdir={top}/upper,workdir={top}/work")
        else:
            mount(f"{top}/root", self.root, flags=MS_BIND)
        mount("proc", f"{self.root}/proc", "proc")
        mount(f"{TOP}/{VOLUME}", self.state, flags=MS_BIND)

    def stop(self):
        for at in (self.state, f"{self.root}/proc", self.root):
            unmount(at)
        self.unmount_disks()

    def command(self, *arguments):
        return [program.binary(), *arguments, "--root", self.root, "--jobs", "1"]

    def environment(self):
        return {**program.CLEAN, **{name: "1" for name in GATES}, "SMTP_ONLY": "1"}

    def run(self, *arguments):
        return program.run(self.command(*arguments)[1:], self.environment())

    # What is on the disks now.

    def volume_nodes(self):
        """The state, and what was set aside, whose directories are named after the time."""
        nodes = tree.manifest(self.state)
        kept = {p: n for p, n in nodes.items() if p.split(b"/")[0] != b".mailstate" and p != b"."}
        displaced = set()
        for path, node in nodes.items():
            parts = path.split(b"/", 3)
            if parts[:2] == [b".mailstate", b"displaced"] and len(parts) == 4 and node.kind != "directory":
                displaced.add((parts[3], node.kind, node.mode, node.uid, node.gid, node.mtime_ns, node.content))
        return kept, displaced

    def origin_nodes(self):
        """Links without their time: it is when they were made."""
        nodes = {}
        for top in ("etc", "var/lib", "var/spool"):
            nodes |= {os.fsencode(top) + b"/" + p: n for p, n in tree.manifest(f"{self.root}/{top}").items()}
        return {p: replace(n, mtime_ns=0) if n.kind == "link" else n for p, n in nodes.items()}

    def contents(self):
        """Digests of all state that a next start can still find. What is staged is removed by it."""
        found = {n.content for n in self.origin_nodes().values() if n.kind == "file"}
        for path, node in tree.manifest(self.state).items():
            ours, part = (path + b"//").split(b"/")[:2]
            if node.kind == "file" and (ours != b".mailstate" or part == b"displaced"):
                found.add(node.content)
        return found


@dataclass
class Cut:
    step: int
    call: str
    counts: dict  # disk: entries of its log that are durable


class Recording:
    """One apply, with every system call that may change something marked in the logs of both disks.

    `ahead`: the disk on which everything is durable at once, the other one has what was flushed; None: both have."""

    def __init__(self, machine, ahead):
        self.machine, self.ahead, self.calls = machine, ahead, []

    def record(self, *arguments):
        devices = {}
        for disk in DISKS:
            run("cp", "--sparse=always", path_of(disk, "base"), path_of(disk, "image"))
            devices[disk] = LoggedDevice(disk, path_of(disk, "image"), path_of(disk, "log"))
        machine = self.machine
        machine.start({disk: device.path for disk, device in devices.items()})

        def before_call(name):
            if self.ahead:
                sync_filesystem(f"{TOP}/{self.ahead}")
            for device in devices.values():
                device.mark(str(len(self.calls)))
            self.calls.append(name)

        with tempfile.TemporaryFile() as output:
            status = trace(machine.command(*arguments), machine.environment(), output, before_call)
            output.seek(0)
            self.said = output.read().decode(errors="replace")
        before_call("the end")
        self.volume, self.displaced = machine.volume_nodes()
        self.origin = machine.origin_nodes()
        machine.stop()
        for device in devices.values():
            device.remove()
        return status

    def replays(self):
        return {disk: Replay(path_of(disk, "base"), path_of(disk, "log"), path_of(disk, "replay")) for disk in DISKS}

    def cuts(self, replays):
        """Every moment at which the durable content of a disk was another one than before; in order."""
        marks, written = {}, {}
        for disk, replay in replays.items():
            entries = replay.entries
            marks[disk] = {e.text: i for i, e in enumerate(entries)}
            written[disk] = [0]
            for entry in entries:
                written[disk].append(written[disk][-1] + (not entry.text))
        cuts, seen = [], set()
        for step, call in enumerate(self.calls):
            at = {disk: marks[disk][str(step)] for disk in DISKS}
            moments = [at]
            for disk in (VOLUME, ORIGIN):
                end = marks[disk].get(str(step + 1), at[disk])
                for index in range(at[disk], end):
                    if replays[disk].entries[index].is_barrier:
                        moments.append({**moments[-1], disk: index + 1})
            for counts in moments:
                key = tuple(written[disk][counts[disk]] for disk in DISKS)
                if key not in seen:
                    seen.add(key)
                    cuts.append(Cut(step, call, counts))
        return cuts


def account(root, users=None):
    for directory in ("etc", "proc", "usr/sbin", "var/lib", "var/spool", "var/mail-state"):
        os.makedirs(f"{root}/{directory}", exist_ok=True)
    return image.write_accounts(root, users)


def fill(root, volume):
    """Small, and with something for each way that an entry can go."""
    users, groups = account(root)
    redis, postfix = (users["redis"], groups["redis"]), users["postfix"]
    # moved: a database that belongs to its service, and files of root that will
    os.makedirs(f"{root}/var/lib/redis")
    write(f"{root}/var/lib/redis/dump.rdb", os.urandom(150_000), redis)
    write(f"{root}/var/lib/redis/appendonly.aof", "*2\n")
    # moved: a queue of small files in directories, with a hard link and a link
    for number in range(8):
        directory = f"{root}/var/spool/postfix/deferred/{number % 3}"
        os.makedirs(directory, exist_ok=True)
        write(f"{directory}/{number:06X}", f"mail {number}\n" * 50, (postfix, 0))
    os.makedirs(f"{root}/var/spool/postfix/maildrop")
    os.link(f"{root}/var/spool/postfix/deferred/0/000000", f"{root}/var/spool/postfix/deferred/linked")
    os.symlink("deferred/linked", f"{root}/var/spool/postfix/link")
    # moved: a file
    write(f"{root}/etc/postsrsd.secret", "a secret\n")
    # the destination wins, the rest is set aside
    for top, text, second in ((f"{root}/var/lib/fail2ban", "of the container", 2), (f"{volume}/lib-fail2ban", "kept", 1)):
        os.makedirs(f"{top}/below")
        os.chmod(top, 0o755)
        write(f"{top}/newer in the container", text, time=second * 10**18)
        write(f"{top}/below/of both", "the same")
    write(f"{root}/var/lib/fail2ban/below/only in the container", "only here")
    write(f"{volume}/lib-fail2ban/only on the volume", "only there", (users["amavis"], groups["amavis"]))

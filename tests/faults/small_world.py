# SPDX-License-Identifier: MIT
"""Worlds of a few files on one filesystem, made anew in milliseconds: a container's root over an image, and a volume.

A scenario says what is there before the disturbed run. It is made once; each run works on a copy, or, where the root is
an overlay, on a fresh upper layer over it.
"""

import ctypes
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass

from support import namespace, program
from support.content import access_list, write
from uploads import Uploads

MADE = 1_600_000_000_123_456_789  # nanoseconds; everything is older than the run that is disturbed
USERS = {"root": 0, "svc": 101, "other": 102, "drop": 103}
DEAD = "99999999\n"  # in a pid file: more than any kernel gives
CLONE_NEWNS, CLONE_NEWPID = 0x00020000, 0x20000000
MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 4096, 16384, 1 << 18, 2

LIBC = ctypes.CDLL(None, use_errno=True)

ENTRIES = {
    "svc": {"name": "svc", "origin": "/var/lib/svc", "destination": "lib-svc",
            "ownership": [{"match": "**", "owner": "svc", "group": "svc"},
                          {"match": "sub", "group": "drop", "mode": "2750"}],
            "stale": ["run/*.pid"], "disposable": ["cache*"]},
    "plain": {"name": "plain", "origin": "/var/lib/plain", "destination": "lib-plain"},
    "spool": {"name": "spool", "origin": "/var/spool/mail", "destination": "spool-mail",
              "stale": ["pid/*.pid", "private/auth"],
              "disposable_if_equal_to_root": ["{dev,etc,lib,usr}", "{dev,etc,lib,usr}/**"]},
    "secret": {"name": "secret", "origin": "/etc/secret", "destination": "etc/secret", "kind": "file"},
}


def call(function, *arguments):
    if getattr(LIBC, function)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function} {arguments}: {os.strerror(number)}")


def mount(source, target, fs_type="none", flags=0, data=""):
    call("mount", source.encode(), target.encode(), fs_type.encode(), flags, data.encode())


def work_apart(work):
    """Runs a function in a child that is alone in a pid namespace, with a /proc of its own: the program looks through all
    of /proc, and what it sees there, and so its calls, must be the same each time."""
    if os.fork() != 0:
        return
    namespace.die_with_parent()
    call("unshare", CLONE_NEWNS | CLONE_NEWPID)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    child = os.fork()
    if child == 0:
        namespace.die_with_parent()
        mount("proc", "/proc", "proc")
        work()
        os._exit(0)
    os.waitpid(child, 0)
    os._exit(0)


def bind(source, target):
    mount(source, target, flags=MS_BIND)


def copy(*paths):
    """To the last, by cp, which knows hard links, attributes, ACLs and nanoseconds, and is not the program under test."""
    subprocess.run(["cp", "-a", "--", *paths], check=True, stdin=subprocess.DEVNULL, close_fds=False)


def layout_text(names):
    return json.dumps({"name": "small", "version": 1, "state_dir": "/var/mail-state",
                       "entries": [ENTRIES[name] for name in names],
                       "binaries": [{"path": "/usr/sbin/drop", "group": "drop", "mode": "2755"}]})


def write_accounts(image, users):
    os.makedirs(f"{image}/etc", exist_ok=True)
    for name, line in (("passwd", "{0}:x:{1}:{1}::/:/x\n"), ("group", "{0}:x:{1}:\n")):
        with open(f"{image}/etc/{name}", "w", encoding="utf-8") as file:
            file.writelines(line.format(user, number) for user, number in users.items())


def make_svc(image, note="of the image"):
    """A bit of everything that a copy must keep; one file that root has written, one that is stale."""
    top = f"{image}/var/lib/svc"
    os.makedirs(f"{top}/sub")
    os.makedirs(f"{top}/run")
    write(f"{top}/data", f"data {note}\n", (0, 0), 0o640)
    os.setxattr(f"{top}/data", "user.note", b"any\0bytes")
    write(f"{top}/hard", f"hard {note}\n", (101, 101), 0o6755)
    os.setxattr(f"{top}/sub", "system.posix_acl_default", access_list(102, 5))
    write(f"{top}/sub/below", f"below {note}\n", (101, 101), 0o600)
    os.removexattr(f"{top}/sub/below", "system.posix_acl_access")
    os.link(f"{top}/hard", f"{top}/sub/again")
    os.symlink("data", f"{top}/link")
    os.mkfifo(f"{top}/pipe", 0o620)
    write(f"{top}/run/x.pid", DEAD, (0, 0), 0o600)
    for path in (top, f"{top}/sub", f"{top}/run", f"{top}/link", f"{top}/pipe"):
        os.lchown(path, 101, 101)
    os.chmod(f"{top}/hard", 0o6755)


def make_plain(image, note="of the image", big=False):
    top = f"{image}/var/lib/plain"
    os.makedirs(f"{top}/within")
    write(f"{top}/mixed", f"mixed {note}\n", (102, 101), 0o640)
    write(f"{top}/within/own", f"own {note}\n", (101, 102), 0o2750)
    if big:
        write(f"{top}/big", f"big {note}\n" * 8000, (0, 0), 0o600)
        with open(f"{top}/holey", "wb") as file:
            file.truncate(1 << 20)
            file.seek(300_000)
            file.write(f"amid holes {note}".encode())
    os.chmod(top, 0o2770)


def make_image(image, names, note="of the image", users=None, big=False):
    for directory in ("etc", "var/lib", "var/mail-state", "usr/sbin"):
        os.makedirs(f"{image}/{directory}", exist_ok=True)
    write_accounts(image, users or USERS)
    write(f"{image}/usr/sbin/drop", f"a program {note}\n", (0, 0), 0o755)
    if "svc" in names:
        make_svc(image, note)
    if "plain" in names:
        make_plain(image, note, big)
    if "secret" in names:
        write(f"{image}/etc/secret", f"secret {note}\n", (0, 0), 0o600)


@dataclass
class Scenario:
    name: str
    entries: tuple = ("svc", "plain", "secret")
    overlay: bool = True
    command: tuple = ("apply",)  # what is disturbed, and puts right afterwards
    options: tuple = ()  # of it
    refuse: str = ""  # what the filesystem lacks, see inject.cpp
    disk: str = "tmpfs"  # the filesystem of it all, see support/volume.py
    unmounted: bool = False  # the state directory is one of the root's filesystem
    uploads: bool = False  # the volume keeps a file when it is closed, see uploadfs.cpp
    mounts: tuple = ()  # (name of a directory of the scenario, path inside): mounted in the container
    shared: tuple = ()  # names of them that every run mounts from the one template: the same inodes
    fresh: bool = False  # each run has a world that was built for it, with inodes that its records know
    build: object = None  # build(template): makes what is there, below template.top
    drops: tuple = ()  # pieces of content that an undisturbed run drops on purpose
    may_stay: tuple = ()  # beginnings of paths of what a later run may remove as well: superseded copies
    jobs: int = 1
    patience: int = 1  # seconds to wait for the lock
    share: int = 1  # of its faults a full sweep takes each share-th


class Place:
    """Where a scenario's world is: directories image, volume and more, and the root that they make."""

    def __init__(self, top, scenario, template=None):
        self.top, self.scenario, self.template, self.uploads = top, scenario, template or self, None
        # The image below an overlay is never written, so it is shared.
        self.image = f"{self.template.top if scenario.overlay and not scenario.fresh else top}/image"
        self.root, self.layout = f"{top}/root", f"{top}/layout.json"
        self.volume = f"{self.image}/var/mail-state" if scenario.unmounted else f"{top}/volume"
        self.report = f"{top}/report"

    def start(self):
        os.mkdir(self.root)
        if self.scenario.overlay:
            os.mkdir(f"{self.top}/upper")
            os.chmod(f"{self.top}/upper", 0o755)
            os.utime(f"{self.top}/upper", ns=(MADE, MADE))
            os.mkdir(f"{self.top}/work")
            mount("overlay", self.root, "overlay", 0,
                  f"lowerdir={self.image},upperdir={self.top}/upper,workdir={self.top}/work")
        else:
            bind(self.image, self.root)
        if self.scenario.uploads:
            self.uploads = Uploads(self.volume, f"{self.top}/uploads")
        if not self.scenario.unmounted:
            bind(self.uploads.where if self.uploads else self.volume, f"{self.root}/var/mail-state")
        for name, path in self.scenario.mounts:
            bind(f"{(self.template if name in self.scenario.shared else self).top}/{name}", self.root + path)

    def stop(self):
        call("umount2", self.root.encode(), MNT_DETACH)
        if self.uploads:
            self.uploads.stop()
        os.rmdir(self.root)
        for name in ("upper", "work"):
            shutil.rmtree(f"{self.top}/{name}", ignore_errors=True)

    def arguments(self, command, *more):
        waits = ["--lock-timeout", str(self.scenario.patience)] if command in ("apply", "rollback", "displaced") else []
        here = ["--allow-memory"] if command in ("apply", "plan", "verify") else []  # these worlds last for one scenario
        here += ["--allow-unmounted"] if self.scenario.unmounted else []
        return [program.binary(), command, "--root", self.root, "--layout", self.layout, "--jobs",
                str(self.scenario.jobs), *waits, *here, *self.scenario.options, *more]

    def run(self, command, *more):
        done = subprocess.run(self.arguments(command, *more), env=program.CLEAN, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, close_fds=False)
        return program.Outcome([command, *more], done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))

    def must(self, command, *more):
        outcome = self.run(command, *more)
        if outcome.status != 0:
            raise RuntimeError(f"{self.scenario.name}: {outcome}")
        return outcome


class Template(Place):
    """The world before the run, kept; build() fills it."""

    def __init__(self, top, scenario):
        super().__init__(top, scenario)
        self.build()

    def build(self):
        begun = now()
        os.makedirs(self.image)
        if not self.scenario.unmounted:
            os.makedirs(self.volume)
            os.chmod(self.volume, 0o755)
        with open(self.layout, "w", encoding="utf-8") as file:
            file.write(layout_text(self.scenario.entries))
        self.scenario.build(self)
        set_back_times(self.top, begun)

    def apply(self, *more):
        """A run before the one that is disturbed, undisturbed."""
        self.before("apply", *more)

    def before(self, command, *more):
        self.start()
        self.must(command, *more)
        self.stop()

    def instance(self, top):
        """A copy to work on, or another one built alike."""
        if self.scenario.fresh:
            return Template(top, self.scenario)
        os.makedirs(top)
        place = Place(top, self.scenario, self)
        kept = {*self.scenario.shared, *(["image"] if self.scenario.overlay else [])}  # the template's serves all
        copy(*(f"{self.top}/{name}" for name in os.listdir(self.top) if name not in kept), top)
        return place


def set_back_times(top, begun):
    """Whatever build() and earlier runs made since then: what the disturbed run touches is told by its time."""
    for directory, names, files in os.walk(top):
        for path in [directory, *(f"{directory}/{name}" for name in names + files)]:
            if os.lstat(path).st_mtime_ns >= begun:
                os.utime(path, ns=(MADE, MADE), follow_symlinks=False)


def now():
    """As time stamps of files have it: the clock of the kernel's ticks."""
    return time.clock_gettime_ns(5)  # CLOCK_REALTIME_COARSE

# SPDX-License-Identifier: MIT
"""A small mail server for one contender: a root with state of Redis and Postfix, and a volume of its own."""

import os
import subprocess

from support import image, namespace, tree
from support.content import queue, write
from support.world import make_ext4, mount, unmount

REDIS, SPOOL = "/var/lib/redis", "/var/spool/postfix"
KEPT = {REDIS: "lib-redis", SPOOL: "spool-postfix"}  # their places on the volume
STRANGER = 555  # owns files that the service is to own


class Place:
    """`mounted`: the volume holds the state from the beginning, and its directories are mounted where the services look."""

    made = 0

    def __init__(self, mounted=False, users=None, groups=None, volume=None):
        Place.made += 1
        self.disk, self.volume = self.filesystem("disk"), volume or self.filesystem("volume")
        self.root, self.kept = f"{self.disk}/{Place.made}", f"{self.volume}/{Place.made}"
        self.state = f"{self.root}/var/mail-state"
        os.mkdir(self.root)
        os.chmod(self.root, 0o755)
        os.mkdir(self.kept)
        os.chmod(self.kept, 0o755)
        self.users, self.groups = {**image.USERS, **(users or {})}, {**image.GROUPS, **(groups or {})}
        image.build(self.root, users, groups)
        self.redis = self.users["redis"], self.groups["redis"]
        write(f"{self.root}{REDIS}/dump.rdb", "the dump", self.redis, 0o640)
        queue(self.root + SPOOL, self.users["postfix"], self.groups["postdrop"])
        self.mounts = []
        self.bind(self.kept, self.state)
        if mounted:
            for origin in KEPT:
                self.keep(origin)

    @staticmethod
    def filesystem(name):
        path = f"{namespace.enter()}/{name}"
        if not os.path.ismount(path):
            make_ext4(path)
        return path

    def bind(self, what, where):
        mount("--bind", what, where)
        self.mounts.append(where)

    def keep(self, origin):
        """The state of an origin is on the volume, whose directory is mounted there."""
        kept = f"{self.kept}/{KEPT[origin]}"
        subprocess.run(["cp", "-a", self.root + origin, kept], check=True)
        self.bind(kept, self.root + origin)

    def live(self, origin=REDIS):
        """Where the service finds its files."""
        path = self.root + origin
        return self.root + os.readlink(path) if os.path.islink(path) else path

    def contents(self):
        """The content of every file that there is, mounted over or not."""
        found = []
        for top, _, names in (step for place in (self.root, self.kept) for step in os.walk(place)):
            for name in names:
                path = f"{top}/{name}"
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        found.append(file.read())
        return found

    def served(self, name, origin=REDIS):
        """The content of a file as the service finds it; None where it finds none."""
        try:
            with open(f"{self.live(origin)}/{name}", encoding="utf-8") as file:
                return file.read()
        except OSError:
            return None

    def give_away(self, origin=REDIS):
        for path in self.paths(origin):
            os.lchown(path, STRANGER, STRANGER)

    def paths(self, origin=REDIS):
        top = self.live(origin)
        yield top
        for directory, directories, files in os.walk(top):
            yield from (f"{directory}/{name}" for name in directories + files)

    def manifest(self, origin=REDIS, **options):
        return tree.manifest(self.live(origin), **options)

    def uncover(self):
        """Takes away what is mounted, the volume too, so that what is below can be seen."""
        while self.mounts:
            unmount(self.mounts.pop())

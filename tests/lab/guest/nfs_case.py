# SPDX-License-Identifier: MIT
"""The test case of the NFS tests: containers of one image, whose volume is a directory that a server exports."""

import os
import time

import nfs
from support import case, content, expected, image, tree
from support.world import ENTRIES, World, make_ext4

DISK = "/tmp/scratch/disk"  # the image, and every container's upper layer
ODD = ("fail2ban/odd", "rspamd/odd")


def make_image():
    """The filled image, without what not every export can hold: extended attributes, and times before 1970 (NFSv3)."""
    if os.path.isdir(DISK):
        return
    make_ext4(DISK, "512M")
    os.mkdir(f"{DISK}/image")
    os.chmod(f"{DISK}/image", 0o755)
    image.build(f"{DISK}/image")
    content.fill(f"{DISK}/image", image.USERS, image.GROUPS)
    for odd in ODD:
        top = f"{DISK}/image/var/lib/{odd}"
        for directory, _, names in os.walk(top):
            for path in (directory, *(os.path.join(directory, name) for name in names)):
                for name in os.listxattr(path, follow_symlinks=False):
                    os.removexattr(path, name, follow_symlinks=False)
        os.utime(f"{top}/old", (1, 1))


class Container(World):
    """A container of that image, with a layer of its own, over a volume that is there already."""

    def __init__(self, number, volume):
        self.top, self.overlay, self.starts = f"/tmp/scratch/container-{number}", True, number * 100
        self.root, self.disk, self.image, self.volume = f"{self.top}/root", DISK, f"{DISK}/image", volume
        self.state = f"{self.root}/var/mail-state"
        self.users, self.groups = dict(image.USERS), dict(image.GROUPS)
        os.makedirs(self.root)
        self.start_container()

    def renumber(self, users, groups):
        self.users, self.groups = image.write_accounts(self.root, users, groups)

    def remove(self):
        self.stop_container()


class Case(case.Case):
    version, backing = None, None
    made = 0

    @classmethod
    def setUpClass(cls):
        if not os.path.ismount("/proc/fs/nfsd"):
            nfs.start_server()
        make_image()

    def server_directory(self, squash="no_root_squash"):
        """A new directory on the export, as the server sees it."""
        Case.made += 1
        path = f"{nfs.server_path(self.backing, squash)}/{Case.made}"
        os.mkdir(path)
        os.chmod(path, 0o755)
        return path

    def mount_client(self, server, machine=None, options=""):
        """The same directory as a client of its own sees it."""
        Case.made += 1
        at = f"/mnt/client-{Case.made}"
        squash = os.path.basename(os.path.dirname(server)).removeprefix(f"{self.backing}-")
        nfs.mount_client(self.version, self.backing, squash, at, machine, options)
        self.addCleanup(nfs.unmount_client, at)
        return f"{at}/{os.path.basename(server)}"

    def make_container(self, volume):
        Case.made += 1
        container = Container(Case.made, volume)
        self.addCleanup(container.remove)
        return container

    def make_containers(self, server, count):
        return [self.make_container(self.mount_client(server)) for _ in range(count)]

    def manifests(self, container):
        """What stands at each origin."""
        return {origin: tree.manifest(container.path(origin)) for origin, _ in ENTRIES.values()
                if os.path.isdir(container.path(origin))}

    def everything(self, container):
        """All of the container's own layers where the program may change something."""
        volume = os.fsencode("lib"), os.fsencode("spool")
        nodes = {b"etc/" + p: n for p, n in tree.manifest(container.path("/etc"), cross=False).items()}
        for name in volume:
            top = os.path.join(os.fsencode(container.path("/var")), name)
            nodes |= {b"var/" + name + b"/" + p: n for p, n in tree.manifest(top, cross=False).items()}
        return nodes

    def wait_until(self, condition, what, seconds=20):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"{what} did not happen within {seconds} s")
            time.sleep(0.002)

    def assert_moved(self, container, before, server):
        """As the server has it: what a client has cached does not count."""
        self.assert_linked(container)
        for origin, nodes in before.items():
            with self.subTest(origin):
                wanted = expected.after_apply(origin, nodes, container.users, container.groups)
                found = tree.manifest(f"{server}/{DESTINATIONS[origin]}")
                self.assert_same(wanted, found, times_of_directories=origin != expected.SPOOL)

    def assert_settled(self, container):
        self.assert_linked(container)
        self.assert_done(container.run("verify"))
        self.assert_status(container.run("plan", "--detailed-exitcode"), 0)

    def assert_no_litter(self, server):
        staging = f"{server}/.mailstate/staging"
        self.assertEqual(os.listdir(staging) if os.path.isdir(staging) else [], [])

    def assert_kept(self, contents, server):
        """Each of these contents is somewhere on the volume."""
        found = set()
        for directory, _, names in os.walk(server):
            for name in names:
                path = os.path.join(directory, name)
                if os.path.isfile(path) and not os.path.islink(path) and os.stat(path).st_size < 4096:
                    with open(path, "rb") as file:
                        found.add(file.read())
        self.assertEqual({text for text in contents if text.encode() not in found}, set())


DESTINATIONS = dict(ENTRIES.values())

# SPDX-License-Identifier: MIT
"""Worlds: a container's root, put together from an image and a volume, in which the program runs with --root.

Disk and volume are ext4 in loop devices. The root is an overlay with the image as its lower layer, as an engine gives it
to a container, or a plain directory. Use inside namespace.enter() only.
"""

import os
import subprocess

from support import content, image, program
from support.tree import manifest

GATES = ("ENABLE_AMAVIS", "ENABLE_CLAMAV", "ENABLE_FAIL2BAN", "ENABLE_FETCHMAIL", "ENABLE_GETMAIL", "ENABLE_MTA_STS",
         "ENABLE_POSTGREY", "ENABLE_RSPAMD", "ENABLE_RSPAMD_REDIS", "ENABLE_SPAMASSASSIN", "ENABLE_SRS")

# entry: origin and destination below the state directory
ENTRIES = {name.replace("/", "-"): (f"/var/{name}", name.replace("/", "-"))
           for name in ("lib/logrotate", "lib/postfix", "spool/postfix", "lib/amavis", "lib/clamav", "lib/fail2ban",
                        "lib/fetchmail", "lib/getmail", "lib/mta-sts", "lib/postgrey", "lib/rspamd", "lib/redis",
                        "lib/spamassassin", "lib/postsrsd", "lib/dovecot")}
SECRET = ("/etc/postsrsd.secret", "etc/postsrsd.secret")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, stdin=subprocess.DEVNULL)


def unmount(path):
    subprocess.run(["umount", "--lazy", "--recursive", path], check=True, stdin=subprocess.DEVNULL)


def make_ext4(directory, size="1G", options=()):
    """An ext4 filesystem in memory, mounted on a new directory. It goes with its last unmount.

    Its image is no file on the scratch filesystem: a mount below would then keep the image's own mount alive, and a
    namespace that is killed would leave both behind, with the loop device."""
    image = os.memfd_create("image")
    try:
        path = f"/proc/self/fd/{image}"
        run = {"check": True, "stdin": subprocess.DEVNULL, "pass_fds": [image]}
        subprocess.run(["truncate", "--size", size, path], **run)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", *options, path], **run)
        os.mkdir(directory)
        subprocess.run(["mount", "-o", "loop,noatime", path, directory], **run)
    finally:
        os.close(image)
    os.rmdir(f"{directory}/lost+found")


class World:
    """`top` must be a name that is free on the scratch filesystem."""

    def __init__(self, top, overlay=True, mounted=True, filled=True, size="1G", volume_size=None, inodes=None,
                 volume_options=()):
        self.top, self.overlay, self.starts = top, overlay, 0
        self.root, self.disk, self.volume = f"{top}/root", f"{top}/disk", f"{top}/volume"
        self.state = f"{self.root}/var/mail-state"
        self.users, self.groups = dict(image.USERS), dict(image.GROUPS)
        os.makedirs(self.root)
        options = ("-N", str(inodes)) if inodes else ()
        make_ext4(self.disk, size, options)
        make_ext4(self.volume, volume_size or size, (*options, *volume_options))
        self.image = f"{self.disk}/image"
        os.mkdir(self.image)
        os.chmod(self.image, 0o755)
        image.build(self.image)
        if filled:
            content.fill(self.image, self.users, self.groups)
        self.start_container(mounted)

    def start_container(self, mounted=True):
        """A new container from the image as it is now, over the same volume."""
        self.starts += 1
        if self.overlay:
            upper, work = f"{self.disk}/upper-{self.starts}", f"{self.disk}/work-{self.starts}"
            os.mkdir(upper)
            os.chmod(upper, 0o755)
            os.mkdir(work)
            mount("-t", "overlay", "-o", f"lowerdir={self.image},upperdir={upper},workdir={work}", "overlay", self.root)
        else:
            mount("--bind", self.image, self.root)
        mount("-t", "proc", "proc", f"{self.root}/proc")
        if mounted:
            mount("--bind", self.volume, self.state)

    def stop_container(self):
        unmount(self.root)

    def recreate(self, users=None, groups=None):
        """A new container; with other numbers of users and groups, from another build of the image."""
        self.stop_container()
        if users or groups:
            self.renumber(users or {}, groups or {})
        self.start_container()

    def renumber(self, users, groups):
        """The image as if it had been built with other numbers; what it holds is owned by the same names."""
        to_uid = {old: users[name] for name, old in self.users.items() if name in users}
        to_gid = {old: groups[name] for name, old in self.groups.items() if name in groups}
        for path, node in manifest(self.image, content=False).items():
            uid, gid = to_uid.get(node.uid, node.uid), to_gid.get(node.gid, node.gid)
            if (uid, gid) != (node.uid, node.gid):
                full = os.path.join(os.fsencode(self.image), path)
                os.lchown(full, uid, gid)
                if node.kind != "link":
                    os.chmod(full, node.mode)
        self.users.update(users)
        self.groups.update(groups)
        image.write_accounts(self.image, self.users, self.groups)

    def remove(self):
        for path in (self.root, self.volume, self.disk):
            if os.path.ismount(path):
                unmount(path)

    def path(self, inside):
        """A path as seen from inside, as this process sees it."""
        return self.root + inside

    def arguments(self, command, *more):
        return [command, "--root", self.root, *more]

    def environment(self, gates="1", **variables):
        return {**{name: gates for name in GATES}, **variables}

    def run(self, command, *more, gates="1", **variables):
        return program.run(self.arguments(command, *more), self.environment(gates, **variables))

    def start(self, command, *more, **variables):
        return program.start(self.arguments(command, *more), self.environment(**variables))

    def link(self, inside):
        """The text of a link at a path as seen from inside; None where there is none."""
        path = self.path(inside)
        return os.readlink(path) if os.path.islink(path) else None

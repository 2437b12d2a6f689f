# SPDX-License-Identifier: MIT
"""State as services leave it, with everything that is easily lost on the way: see `odd` and `fill`."""

import os
import socket
import stat
import struct

from support.image import set_owner

LONGEST = b"n" * 255
ODD_NAMES = (b"two words", b"new\nline", b"-rf", b"\xff\xfe not utf-8", b"*", b"back\\slash", "größe".encode(), LONGEST,
             b"...", b"tab\there", b"'quotes\"")


def write(path, content, owner=(0, 0), mode=0o600, time=1_700_000_000_987_654_321):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    set_owner(path, *owner, mode)
    os.utime(path, ns=(time, time))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def access_list(user, permissions):
    """An ACL of one named user, as the kernel keeps it (posix_acl_xattr.h), for a directory or file of mode 0750."""
    nobody = 0xFFFFFFFF
    entries = ((0x01, 7, nobody), (0x02, permissions, user), (0x04, 5, nobody), (0x10, 7, nobody), (0x20, 0, nobody))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def holey(path, owner):
    """10 MiB: a hole, 8 KiB of data, a hole."""
    with open(path, "wb") as file:
        file.truncate(10 << 20)
        file.seek(4 << 20)
        file.write(os.urandom(8192))
        os.fsync(file.fileno())
    set_owner(path, *owner, 0o640)


def odd(top, owner, reader_uid):
    """A directory of oddities at `top`: one of each kind, names of any bytes, holes, links, attributes."""
    os.mkdir(top)
    for number, name in enumerate(ODD_NAMES):
        write(os.path.join(os.fsencode(top), name), b"content %d\n" % number, owner)
    write(f"{top}/empty", b"", owner, 0o000)
    write(f"{top}/large", os.urandom(3 << 20), owner, 0o644)
    write(f"{top}/old", "from before 1970", owner, time=-1_000_000_001)
    write(f"{top}/one name", "hard", owner)
    os.mkdir(f"{top}/sub")
    os.link(f"{top}/one name", f"{top}/sub/another name")
    os.link(f"{top}/one name", f"{top}/third name")
    holey(f"{top}/holey", owner)
    with open(f"{top}/only a hole", "wb") as file:
        file.truncate(1 << 20)
    os.symlink("sub/another name", f"{top}/relative link")
    os.symlink("/nowhere/at/all", f"{top}/dangling link")
    os.symlink("/etc", f"{top}/link out")
    os.mkfifo(f"{top}/fifo", 0o622)
    os.mknod(f"{top}/null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    write(f"{top}/attributes", "with attributes", owner, 0o750)
    os.setxattr(f"{top}/attributes", "user.note", b"\x00any\xffbytes")
    os.setxattr(f"{top}/attributes", "trusted.note", b"only for root")
    os.setxattr(f"{top}/attributes", "system.posix_acl_access", access_list(reader_uid, 4))
    os.mkdir(f"{top}/shared", 0o750)
    for kind in ("access", "default"):
        os.setxattr(f"{top}/shared", f"system.posix_acl_{kind}", access_list(reader_uid, 5))
    os.makedirs(f"{top}/empty directory/within")
    write(f"{top}/special bits", "suid and sgid", owner, 0o6755)
    os.mkdir(f"{top}/special directory")
    os.chmod(f"{top}/special directory", 0o3770)


def queue(spool, postfix, postdrop):
    """A Postfix queue that has run: mail in three queues, sockets, FIFOs, and what v11 and older left of a chroot."""
    for number in range(40):
        os.makedirs(f"{spool}/deferred/{number % 16:X}", exist_ok=True)
        os.chown(f"{spool}/deferred/{number % 16:X}", postfix, 0)
        write(f"{spool}/deferred/{number % 16:X}/{number:010X}", f"mail {number}\n" * (number + 1), (postfix, 0), 0o700)
    write(f"{spool}/maildrop/1A2B3C4D5E", "just dropped\n", (postfix, postdrop), 0o744)
    write(f"{spool}/active/ABCDEF0123", "being sent\n", (postfix, 0), 0o700)
    write(f"{spool}/pid/master.pid", "1\n", (0, 0), 0o600)
    write(f"{spool}/etc/resolv.conf", "nameserver 127.0.0.11\n", (0, 0), 0o644)
    for name in ("pickup", "qmgr"):
        os.mkfifo(f"{spool}/public/{name}")
        set_owner(f"{spool}/public/{name}", postfix, postdrop, 0o622)
    listen(f"{spool}/private/smtp", postfix)


def listen(path, owner):
    """A socket that nobody listens on any more."""
    directory, name = os.path.split(path)
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(directory)  # a socket's path has 108 bytes at most
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(name)
        os.chown(name, owner, -1)
    finally:
        os.fchdir(here)
        os.close(here)


def fill(root, users, groups):
    """Puts a used state into the service tree below `root`."""
    redis, reader = (users["redis"], groups["redis"]), users["amavis"]
    queue(f"{root}/var/spool/postfix", users["postfix"], groups["postdrop"])
    write(f"{root}/var/lib/redis/dump.rdb", os.urandom(200_000), redis, 0o660)
    write(f"{root}/var/lib/redis/appendonly.aof", "*2\n", (0, 0), 0o644)  # written as root: the rules give it to redis
    odd(f"{root}/var/lib/fail2ban/odd", (users["nobody"], groups["nogroup"]), reader)  # untouched: nothing may differ
    odd(f"{root}/var/lib/rspamd/odd", (users["_rspamd"], groups["_rspamd"]), reader)
    write(f"{root}/var/lib/dovecot/instances", "1\n", (0, 0), 0o644)
    write(f"{root}/var/lib/clamav/main.cvd", os.urandom(500_000), (users["clamav"], groups["clamav"]), 0o644)
    write(f"{root}/var/lib/amavis/db/nanny.db", "db", (users["amavis"], groups["amavis"]), 0o640)
    write(f"{root}/var/lib/amavis/tmp/work", "work", (users["amavis"], groups["amavis"]), 0o640)
    write(f"{root}/etc/postsrsd.secret", "a secret\n", (0, 0), 0o600)
    os.chmod(f"{root}/var/lib/redis", 0o750)


def changing_configuration(directory):
    """docker-mailserver's, in which v14 changes the route of a sender; the options with which check tells it."""
    for name, text in {"postfix-accounts.cf": "me@example.org|{SHA512-CRYPT}x\n",
                       "postfix-virtual.cf": "sales@example.org me@example.org,far@example.net\n",
                       "postfix-relaymap.cf": "@example.org [relay.example.net]:587\n",
                       "postfix-sasl-password.cf": "@example.org user:secret-word\n",
                       "mailserver.env": "RELAY_HOST=smtp.example.net\n"}.items():
        write(f"{directory}/{name}", text)
    return ("--config-dir", directory, "--env-file", f"{directory}/mailserver.env", "--from", "v13.0.0", "--to",
            "v15.0.0", "--sender", "me@example.org", "--recipient", "sales@example.org")

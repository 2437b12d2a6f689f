# SPDX-License-Identifier: MIT
"""The image of a mail container, as a tree of directories and files: what a world's root starts from."""

import os
import re

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system", "service-trees.txt")

# Users that own something in the table, and the program's rules, with the numbers of that build.
USERS = {"root": 0, "nobody": 65534, "redis": 101, "_rspamd": 102, "fetchmail": 103, "postgrey": 105, "clamav": 106,
         "postfix": 108, "_mta-sts": 112, "debian-spamd": 113, "amavis": 997}
GROUPS = {"root": 0, "adm": 4, "mail": 8, "utmp": 43, "nogroup": 65534, "redis": 104, "_rspamd": 105, "postgrey": 107,
          "clamav": 108, "postfix": 110, "postdrop": 111, "_mta-sts": 115, "debian-spamd": 116, "amavis": 997,
          "systemd-journal": 999}
PRIMARY = {"nobody": "nogroup", "fetchmail": "nogroup"}

MADE = 1_600_000_000_123_456_789  # when everything in the image was made, in nanoseconds


def write_accounts(root, users=None, groups=None):
    """passwd and group of the image. Other numbers make it another build of the image."""
    users, groups = {**USERS, **(users or {})}, {**GROUPS, **(groups or {})}
    os.makedirs(f"{root}/etc", exist_ok=True)
    with open(f"{root}/etc/passwd", "w", encoding="utf-8") as passwd:
        for name, uid in users.items():
            passwd.write(f"{name}:x:{uid}:{groups[PRIMARY.get(name, name)]}::/nonexistent:/usr/sbin/nologin\n")
    with open(f"{root}/etc/group", "w", encoding="utf-8") as group:
        for name, gid in groups.items():
            group.write(f"{name}:x:{gid}:\n")
    return users, groups


def rows():
    with open(TABLE, encoding="utf-8") as table:
        for line in table:
            row = re.match(r"(/\S+) (\S+):(\S+) \d+:\d+ (\d+) ([dfl])$", line)
            if row and row[1].startswith(("/var/lib/", "/var/spool/")):
                yield row[1], row[2], row[3], int(row[4], 8), row[5]


def build(root, users=None, groups=None):
    """The service tree below `root`: owners by name, one time stamp for all."""
    users, groups = write_accounts(root, users, groups)
    for directory in ("usr/sbin", "usr/share", "var/log", "var/run", "run", "tmp", "etc", "proc", "var/mail-state"):
        os.makedirs(f"{root}/{directory}", exist_ok=True)
    made = []
    for path, user, group, mode, kind in rows():
        if kind == "d":
            os.makedirs(root + path, exist_ok=True)
        else:
            with open(root + path, "w", encoding="utf-8"):
                pass
        set_owner(root + path, users[user], groups[group], mode)
        made.append(root + path)
    # What postsrsd's maintainer script and the package postfix leave outside /var.
    for path, group, mode in (("etc/postsrsd.secret", "root", 0o600), ("usr/sbin/postdrop", "postdrop", 0o2555),
                              ("usr/sbin/postqueue", "postdrop", 0o2555)):
        with open(f"{root}/{path}", "w", encoding="utf-8") as file:
            file.write(f"{path} of the image\n")
        set_owner(f"{root}/{path}", 0, groups[group], mode)
        made.append(f"{root}/{path}")
    for path in reversed(made):
        os.utime(path, ns=(MADE, MADE))


def set_owner(path, uid, gid, mode=None):
    os.lchown(path, uid, gid)
    if mode is not None:  # chown clears SUID and SGID of a file, so the mode has the last word
        os.chmod(path, mode)

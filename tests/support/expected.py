# SPDX-License-Identifier: MIT
"""What docker-mailserver's rules make of a tree: a small table of its own, so that a slip in the layout is seen."""

import re
from dataclasses import replace

# origin: (owner, group) of everything in it; entries that are not named here keep what they have
WHOLE = {
    "/var/lib/logrotate": ("root", "root"),
    "/var/lib/postfix": ("postfix", "postfix"),
    "/var/lib/amavis": ("amavis", "amavis"),
    "/var/lib/clamav": ("clamav", "clamav"),
    "/var/lib/fetchmail": ("fetchmail", "nogroup"),
    "/var/lib/mta-sts": ("_mta-sts", "_mta-sts"),
    "/var/lib/postgrey": ("postgrey", "postgrey"),
    "/var/lib/rspamd": ("_rspamd", "_rspamd"),
    "/var/lib/redis": ("redis", "redis"),
    "/var/lib/spamassassin": ("debian-spamd", "debian-spamd"),
}
SPOOL = "/var/spool/postfix"
STALE_IN_SPOOL = re.compile(rb"pid/[^/]*\.pid")


def spool_owner(path):
    if path in (b".", b"pid"):  # postfix check wants these two for root
        return "root", "root"
    if path.split(b"/")[0] in (b"maildrop", b"public"):
        return "postfix", "postdrop"
    if path.split(b"/")[0] in (b"dev", b"etc", b"lib", b"usr"):  # the chroot's, as they are
        return None
    return "postfix", "root"


def spool_mode(path, mode):
    return {b"maildrop": 0o730, b"public": 0o710 | mode & 0o6000}.get(path, mode)


def after_apply(origin, nodes, users, groups):
    """A manifest of an origin as its destination must be."""
    result = {}
    for path, node in nodes.items():
        if node.kind == "socket" or origin == SPOOL and STALE_IN_SPOOL.fullmatch(path):
            continue
        owner = spool_owner(path) if origin == SPOOL else WHOLE.get(origin)
        if owner:
            node = replace(node, uid=users[owner[0]], gid=groups[owner[1]])
        if origin == SPOOL:
            node = replace(node, mode=spool_mode(path, node.mode))
        result[path] = node
    return result

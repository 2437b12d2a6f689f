# SPDX-License-Identifier: MIT
"""What people use instead, each a command that ends with the data on the disk; and the limit of them all."""

import os

from bench.machine import KEPT, ORIGIN, STATE

COPY_DURABLY = {
    "cp -a": 'cp -a "$1{origin}" "$1{kept}"',
    "rsync -aHAX": 'rsync -aHAX "$1{origin}/" "$1{kept}"',
    "rsync -aHAXS": 'rsync -aHAXS "$1{origin}/" "$1{kept}"',  # without S it fills holes
    "tar | tar": 'tar -C "$1{origin}" -cf - . | (mkdir "$1{kept}" && tar -C "$1{kept}" -xpf -)',
    "mv": 'mv "$1{origin}" "$1{kept}"',
}
BARE = "bare system calls"
OLDER = "older mailstate"


def older():
    """The peers that are an older build of the program: one, or none."""
    return (OLDER,) if "MAILSTATE_OLDER" in os.environ else ()


def apply_older(machine, *arguments):
    return machine.mailstate("apply", *arguments, binary=os.environ["MAILSTATE_OLDER"])


def bare(*arguments):
    """The system calls that no tool can do without."""
    return [os.environ["BARE_CALLS"], *arguments]


def copying(peer, machine):
    if peer == OLDER:
        return apply_older(machine)
    if peer == BARE:
        return bare("move", machine.root + ORIGIN, machine.root + KEPT)
    script = COPY_DURABLY[peer].format(origin=ORIGIN, kept=KEPT)
    return ["sh", "-ec", f'{script}; sync -f "$1{STATE}"', "sh", machine.root]


def owning(machine, uid=101, gid=104, peer="chown -R"):
    if peer == BARE:
        return bare("own", machine.root + KEPT, str(uid), str(gid))
    return ["chown", "-R", f"{uid}:{gid}", machine.root + KEPT]

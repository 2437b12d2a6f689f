# SPDX-License-Identifier: MIT
"""Who brings state to a volume, or keeps it in order there, each as a start of the mail server calls it."""

import os
import subprocess

import imitated
from place import KEPT, REDIS, SPOOL
from support import program
from support.world import GATES

ENVIRONMENT = {**program.CLEAN, **{gate: "1" for gate in GATES}}
HERE = os.path.dirname(os.path.abspath(__file__))
BY_HAND = """
move() { # COMMAND… that copies
    [ ! -L "$origin" ] || return 0
    mkdir -p "$kept"
    "$@" "$origin/" "$kept/"
    rm -rf "$origin"
    ln -s "/var/mail-state/${kept##*/}" "$origin"
}
root=$1 spool_owner=$2
shift 2
origin=$root/var/lib/redis kept=$root/var/mail-state/lib-redis
move "$@"
chown -R 101:104 "$kept"
origin=$root/var/spool/postfix kept=$root/var/mail-state/spool-postfix
move "$@"
[ -z "$spool_owner" ] || chown -R "$spool_owner" "$kept"
"""


class Contender:
    """`moves`: it brings the state to the volume; else the volume is mounted where the service looks."""

    moves = True

    def __init__(self, name):
        self.name = name

    def commands(self, place, renumbered):
        """What a start runs, one after the other, until one fails."""
        raise NotImplementedError

    def start(self, place, renumbered=False):
        """The status of a start; 0 where it says that all is well. It ends with its first failure."""
        for command in self.commands(place, renumbered):
            ran = subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, check=False)
            if ran.returncode:
                return ran.returncode
        return 0


class Script(Contender):
    def commands(self, place, renumbered):
        return [["bash", f"{HERE}/../bench/upstream_like.sh", place.root]]


class ByHand(Contender):
    def __init__(self, name, *copy):
        super().__init__(name)
        self.copy = copy

    def commands(self, place, renumbered):
        return [["sh", "-ec", BY_HAND, "sh", place.root, "108:110" if renumbered else "", *self.copy]]


class Imitated(Contender):
    """`numbers`: who owns the volume of Redis, and that of Postfix."""

    moves = False

    def __init__(self, name, kind, redis, spool):
        super().__init__(name)
        self.kind, self.numbers = kind, {REDIS: redis, SPOOL: spool}

    def commands(self, place, renumbered):
        return [["/usr/bin/python3", f"{HERE}/imitated.py", self.kind, place.root + origin, *self.numbers[origin]]
                for origin in KEPT]

    def start(self, place, renumbered=False):
        """As its commands, without an interpreter for each."""
        try:
            for command in self.commands(place, renumbered):
                imitated.main(*command[2:])
        except OSError as problem:
            return problem.errno
        return 0


class Mailstate(Contender):
    def commands(self, place, renumbered):
        return [[program.binary(), "apply", "--root", place.root]]


MAILSTATE = Mailstate("mailstate")
FSGROUP = Imitated("fsGroup", "fsgroup", ["104"], ["111"])
ON_MISMATCH = Imitated("fsGroup", "fsgroup-on-root-mismatch", ["104"], ["111"])
CONTENDERS = (
    MAILSTATE,
    Script("start script"),
    ByHand("`cp -a` by hand", "cp", "-a", "-T"),
    ByHand("`rsync -aHAX` by hand", "rsync", "-aHAX"),
    FSGROUP,
    Imitated("podman `:U`", "podman", ["101", "104"], ["0", "0"]),
    Imitated("`StateDirectory=`", "systemd", ["101", "104", "750"], ["0", "0", "755"]),
)

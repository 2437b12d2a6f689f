#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A volume with quotas for users: what goes over one stays at home, whole, and is moved when there is room.

Runs inside the guest (guest.py): not every kernel has quotas. Root with CAP_SYS_RESOURCE is above them, and containers
do not have it.
"""

import ctypes
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from support import case, program, tree
from support.content import write

REDIS, CLAMAV = "/var/lib/redis", "/var/lib/clamav"
REDIS_USER = 101
# quotactl(2), sys/quota.h
Q_QUOTAON, Q_SETQUOTA, USRQUOTA, QIF_LIMITS, QFMT_VFS_V1 = 0x800002, 0x800008, 0, 5, 4


class Limits(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("hard_blocks", "soft_blocks", "space", "hard_inodes", "soft_inodes",
                                                     "inodes", "block_time", "inode_time")] + [("valid", ctypes.c_uint32)]


def quotactl(command, volume, number, address):
    device = subprocess.run(["findmnt", "--noheadings", "--output", "SOURCE", volume], check=True,
                            stdout=subprocess.PIPE, text=True).stdout.split()[0]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.quotactl(command << 8 | USRQUOTA, device.encode(), number, address) != 0:
        raise OSError(ctypes.get_errno(), "quotactl", device)


def limit(volume, user, kibibytes=0, inodes=0):
    """Hard limits of a user on a mounted filesystem; 0 is none."""
    limits = Limits(hard_blocks=kibibytes, hard_inodes=inodes, valid=QIF_LIMITS)
    quotactl(Q_SETQUOTA, volume, user, ctypes.byref(limits))


class Quota(case.Case):
    def setUp(self):
        self.world = self.make_world(filled=False, volume_options=("-O", "quota", "-E", "quotatype=usrquota"))
        quotactl(Q_QUOTAON, self.world.volume, QFMT_VFS_V1, None)
        os.mkdir(self.world.path(f"{REDIS}/many"))
        os.chown(self.world.path(f"{REDIS}/many"), REDIS_USER, 104)
        for number in range(300):
            write(self.world.path(f"{REDIS}/many/{number}"), os.urandom(4096), (REDIS_USER, 104))
        write(self.world.path(f"{CLAMAV}/main.cvd"), "clamav", (106, 108), 0o644)

    def apply(self, *more):
        arguments = ["setpriv", "--bounding-set=-sys_resource", program.binary(),
                     *self.world.arguments("apply", "--output", "json", *more)]
        done = subprocess.run(arguments, env={**program.CLEAN, **self.world.environment()}, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
        return program.Outcome(arguments, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))

    def stays_then_moves(self, **limits):
        before = tree.manifest(self.world.path(REDIS))
        limit(self.world.volume, REDIS_USER, **limits)
        for _ in range(2):
            outcome = self.assert_done(self.apply())
            self.assertEqual(outcome.entries()[REDIS]["outcome"], "failed", str(outcome))
            self.assertIn("quota", outcome.out.lower(), str(outcome))
            self.assert_untouched(before, tree.manifest(self.world.path(REDIS)))
            self.assertEqual(os.listdir(f"{self.world.state}/.mailstate/staging"), [])
            self.assert_linked(self.world, except_for=[REDIS])
        self.assert_status(self.apply("--strict"), program.NOT_AS_IT_SHOULD_BE)
        limit(self.world.volume, REDIS_USER)
        self.assert_done(self.apply())
        self.assert_linked(self.world)
        self.assert_same(before, tree.manifest(f"{self.world.state}/lib-redis"))

    def test_of_space(self):
        self.stays_then_moves(kibibytes=512)

    def test_of_inodes(self):
        self.stays_then_moves(inodes=100)


if __name__ == "__main__":
    subprocess.run(["modprobe", "-a", "loop", "overlay", "quota_v2"], check=True)
    case.main()

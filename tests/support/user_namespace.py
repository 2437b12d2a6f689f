# SPDX-License-Identifier: MIT
"""python3 user_namespace.py COUNT COMMAND…: runs it in a user namespace that maps the ids below COUNT to themselves.

unshare(1) wants newuidmap for that, of a package of its own; root may write the maps without it."""

import ctypes
import os
import sys

CLONE_NEWUSER = 0x10000000


def main(count, command):
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWUSER) != 0:
            os.write(2, f"unshare: {os.strerror(ctypes.get_errno())}\n".encode())
            os._exit(126)
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os.execv(command[0], command)
    os.read(ready[0], 1)
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/{child}/{name}", "w", encoding="ascii") as table:
            table.write(f"0 0 {count}")
    os.write(go[1], b"x")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

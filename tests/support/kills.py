# SPDX-License-Identifier: MIT
"""Kills the program at its system calls: strace injects a SIGKILL on the way into the nth call of a name."""

import re
import subprocess
from collections import Counter

from support import program

# What changes a filesystem, or makes it durable. openat and openat2 only where they make a file.
CHANGING = ("mkdirat", "mknodat", "symlinkat", "linkat", "unlinkat", "renameat", "renameat2", "write", "pwrite64",
            "copy_file_range", "sendfile", "ftruncate", "fallocate", "fchown", "fchownat", "fchmod", "fchmodat",
            "utimensat", "fsetxattr", "setxattr", "lsetxattr", "fremovexattr", "lremovexattr", "ioctl",
            "fsync", "fdatasync", "syncfs")
OPENING = ("openat", "openat2")
OUTPUT = re.compile(r"\b(?:write|ioctl)\([012]\b")


def strace(arguments, environment, *options):
    command = ["strace", "-f", "-qq", *options, program.binary(), *map(str, arguments)]
    ran = subprocess.run(command, env={**program.CLEAN, **environment}, stdin=subprocess.DEVNULL, capture_output=True,
                         check=False)
    return program.Outcome(command, ran.returncode, ran.stdout.decode(), ran.stderr.decode(errors="replace"))


def changing_calls(arguments, environment, trace):
    """The (name, number) of each changing call of a run that nobody disturbs, in order. It does its work."""
    outcome = strace(arguments, environment, "-o", trace, "-e", "trace=" + ",".join(f"?{c}" for c in CHANGING + OPENING))
    seen, calls = Counter(), []
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if not found:
                continue
            seen[found[1]] += 1
            # What this strace has no name for (fchmodat2), it cannot inject into.
            if found[1].startswith("syscall_") or OUTPUT.search(line) or found[1] in OPENING and "O_CREAT" not in line:
                continue
            calls.append((found[1], seen[found[1]]))
    return outcome, calls


def kill_at(call, arguments, environment):
    """Runs until the nth call of a name, and dies there. One thread only: the numbers count per thread."""
    name, number = call
    return strace(arguments, environment, "-o", "/dev/null", "-e", f"trace={name}", "-e",
                  f"inject={name}:signal=KILL:when={number}")

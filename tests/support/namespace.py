# SPDX-License-Identifier: MIT
"""Runs a test file again in private mount, pid and IPC namespaces, on a scratch tmpfs: nothing outlives it.

Mounts vanish with the mount namespace, loop devices with their mounts (autoclear), processes with the pid namespace.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
PR_SET_PDEATHSIG = 1
SCRATCH = "MAILSTATE_TEST_SCRATCH"


def skip_all(reason):
    """Ends the program: skipped, or failed where MAILSTATE_NO_SKIP says that no test may skip."""
    print(f"skipped: {reason}")
    sys.exit(1 if os.environ.get("MAILSTATE_NO_SKIP") else SKIPPED)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def enter(*more_namespaces):
    """Returns inside the namespaces only, with the scratch directory's path; outside it ends with the inner status."""
    if SCRATCH in os.environ:
        return os.environ[SCRATCH]
    if os.geteuid() != 0:
        skip_all("needs root: it mounts filesystems in a private mount namespace")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # with the scratch directory removed
    scratch = tempfile.mkdtemp(prefix="mailstate-test-")
    command = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc",
               "--ipc", *more_namespaces, "sh", "-ec",
               'mount -t tmpfs -o mode=755 scratch "$0"; cd "$0"; exec "$@"', scratch,
               "/usr/bin/python3", os.path.abspath(sys.argv[0]), *sys.argv[1:]]
    environment = dict(os.environ, **{SCRATCH: scratch, "PYTHONDONTWRITEBYTECODE": "1"})
    try:
        status = subprocess.run(command, env=environment, preexec_fn=die_with_parent, check=False).returncode
    finally:
        os.rmdir(scratch)
    sys.exit(status if status >= 0 else 128 - status)

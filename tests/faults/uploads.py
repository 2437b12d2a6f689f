# SPDX-License-Identifier: MIT
"""A volume whose files are uploaded when they are closed: uploadfs over a directory, and orders which upload fails."""

import os
import subprocess
import time

from support import namespace, program

MNT_DETACH = 2


def binary():
    path = os.environ.get("MAILSTATE_UPLOADFS", "")
    if not os.access(path, os.X_OK):
        raise RuntimeError(f"MAILSTATE_UPLOADFS must name uploadfs, it is {path!r}")
    return path


class Uploads:
    """Mounted at `where` until stop()."""

    def __init__(self, store, where):
        self.where, self.control, self.log = where, f"{where}.control", f"{where}.log"
        os.mkdir(where)
        with open(self.log, "w", encoding="utf-8"):
            pass
        outside = os.stat(where).st_dev
        self.process = subprocess.Popen([binary(), store, where, self.control, self.log], env=program.CLEAN,
                                        stdin=subprocess.DEVNULL, close_fds=False, preexec_fn=namespace.die_with_parent)
        for _ in range(4000):
            if os.stat(where).st_dev != outside:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.0025)
        raise RuntimeError(f"uploadfs did not mount on {where}, exit {self.process.poll()}")

    def fail(self, number, error, onward):
        """The upload of that number, counted from 1 since the mount; onward: each later one, too."""
        with open(self.control, "w", encoding="utf-8") as file:
            file.write(f"{number} {error} {'onward' if onward else ''}\n")

    def recover(self):
        if os.path.exists(self.control):
            os.unlink(self.control)

    def done(self):
        """Of each upload since the mount: "ok NAME" or "failed NAME"."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()

    def stop(self):
        subprocess.run(["umount", "--lazy", self.where], check=True, stdin=subprocess.DEVNULL)
        self.process.wait(20)
        os.rmdir(self.where)

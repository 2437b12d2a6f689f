# SPDX-License-Identifier: MIT
"""The .deb that cpack makes of the build, made once for all tests of a run, and what dpkg needs to install it in a root."""

import functools
import os
import subprocess

from support import namespace, program


def run(*command, **options):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          env={**program.CLEAN, "MANWIDTH": "80"}, **options).stdout


@functools.cache
def package():
    """Its path. Whatever the builder's umask is, the package is the same."""
    top = f"{namespace.enter()}/package"
    os.mkdir(top)
    mask = os.umask(0o077)
    run("cpack", "--config", f"{os.environ['BUILD']}/CPackConfig.cmake", "-B", top, cwd=top)
    os.umask(mask)
    deb, = (f"{top}/{name}" for name in os.listdir(top) if name.endswith(".deb"))
    return deb


def prepare(root):
    """dpkg's records of a root in which nothing is installed."""
    for directory in ("updates", "info"):
        os.makedirs(f"{root}/var/lib/dpkg/{directory}")
    with open(f"{root}/var/lib/dpkg/status", "w", encoding="utf-8"):
        pass

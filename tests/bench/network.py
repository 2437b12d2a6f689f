# SPDX-License-Identifier: MIT
"""Over NFS: in the guest of the NFS tests, whose loopback interface is made slow."""

import json
import os
import subprocess

from bench.rows import Row

GUEST = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lab", "guest", "guest.py")
PROMISED = {1: (6, 8)}  # by milliseconds each way: the move against cp -a, the start against chown -R


def figures(files, delays, runs):
    """Parsed as they come; the guest's own lines are passed over. Raises when it fails."""
    command = ["/usr/bin/python3", GUEST, "--limit", "3600", "lab/guest/test_nfs_speed.py", "--files", str(files),
               "--delays", ",".join(map(str, delays)), "--runs", str(runs)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"version"')]


def rows(files, delays, runs):
    for figure in figures(files, delays, runs):
        taken, delay = figure["seconds"], figure["delay"]
        over = f"over NFSv{figure['version']}, {delay} ms each way"
        promised = PROMISED.get(delay, (None, None))
        for work, other, name, least in (("move", "cp -a", f"cold move of {files:,} files", promised[0]),
                                         ("start", "chown -R", f"start with nothing to change, {files:,} files",
                                          promised[1])):
            ratio = taken[other] / taken[work]
            yield Row(f"nfs{figure['version']}-{delay}ms/{work}", f"{name}, {over}", f"`{other}`",
                      f"{taken[other]:.2f} s : {taken[work]:.2f} s = {ratio:.1f} × faster", ratio, least,
                      samples=figure)

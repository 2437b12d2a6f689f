# SPDX-License-Identifier: MIT
"""What a start costs where there is next to nothing to do."""

import os
import statistics
import time

from bench.measure import cost_of, system_calls
from bench.rows import Row
from support import program
from support.world import World

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "upstream_like.sh")


def small_container(scratch, runs):
    """Two containers of 300 entries that have been started before: one by the program, one by a shell script."""
    ours, theirs = World(f"{scratch}/ours", overlay=False), World(f"{scratch}/theirs", overlay=False)
    try:
        mine = [program.binary(), "apply", "--root", ours.root]
        shell = ["bash", SCRIPT, theirs.root]
        for _ in range(2):
            cost_of(mine, environment(ours))
            cost_of(shell)
        costs = {"mailstate": [], "upstream-like shell": []}
        for _ in range(4 * runs):
            costs["mailstate"].append(cost_of(mine, environment(ours)).seconds)
            costs["upstream-like shell"].append(cost_of(shell).seconds)
        calls = system_calls(mine, environment(ours))
    finally:
        ours.remove()
        theirs.remove()
    own, other = (statistics.median(c) for c in costs.values())
    yield Row("small-start", "later start of a small container", "upstream-like shell",
              f"{other * 1000:.1f} ms : {own * 1000:.1f} ms = {other / own:.1f} × faster", other / own, 10, samples=costs)
    yield Row("small-start-calls", "system calls of that start", "", f"{calls:,}", calls)


def environment(world):
    return {**program.CLEAN, **world.environment()}


def program_start(runs):
    """From fork to the end of --version: more than the time to main."""
    times = []
    for _ in range(20 * runs):
        begun = time.monotonic()
        cost_of([program.binary(), "--version"])
        times.append((time.monotonic() - begun) * 1000)
    yield Row("start", "start to end of `--version`, milliseconds", "", f"{statistics.median(times):.2f} ms",
              statistics.median(times), most=2, samples={"ms": times})
    size = os.stat(program.binary()).st_size / (1 << 20)
    yield Row("size", "the binary, MiB", "", f"{size:.2f} MiB", size, most=6)

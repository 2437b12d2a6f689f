# SPDX-License-Identifier: MIT
"""How well a rehearsal foretells the first start."""

import json
import statistics
import subprocess

from bench import machine
from bench.rows import Row


def answer(command):
    done = subprocess.run(command, env=machine.ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    return json.loads(done.stdout)


def foretelling(name, work, make, runs, *options):
    """A rehearsal and the start that it foretells, each from disks of which nothing is cached."""
    foretold, took = [], []
    for _ in range(runs):
        ready = make()
        ready.forget()
        rehearsed = answer(ready.mailstate("rehearse", "--output", "json", *options))
        foretold.append(rehearsed["rehearsal"]["seconds"]["first_start"])
        ready.forget()
        took.append(answer(ready.mailstate("apply", "--output", "json"))["elapsed_ms"] / 1000)
        ready.remove()
    expected, real = statistics.median(foretold), statistics.median(took)
    factor = max(expected / real, real / expected)
    return Row(name, work, "the start itself", f"{expected:.2f} s : {real:.2f} s, a factor of {factor:.2f}", factor,
               most=1.5, samples={"foretold": foretold, "took": took})


def rehearsal(tree, runs, files):
    work = f"the first start of {files:,} files, foretold by `rehearse`"
    sample = ("--sample", str(files // 10))
    yield foretelling("rehearsal", work, tree.machine, runs)
    yield foretelling("rehearsal-sample", "the same, from a tenth of the files", tree.machine, runs, *sample)
    yield foretelling("rehearsal-overlay", f"{work}, in a container", tree.container, runs)
    yield foretelling("rehearsal-overlay-sample", "the same, from a tenth of the files", tree.container, runs, *sample)

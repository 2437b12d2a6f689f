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


def rehearsal(tree, runs, files):
    foretold, took = [], []
    for _ in range(runs):
        ready = tree.machine()
        foretold.append(answer(ready.mailstate("rehearse", "--output", "json"))["rehearsal"]["seconds"]["first_start"])
        ready.forget()
        took.append(answer(ready.mailstate("apply", "--output", "json"))["elapsed_ms"] / 1000)
        ready.remove()
    expected, real = statistics.median(foretold), statistics.median(took)
    factor = max(expected / real, real / expected)
    yield Row("rehearsal", f"the first start of {files:,} files, foretold by `rehearse`", "the start itself",
              f"{expected:.2f} s : {real:.2f} s, a factor of {factor:.2f}", factor, most=1.5,
              samples={"foretold": foretold, "took": took})

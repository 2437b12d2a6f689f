# SPDX-License-Identifier: MIT
"""Runs a command and says what it cost; puts contenders side by side."""

import os
import re
import statistics
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass

from bench import machine


@dataclass
class Cost:
    seconds: float  # from its start to its end
    user: float  # seconds
    system: float  # seconds
    peak: int  # KiB, of the largest process


def cost_of(command, environment=None):
    """Raises what the command printed when it fails."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=environment or machine.ENVIRONMENT, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"exit {process.returncode}: {' '.join(command)}\n{os.fsdecode(said.read())}")
    return Cost(seconds, usage.ru_utime, usage.ru_stime, usage.ru_maxrss)


def system_calls(command, environment=None):
    """How many a command makes, with all its processes."""
    counted = subprocess.run(["strace", "--follow-forks", "--summary-only", "--output", "/dev/stderr", *command],
                             env=environment or machine.ENVIRONMENT, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    return int(re.search(r"^100\.00 +[\d.]+ +\d+ +(\d+) .*total$", counted.stderr, re.MULTILINE)[1])


def between_calls(command, first, middle, last):
    """Seconds from a call that matches `first`, the last one before `middle`, to the end of the second call after that
    which matches `last`."""
    with tempfile.NamedTemporaryFile("r") as trace:
        subprocess.run(["strace", "--follow-forks", "--timestamps=unix,us", "--syscall-times", "--output", trace.name,
                        *command], env=machine.ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
        calls = [(float(m[1]), m[2], float(m[3])) for m in
                 (re.match(r"\d+ +([\d.]+) (.*) <([\d.]+)>$", line) for line in trace) if m]
    at = next(i for i, call in enumerate(calls) if re.match(middle, call[1]))
    begun = max(i for i in range(at) if calls[i][1].startswith(first))
    ends = [i for i in range(at, len(calls)) if calls[i][1].startswith(last)]
    return calls[ends[1]][0] + calls[ends[1]][2] - calls[begun][0]


def median(costs):
    return statistics.median(cost.seconds for cost in costs)


class Comparison:
    """Contenders that run in turn, so that what else the machine does falls on all alike."""

    def __init__(self, contenders, runs, prepare):
        """contenders: name → function of what `prepare` returned, which returns a cost. The first is mailstate."""
        self.costs = {name: [] for name in contenders}
        for run in range(runs):
            order = list(contenders) if run % 2 == 0 else list(reversed(contenders))
            for name in order:
                prepared = prepare()
                try:
                    self.costs[name].append(contenders[name](prepared))
                finally:
                    prepared.remove()

    def ratio(self, other):
        """How many times as fast as the other the first is, by their medians."""
        return median(self.costs[other]) / median(next(iter(self.costs.values())))

    def json(self):
        return {name: [asdict(cost) for cost in costs] for name, costs in self.costs.items()}

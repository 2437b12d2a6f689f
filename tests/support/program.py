# SPDX-License-Identifier: MIT
"""Runs the binary under test and reads what it says."""

import json
import os
import subprocess
from dataclasses import dataclass

# Exit codes of the published table.
DONE, PLAN_HAS_CHANGES, NOT_AS_IT_SHOULD_BE, BLOCKED, MIDWAY = 0, 2, 3, 4, 5
USAGE, BAD_FILE, LOCKED = 64, 65, 75

CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"}


def binary():
    path = os.environ.get("MAILSTATE", "")
    if not os.access(path, os.X_OK):
        raise RuntimeError(f"MAILSTATE must name the program under test, it is {path!r}")
    return path


@dataclass
class Outcome:
    command: list
    status: int
    out: str
    err: str

    def json(self):
        """The one object on stdout."""
        try:
            return json.loads(self.out)
        except ValueError as problem:
            raise AssertionError(f"stdout is no JSON ({problem})\n{self}") from problem

    def entries(self):
        """What is said of each entry, by its origin."""
        return {entry["origin"]: entry for entry in self.json()["entries"]}

    def findings(self, code=None):
        return [f for f in self.json()["findings"] if code in (None, f["code"])]

    def codes(self):
        return sorted({f["code"] for f in self.findings()})

    def __str__(self):
        return f"$ {' '.join(map(str, self.command))}\nexit {self.status}\n{self.out}{self.err}"


def outcome_of(command, process):
    out, err = (os.fsdecode(text) for text in process.communicate())
    return Outcome(command, process.returncode, out, err)


def start(arguments, environment=None, via=(), **options):
    """The program in the background, as a Popen, by way of another command; its command is kept beside it."""
    command = [*via, binary(), *map(str, arguments)]
    process = subprocess.Popen(command, env={**CLEAN, **(environment or {})}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    process.command = command
    return process


def finish(process):
    return outcome_of(process.command, process)


def run(arguments, environment=None, **options):
    return finish(start(arguments, environment, **options))

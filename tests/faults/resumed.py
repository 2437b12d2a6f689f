# SPDX-License-Identifier: MIT
"""Scenarios of runs that were killed while they copied: the copy is in staging, and the run that is disturbed goes on."""

import glob
import os
import subprocess

from scenarios import STALE, first
from small_world import Scenario
from support import program
from support.content import write

SINCE = 1_750_000_000_000_000_000


def killed(template):
    """Killed by one run after another, each a little later, until half of the first entry is copied."""
    first(template)
    for name in ("xx", "yy", "zz"):
        write(f"{template.image}/var/lib/svc/{name} late", f"{name}: copied late\n" * 500, (101, 101), 0o640)
    template.start()
    at = 50
    while len(copied(template)) < 4:
        kill_at(template, at)
        at += 8
    template.stop()


def kill_at(template, number):
    command = [os.environ["MAILSTATE_INJECT"], "--report", template.report, "--at", str(number), "--fault", "kill", "--",
               *template.arguments("apply")]
    done = subprocess.run(command, env=program.CLEAN, check=False, capture_output=True, timeout=60)
    if done.returncode != 128 + 9:
        raise RuntimeError(f"not killed at call {number}: {done}")


def copied(template):
    return [path for path in glob.glob(f"{template.volume}/.mailstate/staging/svc.*/**", recursive=True)
            if os.path.isfile(path)]


def changed_since(template):
    """Between the runs the service went on: a file was changed and has its old size and time, others came and went."""
    killed(template)
    top = f"{template.image}/var/lib/svc"
    path = copied(template)[0]
    relative = path.split("/svc.", 1)[1].split("/", 1)[1]
    seen = os.stat(f"{top}/{relative}")
    with open(f"{top}/{relative}", "r+b") as file:
        first_byte = file.read(1)
        file.seek(0)
        file.write(bytes([first_byte[0] ^ 1]))
    os.utime(f"{top}/{relative}", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    os.unlink(f"{top}/zz late")
    write(f"{top}/fresh", "fresh\n", (101, 101), 0o640, SINCE)


def after_a_crash(template):
    """The copy was begun in another boot: nothing of it is taken on trust."""
    killed(template)
    for record in glob.glob(f"{template.volume}/.mailstate/staging/.origin.svc.*"):
        with open(record, encoding="utf-8") as file:
            identity = file.readline()
        with open(record, "w", encoding="utf-8") as file:
            file.write(f"{identity}boot of another time\n")


def of_another_origin(template):
    """The container was recreated meanwhile: what only the copy has is set aside."""
    killed(template)
    for record in glob.glob(f"{template.volume}/.mailstate/staging/.origin.svc.*"):
        with open(record, "w", encoding="utf-8") as file:
            file.write("svc directory \"ext4\" \"/dev/elsewhere\" \"\" \"7\" \"\" \"elsewhere\"\nboot elsewhere\n")
    os.unlink(f"{template.image}/var/lib/svc/zz late")


def resumed():
    here = {"overlay": False, "fresh": True, "entries": ("svc", "secret"), "drops": STALE, "share": 2}
    return [
        Scenario("resumed", build=killed, **here),
        Scenario("resumed, changed since", build=changed_since, **here),
        Scenario("resumed, after a crash", build=after_a_crash, **here),
        Scenario("a copy of another origin", build=of_another_origin, **here),
    ]

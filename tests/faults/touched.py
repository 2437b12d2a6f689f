# SPDX-License-Identifier: MIT
"""More scenarios of the sweep: worlds that others have touched before the run, or that lack what a filesystem may lack."""

import os
import shutil

from scenarios import LATER, STALE, first, first_big, recreated, set_aside
from small_world import Scenario
from support.content import write

WITHOUT_FLAGS = {"overlay": False, "refuse": "flags"}


SINCE = 1_750_000_000_000_000_000  # when services wrote what is newer than all images


def prepared(template):
    """Another container has prepared the volume; the service of this one has written since."""
    first(template)
    template.scenario.options = ("--no-link",)
    template.apply()
    template.scenario.options = ()
    write(f"{template.image}/var/lib/svc/data", "data, written since\n", (101, 101), 0o640, SINCE)
    write(f"{template.image}/var/lib/svc/fresh", "fresh\n", (101, 101), 0o640, SINCE)


def populated(template):
    """The volume has state of its own, which no run of ours brought there."""
    first(template)
    for name in ("svc", "plain"):
        os.mkdir(f"{template.volume}/lib-{name}")
        write(f"{template.volume}/lib-{name}/from before", f"{name} from before\n", (101, 101), 0o640)
    write(f"{template.volume}/lib-svc/data", "data of the volume\n", (101, 101), 0o640, SINCE)


def rolled_back(template):
    first(template)
    template.apply()
    template.before("rollback")


def written_since(template):
    """The older version has run, and written, after the roll back."""
    rolled_back(template)
    write(f"{template.image}/var/lib/svc/data", "data, written since\n", (101, 101), 0o640, SINCE)
    os.unlink(f"{template.image}/var/lib/svc/sub/below")
    write(f"{template.image}/var/lib/plain/within/fresh", "fresh\n", (102, 101), 0o640, SINCE)


def moved(template):
    first(template)
    template.apply()


def set_aside_and_lost(template):
    set_aside(template)
    shutil.rmtree(f"{template.volume}/lib-svc")


RESTORE = {"command": ("displaced", "restore", "20260101T000000Z-svc"), "share": 2}


def empty_destinations(template):
    first(template)
    for name in ("lib-svc", "lib-plain"):
        os.mkdir(f"{template.volume}/{name}")


ONE_DISK = {"disk": "ext4", "overlay": False, "unmounted": True, "drops": STALE}


def touched():
    return [
        Scenario("prepared, the volume has its own", build=populated, options=("--no-link",), overlay=False),
        Scenario("linked after it was prepared", build=prepared, overlay=False),
        Scenario("roll back", build=moved, command=("rollback",), overlay=False),
        Scenario("roll back, without rename flags", build=moved, command=("rollback",), **WITHOUT_FLAGS),
        Scenario("taken up again", build=rolled_back, overlay=False, fresh=True),
        Scenario("taken up again, without rename flags", build=rolled_back, fresh=True, **WITHOUT_FLAGS),
        Scenario("taken up again, written since", build=written_since, fresh=True, overlay=False, refuse="exchange"),
        Scenario("restore, without rename flags", build=set_aside, **RESTORE, **WITHOUT_FLAGS),
        Scenario("restore where nothing is", build=set_aside_and_lost, **RESTORE),
        Scenario("reflinks, xfs", build=first_big, entries=("svc", "plain"), disk="xfs", overlay=False, drops=STALE),
        Scenario("reflinks, btrfs", build=recreated, entries=("svc", "secret"), disk="btrfs", overlay=False, drops=LATER),
        Scenario("one filesystem", build=first, **ONE_DISK),
        Scenario("one filesystem, empty destinations", build=empty_destinations, share=2, **ONE_DISK),
        Scenario("one filesystem, without exchange", build=first, refuse="exchange", share=4, **ONE_DISK),
        Scenario("uploaded at close", build=first, uploads=True, overlay=False, drops=STALE),
        Scenario("uploaded at close, recreated", build=recreated, uploads=True, drops=LATER),
    ]

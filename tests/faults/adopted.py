# SPDX-License-Identifier: MIT
"""Scenarios of adopted mounts: what is mounted has changed, is another, is empty, or the copy of it was written to."""

import os
import shutil

from scenarios import ADOPT, SHARED, adoption
from small_world import Scenario, copy
from support.content import write

MOUNTS = {**ADOPT, **SHARED, "entries": ("svc", "plain")}
PLAIN = {**MOUNTS, "options": ()}


def adopted(template):
    template.scenario.mounts, template.scenario.options = ADOPT["mounts"], ADOPT["options"]
    adoption(template)
    template.apply()
    template.scenario.options = PLAIN["options"]


def written_since(template):
    """The service has gone on in its mount; what it removed and what it replaced is set aside."""
    adopted(template)
    service_writes(template, "since")


def service_writes(template, note):
    write(f"{template.top}/mounted/data", f"data, written {note}\n", (101, 101), 0o640)
    write(f"{template.top}/mounted/fresh", f"fresh {note}\n", (101, 101), 0o640)
    write(f"{template.top}/below/deep", f"deeper {note}\n", (102, 102), 0o640)


def refreshed_often(template):
    """The older generations, but for the largest, have gone from the volume already, and one more goes."""
    adopted(template)
    write(f"{template.top}/mounted/data", "data of the largest, which is longer than that of all the others\n" * 200,
          (101, 101), 0o640)
    write(f"{template.top}/mounted/ballast", "what keeps the mount from losing half of its bytes\n" * 2000, (101, 101), 0o640)
    for note in ("once", "twice", "again"):
        template.apply()
        service_writes(template, note)


def beside_a_refresh(template):
    """One entry's refresh is refused below, the other's is due."""
    adopted(template)
    write(f"{template.top}/below/deep", "deeper\n", (102, 102), 0o640)


def another(template):
    """Another directory of the host is mounted now, as full as the adopted one was."""
    beside_a_refresh(template)
    copy(f"{template.top}/mounted", f"{template.top}/other")
    write(f"{template.top}/other/data", "data of another mount\n", (101, 101), 0o640)
    template.scenario.mounts = (("other", "/var/lib/svc"), *ADOPT["mounts"][1:])


def emptied(template):
    """The very mount, without anything in it: the host's disk was not there when the container came up."""
    beside_a_refresh(template)
    shutil.rmtree(f"{template.top}/mounted/sub")
    shutil.rmtree(f"{template.top}/mounted/run")
    for name in os.listdir(f"{template.top}/mounted"):
        os.unlink(f"{template.top}/mounted/{name}")


def emptied_and_confirmed(template):
    emptied(template)
    template.scenario.options = ADOPT["options"]


def lost_more_than_half(template):
    beside_a_refresh(template)
    for name in ("sub", "run"):
        shutil.rmtree(f"{template.top}/mounted/{name}")
    os.unlink(f"{template.top}/mounted/hard")
    write(f"{template.top}/mounted/data", "little\n", (101, 101), 0o640)


def copy_written_to(template):
    """Somebody has started the service from the copy meanwhile: both have what the other has not."""
    adopted(template)
    service_writes(template, "in the mount")
    write(f"{template.volume}/lib-svc/data", "data, written to the copy\n", (101, 101), 0o640)
    write(f"{template.volume}/lib-plain/within/deep", "written to the copy\n", (102, 102), 0o640)


def not_mounted(template):
    """An init container prepares the volume, and nothing is mounted in it: that ends the adoption."""
    adopted(template)
    template.scenario.mounts, template.scenario.options = (), ("--no-link",)


def adopted_mounts():
    return [
        Scenario("adopted, written since", build=written_since, **PLAIN),
        Scenario("adopted, written since, without rename flags", build=written_since, overlay=False, refuse="flags", **PLAIN),
        Scenario("adopted, not mounted, prepared", build=not_mounted, **PLAIN),
        Scenario("adopted, refreshed often", build=refreshed_often, share=2,
                 may_stay=(b"displaced/svc", b"displaced/plain"), **PLAIN),
        Scenario("adopted, another mount", build=another, **PLAIN),
        Scenario("adopted, an empty mount", build=emptied, **PLAIN),
        Scenario("adopted, an empty mount, confirmed", build=emptied_and_confirmed, **MOUNTS),
        Scenario("adopted, more than half is gone", build=lost_more_than_half, **PLAIN),
        Scenario("adopted, the copy was written to", build=copy_written_to, **PLAIN),
    ]

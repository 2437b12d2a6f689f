# SPDX-License-Identifier: MIT
"""The scenarios of the sweep: what is there before the run that is disturbed."""

import os
import shutil

from small_world import DEAD, ENTRIES, USERS, Scenario, copy, make_image, make_svc
from support.content import write

SWAPPED = {**USERS, "svc": USERS["other"], "other": USERS["svc"]}
RENUMBERED = "of a renumbered image"
STALE = (DEAD,)  # run/x.pid
LATER = ("to be dropped\n",)  # of a later image: what is declared disposable


def first(template):
    make_image(template.image, template.scenario.entries)


def first_big(template):
    make_image(template.image, template.scenario.entries, big=True)


def new_image(template, note, **options):
    shutil.rmtree(template.image)
    os.mkdir(template.image)
    make_image(template.image, template.scenario.entries, note, **options)


def recreated(template):
    """The container is made anew from a later image; what it brings along is older, the same, newer or not there yet."""
    first(template)
    template.apply()
    new_image(template, "of a later image")
    top = f"{template.image}/var/lib/svc"
    later = 1_750_000_000_000_000_000
    write(f"{top}/data", "data, newer than the volume's\n", (101, 101), 0o640, later)
    write(f"{top}/sub/only here", "nobody else has this\n", (101, 101), 0o640)
    write(f"{top}/cache.db", "to be dropped\n", (101, 101), 0o640)
    os.mkdir(f"{top}/lonely")
    write(f"{top}/lonely/one", "one\n", (101, 101), 0o640)
    write(f"{template.image}/etc/secret", "a newer secret\n", (0, 0), 0o600, later)


def linked(template):
    """A restart: the origins are links already."""
    first(template)
    template.apply()
    link_origins(template)


def link_origins(template):
    for name in template.scenario.entries:
        entry = ENTRIES[name]
        origin = template.image + entry["origin"]
        if os.path.islink(origin):  # without an overlay, the run has made it
            continue
        os.unlink(origin) if entry.get("kind") == "file" else shutil.rmtree(origin)
        os.symlink(f"/var/mail-state/{entry['destination']}", origin)
    os.chown(f"{template.image}/usr/sbin/drop", 0, USERS["drop"])
    os.chmod(f"{template.image}/usr/sbin/drop", 0o2755)


def moved_by_two_runs(template):
    """The first run took one entry. In the second the volume's secret won over the image's, which was set aside whole."""
    first(template)
    template.apply("--only", "plain")
    os.mkdir(f"{template.volume}/etc")
    write(f"{template.volume}/etc/secret", "secret of the volume\n", (0, 0), 0o600, 1_600_000_000_000_000_000)
    template.apply()
    link_origins(template)


def set_aside(template):
    """An earlier tree of an entry, which the volume has in another version by now."""
    linked(template)
    displaced = f"{template.volume}/.mailstate/displaced/20260101T000000Z-svc"
    copy(f"{template.volume}/lib-svc", displaced)
    write(f"{displaced}/data", "data, set aside\n", (101, 101), 0o640)
    write(f"{displaced}/sub/only here", "nobody else has this\n", (101, 101), 0o640)


def drifted(template):
    """Something small to change: an owner, a mode, a stale file, a nested link."""
    linked(template)
    top = f"{template.volume}/lib-svc"
    os.chown(f"{top}/data", 0, 0)
    os.chown(f"{top}/hard", 0, 0)
    os.chmod(f"{top}/sub", 0o700)
    write(f"{top}/run/y.pid", DEAD, (0, 0), 0o600)
    os.symlink("/var/mail-state/lib-plain", f"{template.volume}/lib-plain/lib-plain")
    os.chmod(f"{template.image}/usr/sbin/drop", 0o755)


def lost(template):
    """A destination is gone, another origin was never there, and a third is absent with its destination in place."""
    linked(template)
    shutil.rmtree(f"{template.volume}/lib-svc")
    shutil.rmtree(f"{template.volume}/lib-plain")
    os.unlink(f"{template.image}/var/lib/plain")
    os.unlink(f"{template.image}/etc/secret")


def adoption(template):
    """One origin is a mount, another has a mount below and a destination that is populated by something else."""
    make_image(template.image, template.scenario.entries)
    fill_mounts(template)
    os.mkdir(f"{template.volume}/lib-plain")
    write(f"{template.volume}/lib-plain/from before", "never a copy of the mount\n", (0, 0), 0o640)


def fill_mounts(template):
    make_svc(f"{template.top}/made", "of the mount")
    os.rename(f"{template.top}/made/var/lib/svc", f"{template.top}/mounted")
    shutil.rmtree(f"{template.top}/made")
    os.mkdir(f"{template.top}/below")
    write(f"{template.top}/below/deep", "deep in the mount below\n", (102, 102), 0o640)


def refresh(template):
    """What is mounted has changed since it was adopted."""
    adoption(template)
    template.apply()
    write(f"{template.top}/mounted/data", "data, written since\n", (101, 101), 0o640)
    write(f"{template.top}/mounted/fresh", "fresh\n", (101, 101), 0o640)
    write(f"{template.top}/below/deep", "deeper\n", (102, 102), 0o640)


def mount_gone(template):
    """The mount of an adopted entry was taken away: what the image has there is no more than the image's."""
    first(template)
    fill_mounts(template)
    template.scenario.mounts, template.scenario.options = ADOPT["mounts"][:1], ADOPT["options"]
    template.apply()
    template.scenario.mounts, template.scenario.options = (), ()


def swapped(template):
    """Two users have each other's numbers, on the volume, in what was set aside, and on a mount of its own."""
    recreated(template)
    template.apply()
    new_image(template, RENUMBERED, users=SWAPPED)


def own_mount(template):
    first(template)
    os.mkdir(f"{template.volume}/lib-plain")
    os.mkdir(f"{template.top}/own")
    os.mkdir(f"{template.top}/own/lost+found")


def swapped_own_mount(template):
    own_mount(template)
    template.apply()
    new_image(template, RENUMBERED, users=SWAPPED)


def many(template):
    """Enough names for several threads."""
    make_image(template.image, ("svc",))
    for directory in range(8):
        top = f"{template.image}/var/lib/svc/many-{directory}"
        os.mkdir(top)
        for number in range(40):
            write(f"{top}/{number}", f"{directory} {number}\n", (101 if number % 8 else 0, 101), 0o640)


ADOPT = {"options": ("--adopt-mounts",),
         "mounts": (("mounted", "/var/lib/svc"), ("below", "/var/lib/plain/within"))}
SHARED = {"shared": ("mounted", "below", "other")}  # an adopted mount is known by its inode
OWN = {"mounts": (("own", "/var/mail-state/lib-plain"),)}


def all_scenarios():
    return [
        Scenario("first start, overlay", build=first, drops=STALE),
        Scenario("first start, plain directories", build=first, overlay=False, drops=STALE),
        Scenario("prepared without links", build=first, options=("--no-link",)),
        Scenario("recreated, overlay", build=recreated, drops=LATER),
        Scenario("recreated, plain directories", build=recreated, overlay=False, drops=LATER),
        Scenario("restart, nothing to change", build=linked),
        Scenario("restart, something to change", build=drifted, drops=STALE),
        Scenario("destinations lost", build=lost),
        Scenario("adoption", build=adoption, entries=("svc", "plain"), **ADOPT),
        Scenario("adopted, the mount has changed", build=refresh, entries=("svc", "plain"), **ADOPT, **SHARED),
        Scenario("adopted, the mount is gone", build=mount_gone, entries=("svc",), drops=STALE),
        Scenario("users swapped", build=swapped),
        Scenario("destination with its own mount", build=own_mount, entries=("plain",), overlay=False, **OWN),
        Scenario("its own mount, users swapped", build=swapped_own_mount, entries=("plain",), **OWN),
        Scenario("roll back to a run", build=moved_by_two_runs, command=("rollback", "--before", "2"), share=2),
        Scenario("roll back to a run, plain", build=moved_by_two_runs, command=("rollback", "--before", "2"), overlay=False,
                 share=2),
        Scenario("restore what was set aside", build=set_aside, command=("displaced", "restore", "20260101T000000Z-svc"),
                 share=2),
        Scenario("prune", build=set_aside, command=("displaced", "prune", "--all")),
        Scenario("without rename flags", build=first, entries=("svc", "secret"), overlay=False, refuse="flags",
                 drops=STALE),
        Scenario("without rename flags, recreated", build=recreated, overlay=False, refuse="flags", drops=LATER),
        Scenario("without locks", build=first, entries=("secret",), refuse="locks",
                 patience=40),
        Scenario("ranges copied", build=first_big, entries=("plain",), overlay=False),
        Scenario("four threads", build=many, entries=("svc",), jobs=4, share=6, drops=STALE),
    ]

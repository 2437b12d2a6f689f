# SPDX-License-Identifier: MIT
"""Scenarios of what was there before mailstate came: copies that were interrupted, and what running services leave."""

import os
import shutil

from scenarios import STALE, first, new_image
from small_world import DEAD, Scenario, copy
from support.content import listen, write


def interrupted_copy(template):
    """A start script's `cp -a` was killed: one file is only its beginning, one directory is not yet the service's."""
    first(template)
    write(f"{template.image}/var/lib/svc/long", "a long file\n" * 2000, (101, 101), 0o640)
    svc, plain = f"{template.volume}/lib-svc", f"{template.volume}/lib-plain"
    os.makedirs(f"{svc}/sub")
    copy(f"{template.image}/var/lib/svc/hard", f"{svc}/hard")
    with open(f"{template.image}/var/lib/svc/long", "rb") as file:
        write(f"{svc}/long", file.read(8192), (0, 0), 0o600)
    os.makedirs(f"{plain}/within")
    copy(f"{template.image}/var/lib/plain/within/own", f"{plain}/within/own")
    os.chmod(f"{plain}/within", 0o700)
    os.chmod(plain, 0o700)


def partial(template):
    """As an interrupted copy would be, but nothing shows that one was interrupted: the destination wins."""
    first(template)
    copy(f"{template.image}/var/lib/svc", f"{template.volume}/lib-svc")
    os.unlink(f"{template.volume}/lib-svc/data")
    shutil.rmtree(f"{template.volume}/lib-svc/sub")


def make_spool(image, note):
    """A queue, sockets that nobody listens on, pid files, and the chroot that Postfix fills from the image's own /etc."""
    top = f"{image}/var/spool/mail"
    for directory in ("active", "pid", "private", "etc", "usr/share"):
        os.makedirs(f"{top}/{directory}", exist_ok=True)
    write(f"{top}/active/1", f"a message {note}\n", (101, 101), 0o700)
    write(f"{top}/pid/master.pid", DEAD, (0, 0), 0o600)
    write(f"{top}/pid/noted.pid", f"no number {note}\n", (0, 0), 0o600)
    listen(f"{top}/private/auth", 101)
    write(f"{image}/etc/resolv.conf", "nameserver of the image\n", (0, 0), 0o644)
    write(f"{top}/etc/resolv.conf", "nameserver of the image\n", (0, 0), 0o644)
    write(f"{top}/etc/sasldb2", f"accounts {note}\n", (101, 101), 0o600)
    write(f"{top}/usr/share/own", f"only in the spool {note}\n", (0, 0), 0o644)


def spool(template):
    first(template)
    make_spool(template.image, "of the image")


def spool_recreated(template):
    spool(template)
    template.apply()
    new_image(template, "of a later image")
    make_spool(template.image, "of a later image")


def spool_running(template):
    """What the volume's own spool has: a restart after a crash."""
    spool(template)
    template.apply()
    top = f"{template.volume}/spool-mail"
    write(f"{top}/pid/master.pid", DEAD, (0, 0), 0o600)
    listen(f"{top}/private/auth", 101)


def before_us():
    return [
        Scenario("interrupted copy", build=interrupted_copy, drops=STALE),
        Scenario("interrupted copy, without rename flags", build=interrupted_copy, overlay=False, refuse="flags",
                 drops=STALE),
        Scenario("a part that nobody interrupted", build=partial, drops=STALE),
        Scenario("spool", build=spool, entries=("spool",), drops=STALE),
        Scenario("spool, recreated", build=spool_recreated, entries=("spool",)),
        Scenario("spool, started again", build=spool_running, entries=("spool",), overlay=False, drops=STALE),
    ]

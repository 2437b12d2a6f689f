# SPDX-License-Identifier: MIT
"""Commands by hand over a service's directory, in which a name for a file of root's is planted."""

import os
import subprocess

from place import REDIS, Place
from support import tree
from support.content import write

COMMANDS = (
    "chown -R redis DIR", "chown -R redis DIR/*", "chown -RL redis DIR", "chown redis DIR/*",
    "find DIR -exec chown redis {} +", "find DIR -exec chown -h redis {} +", "chmod -R g+rw DIR", "chmod -R g+rw DIR/*",
    "setfacl -R -m u:redis:rw DIR")


def reaches(command, plant):
    """Whether a command by hand, over a directory in which a name for root's file is planted, changes that file."""
    place = Place()
    secret, planted = f"{place.root}/etc/shadow", f"{place.root}{REDIS}/planted"
    write(secret, "root's secret", mode=0o600)
    plant(secret, planted)
    before = tree.manifest(f"{place.root}/etc")
    words = command.replace("chown -RL redis", "chown -RL 101").replace(" redis ", " 101 ").replace("u:redis:", "u:101:")
    subprocess.run(["sh", "-c", words.replace("DIR", '"$0"'), place.root + REDIS], check=False, stderr=subprocess.DEVNULL)
    after = tree.manifest(f"{place.root}/etc")
    return tree.differences(before, after) != []


def plant_symbolic(_, planted):
    os.symlink("../../../etc/shadow", planted)

# SPDX-License-Identifier: MIT
"""The images of the lab: the Dockerfile's, over a base of Debian's packages, and builds of it with other user ids."""

import os
import shutil
import subprocess

from support import program

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(f"{HERE}/../../..")

# The base has the packages of the demo stage, so that its apt-get finds them without a network.
BASE = """FROM mailroot
RUN rm -rf /etc/apt/sources.list /etc/apt/sources.list.d
"""

# As if the packages had been installed in another order: users and groups have each other's numbers, or new ones.
RENUMBER = r"""FROM {image}
RUN set -e; \
    renumber() {{ \
        old=$(getent $1 $2 | cut -d: -f3); \
        case $1 in passwd) usermod --uid $3 $2; tool=chown; test=-uid ;; \
                   *) groupmod --gid $3 $2; tool=chgrp; test=-gid ;; esac; \
        find /etc /usr/sbin /var -xdev $test $old -exec $tool -h $3 {{}} +; \
    }}; \
    {calls} \
    chmod 2555 /usr/sbin/postdrop /usr/sbin/postqueue
"""
SEAL = """RUN mailstate seal
LABEL org.opencontainers.image.version="later"
"""
LATER = {"passwd": {"redis": 901, "postfix": 902, "_rspamd": 903, "dovecot": 904},
         "group": {"redis": 911, "postdrop": 912, "_rspamd": 913, "postfix": 914}}


def renumbered(image, numbers):
    """The Dockerfile of `image` with other numbers: of passwd and group, by name."""
    calls = [f"renumber {table} {name} {number};" for table, names in numbers.items() for name, number in names.items()]
    return RENUMBER.format(image=image, calls=" ".join(calls))


def write_dockerfile(directory, text):
    os.makedirs(directory, exist_ok=True)
    with open(f"{directory}/Dockerfile", "w", encoding="utf-8") as file:
        file.write(text)


def build(engine, name, text, files=()):
    """files: path → name in the build's context."""
    directory = f"{engine.top}/{name}.build"
    write_dockerfile(directory, text)
    for path, inside in dict(files).items():
        shutil.copy(path, f"{directory}/{inside}")
    engine.docker("build", "--network", "none", "--tag", name, directory, environment={"DOCKER_BUILDKIT": "1"})


def import_binary(engine, name):
    """An image that holds the program under test alone, stripped, as the Dockerfile's build stage leaves it."""
    directory = f"{engine.top}/binary"
    os.mkdir(directory)
    subprocess.run(["strip", "-o", f"{directory}/mailstate", program.binary()], check=True)
    subprocess.run(["tar", "-C", directory, "-cf", f"{directory}.tar", "mailstate"], check=True)
    engine.docker("import", f"{directory}.tar", name)


def build_base(engine, *more):
    tar = subprocess.run([f"{HERE}/../mailroot", *more], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    engine.docker("import", tar, "mailroot")
    build(engine, "debian:bookworm-slim", BASE)


def build_dockerfile(engine, target, name):
    """The repository's Dockerfile, with the program that is under test in place of a build of its own."""
    arguments = ["--target", target] if target else []
    return engine.docker("build", "--network", "none", *arguments, "--build-arg", "BINARY=built", "--tag", name, TOP,
                         environment={"DOCKER_BUILDKIT": "1"})


def build_all(engine):
    import_binary(engine, "built")
    build_base(engine)
    build_dockerfile(engine, "demo", "demo")
    build_dockerfile(engine, "", "mailstate")
    build(engine, "later", renumbered("demo", LATER) + SEAL)


def export_binary(engine, image, path):
    """/mailstate of an image that has nothing else, and so cannot run a shell."""
    container = engine.docker("create", image)
    engine.docker("cp", f"{container}:/mailstate", path)
    engine.docker("rm", container)
    shutil.copymode(program.binary(), path)

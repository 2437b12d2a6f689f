# SPDX-License-Identifier: MIT
"""A private Docker engine: its own processes, disk, socket and cgroup, no network but loopback. It ends with the test.

Use inside namespace.enter("--net", "--uts") only.
"""

import glob
import json
import os
import subprocess
import time

from support import namespace, program
from support.world import make_ext4

CGROUP = "mailstate-lab-"
HERE = os.path.dirname(os.path.abspath(__file__))


class Engine:
    def __init__(self, top, *options):
        """`top` is a free name on the scratch filesystem; options: more of dockerd's."""
        os.mkdir(top)
        tree = subprocess.run([f"{HERE}/tree"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        self.options = options
        self.top, self.cgroup = top, CGROUP + os.path.basename(namespace.enter())
        self.socket = f"unix://{top}/socket"
        self.environment = {**program.CLEAN, "PATH": f"{tree}/usr/bin:{tree}/usr/sbin:{program.CLEAN['PATH']}",
                            "HOME": top, "DOCKER_HOST": self.socket}
        make_ext4(f"{top}/data", "8G")
        remove_cgroups_of_the_dead()
        self.start()

    def start(self):
        self.log = open(f"{self.top}/log", "ab")
        self.daemon = subprocess.Popen(
            ["dockerd", "--data-root", f"{self.top}/data", "--exec-root", f"{self.top}/exec", "--pidfile",
             f"{self.top}/pid", "--host", self.socket, "--iptables=false", "--ip6tables=false", "--bridge=none",
             "--storage-driver=overlay2", f"--cgroup-parent=/{self.cgroup}", *self.options],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while self.try_docker("version").returncode != 0:
            if self.daemon.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the engine does not start\n{self.said()}")
            time.sleep(0.1)

    def said(self):
        with open(f"{self.top}/log", encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-40:])

    def stop(self):
        """Containers, daemon and cgroups. What else there is goes with the namespaces."""
        names = self.try_docker("ps", "--all", "--quiet").stdout.split()
        if names:
            self.try_docker("rm", "--force", "--volumes", *names)
        self.daemon.terminate()
        self.daemon.wait(30)
        self.log.close()
        for path in cgroups(self.cgroup):
            remove_cgroup(path)

    def try_docker(self, *arguments, text="", timeout=300, environment=None):
        """Output through files: a service in the background would keep a pipe open."""
        return subprocess.run(["docker", *arguments], env={**self.environment, **(environment or {})}, input=text,
                              capture_output=True, text=True, errors="replace", check=False, timeout=timeout)

    def docker(self, *arguments, **options):
        """What it says on stdout."""
        done = self.try_docker(*arguments, **options)
        if done.returncode != 0:
            said = f"ended with {done.returncode}\n{done.stdout}{done.stderr}"
            raise AssertionError(f"docker {' '.join(arguments)} {said}")
        return done.stdout.strip()

    def inspect(self, name):
        return json.loads(self.docker("inspect", name))[0]


def cgroups(name):
    """Of v1, one in each hierarchy, and of v2."""
    return glob.glob(f"/sys/fs/cgroup/{name}") + glob.glob(f"/sys/fs/cgroup/*/{name}")


def remove_cgroups_of_the_dead():
    """A cgroup is in no namespace: what an engine that was killed has left. Each has the name of a scratch directory."""
    for path in cgroups(f"{CGROUP}*"):
        scratch = os.path.basename(path)[len(CGROUP):]
        if not os.path.exists(f"{os.path.dirname(namespace.enter())}/{scratch}"):
            remove_cgroup(path)


def remove_cgroup(top):
    for directory, _, _ in os.walk(top, topdown=False):  # nothing where one hierarchy has two names and it is gone
        os.rmdir(directory)

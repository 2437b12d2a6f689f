# SPDX-License-Identifier: MIT
"""A private Docker engine: its own processes, disk, socket and cgroup, no network but loopback. It ends with the test.

Use inside namespace.enter("--net", "--uts") only.
"""

import json
import os
import subprocess
import time

from support import program
from support.world import make_ext4

HERE = os.path.dirname(os.path.abspath(__file__))


class Engine:
    def __init__(self, top):
        """`top` is a free name on the scratch filesystem."""
        os.mkdir(top)
        tree = subprocess.run([f"{HERE}/tree"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        self.top, self.cgroup = top, f"mailstate-lab-{os.getpid()}-{os.urandom(4).hex()}"
        self.socket = f"unix://{top}/socket"
        self.environment = {**program.CLEAN, "PATH": f"{tree}/usr/bin:{tree}/usr/sbin:{program.CLEAN['PATH']}",
                            "HOME": top, "DOCKER_HOST": self.socket}
        make_ext4(f"{top}/data", "8G")
        self.start()

    def start(self):
        self.log = open(f"{self.top}/log", "ab")
        self.daemon = subprocess.Popen(
            ["dockerd", "--data-root", f"{self.top}/data", "--exec-root", f"{self.top}/exec", "--pidfile",
             f"{self.top}/pid", "--host", self.socket, "--iptables=false", "--ip6tables=false", "--bridge=none",
             "--storage-driver=overlay2", f"--cgroup-parent=/{self.cgroup}"],
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
        for top, names, _ in os.walk("/sys/fs/cgroup"):
            if self.cgroup in names:
                remove_cgroup(f"{top}/{self.cgroup}")
            names[:] = [name for name in names if top == "/sys/fs/cgroup"]

    def try_docker(self, *arguments, text="", timeout=120, environment=None):
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


def remove_cgroup(top):
    for directory, _, _ in os.walk(top, topdown=False):
        os.rmdir(directory)

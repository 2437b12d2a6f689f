# SPDX-License-Identifier: MIT
"""The test case of the container lab: one engine and its images for all tests of a file, containers for each."""

import json
import os
import subprocess
import sys
import time
import unittest

import images
from docker import Engine
from support import namespace

# Loopback only. A name is refused at once, where nobody would answer for minutes.
NETWORK = ["--hostname", "mail.example.test", "--network", "none", "--dns", "127.0.0.1"]
REDIS = ["setpriv", "--reuid", "redis", "--regid", "redis", "--init-groups", "redis-server", "/etc/redis/redis.conf"]


class LabCase(unittest.TestCase):
    maxDiff = None
    engine = None  # one for all classes of a file
    engine_options = []
    build_images = staticmethod(images.build_all)

    @classmethod
    def setUpClass(cls):
        if LabCase.engine is not None:
            return
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        LabCase.engine = Engine(f"{namespace.enter()}/engine", *cls.engine_options)
        unittest.addModuleCleanup(LabCase.engine.stop)
        cls.build_images(LabCase.engine)

    def setUp(self):
        self.volume = self.id().split(".")[-1][:60]
        self.made = 0

    def start(self, image="demo", *options, command=(), volume=None):
        """A container in the background, gone with the test. Returns its name."""
        self.made += 1
        name = f"{self.volume}-{self.made}"
        mounts = ["--volume", f"{volume or self.volume}:/var/mail-state"] if volume != "" else []
        self.engine.docker("run", "--detach", "--name", name, *NETWORK, *mounts, *options, image, *command)
        self.addCleanup(self.engine.try_docker, "rm", "--force", name)
        return name

    def run_once(self, *options, image="demo", command=("true",), volume=None, entrypoint=None):
        """A container that ends by itself: the finished process, with status, stdout and stderr."""
        mounts = ["--volume", f"{volume or self.volume}:/var/mail-state"] if volume != "" else []
        ends = ["--entrypoint", entrypoint] if entrypoint else []
        return self.engine.try_docker("run", "--rm", *NETWORK, *mounts, *ends, *options, image, *command)

    def apply(self, *options, image="demo", status=0, volume=None, more=()):
        """One `mailstate apply` and what it says."""
        done = self.run_once(*options, image=image, volume=volume, entrypoint="mailstate",
                             command=("apply", "--output", "json", *more))
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def decisions(self, answer):
        return {entry["name"]: entry["decision"] for entry in answer["entries"] if entry["decision"] != "disabled"}

    def codes(self, answer):
        return {finding["code"] for finding in answer["findings"]}

    def run_in(self, name, *command, user=None, options=()):
        return self.engine.try_docker("exec", *(["--user", user] if user else []), *options, name, *command)

    def said_in(self, name, *command, **options):
        done = self.run_in(name, *command, **options)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}\n{self.log(name)}")
        return done.stdout.strip()

    def log(self, name):
        done = self.engine.try_docker("logs", name)
        return done.stdout + done.stderr

    def wait_for(self, what, condition, name, seconds=90):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not happen within {seconds} s\n{self.log(name)}")
            time.sleep(0.2)

    def wait_for_redis(self, name):
        self.wait_for("an answer of redis", lambda: self.run_in(name, "redis-cli", "ping").stdout == "PONG\n", name)

    def end(self, name):
        """Stopped and removed; its exit code."""
        self.engine.docker("stop", "--time", "30", name)
        status = self.engine.inspect(name)["State"]["ExitCode"]
        self.engine.docker("rm", "--volumes", name)
        return status

    def volume_path(self, name=None):
        return f"{self.engine.top}/data/volumes/{name or self.volume}/_data"

    def files_of(self, *places):
        return sorted(name for place in places for name in os.listdir(self.volume_path() + place))


def main(here):
    if namespace.SCRATCH not in os.environ:  # out here there is a network, which the packages come by
        for recipe in ("tree", "../mailroot"):
            subprocess.run([f"{here}/{recipe}"], check=True, stdout=subprocess.DEVNULL)
    namespace.enter("--net", "--uts")
    unittest.main(verbosity=2, argv=sys.argv)

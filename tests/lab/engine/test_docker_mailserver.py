#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The drop-in for docker-mailserver, in a container that starts as its releases do; beside it, the start without it."""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import images
import lab_case
from lab_case import REDIS, LabCase
from services_case import ServicesCase

from support import ledger, tree

SCRIPTS = f"{images.TOP}/scripts/docker-mailserver"
GATES = ["--env", "ENABLE_AMAVIS=0", "--env", "ENABLE_RSPAMD=1"]  # as the start's shell has them
UNSET = [word for name in ("ENABLE_AMAVIS", "ENABLE_RSPAMD") for word in ("--env", f"{name}=")]


class AStart(LabCase):
    def boot(self, *options, image="demo", release="v15.1.0", script=f"{SCRIPTS}/mail_state.sh", command=REDIS, **more):
        """As a release's start.sh does, with its own or another script for the state."""
        mounts = ["--volume", f"{script}:/usr/local/bin/setup.d/mail_state.sh:ro",
                  "--volume", f"{HERE}/upstream_start.sh:/usr/local/bin/start.sh:ro"]
        return self.start(image, *mounts, *UNSET, "--env", f"RELEASE={release}", "--entrypoint", "bash", *options,
                          command=["/usr/local/bin/start.sh", *command], **more)


class ADropIn(AStart):
    def redis(self, name, *command):
        self.wait_for_redis(name)
        return self.said_in(name, "redis-cli", *command)

    def rounds(self, script):
        """The seed's story, with a volume at /var/lib/redis: what `incr` says in four containers, one after another.
        The mount has a database already."""
        mount = ("--volume", f"{self.volume}-redis:/var/lib/redis")
        name = self.start("demo", *mount, command=REDIS, volume="")
        counts = [self.redis(name, "incr", "starts")]
        self.end(name)
        for _ in range(3):
            name = self.boot(*mount, script=script)
            counts.append(self.redis(name, "incr", "starts"))
            self.end(name)
        return counts

    def test_keeps_what_the_start_without_it_loses(self):
        self.assertEqual(self.rounds(f"{HERE}/upstream_state.sh"), ["1", "1", "1", "1"], "each start lost the database")
        self.volume += "-kept"
        self.assertEqual(self.rounds(f"{SCRIPTS}/mail_state.sh"), ["1", "2", "3", "4"])

    def test_moves_links_and_keeps_over_recreations_and_restarts_of_each_release(self):
        for release in ("v12.1.0", "v14.0.0", "v15.0.2", "v16.0.1"):
            with self.subTest(release):
                self.volume = f"release-{release}"
                name = self.boot(release=release)
                self.assertEqual(self.redis(name, "incr", "starts"), "1")
                self.assertEqual(self.said_in(name, "readlink", "/var/lib/redis"), "/var/mail-state/lib-redis")
                self.engine.docker("restart", name)
                self.assertEqual(self.redis(name, "incr", "starts"), "2")
                self.end(name)
                name = self.boot(release=release)
                self.assertEqual(self.redis(name, "incr", "starts"), "3")
                self.assertEqual(self.said_in(name, "stat", "-c", "%U:%G", "/var/mail-state/lib-redis"), "redis:redis")
                verified = self.run_in(name, "mailstate", "verify", "--ownership", "quick", options=GATES)
                self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_it_and_the_start_without_it_use_the_volume_as_the_other_leaves_it(self):
        """To begin with it takes the lines of compose.override.yaml, and to undo it no more than to remove them, as
        README.md beside it says. Before the first start its plan and a rehearsal run in a container of their own."""
        ours, theirs = f"{SCRIPTS}/mail_state.sh", f"{HERE}/upstream_state.sh"
        for number, script in enumerate((theirs, ours, theirs, ours), start=1):
            if number == 2:
                for command in ("plan", "rehearse"):
                    done = self.run_once(*GATES, entrypoint="mailstate", command=[command])
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            name = self.boot(script=script)
            self.assertEqual(self.redis(name, "incr", "starts"), str(number))
            self.assertEqual(self.said_in(name, "readlink", "/var/lib/redis"), "/var/mail-state/lib-redis")
            self.end(name)

    def test_passes_the_gates_that_are_shell_variables(self):
        name = self.boot(command=["sleep", "1000"])
        self.wait_for("sleep", lambda: self.run_in(name, "cat", "/proc/1/comm").stdout == "sleep\n", name)
        self.assertEqual(set(self.files_of("/")) - {".mailstate"},
                         {"lib-dovecot", "lib-logrotate", "lib-postfix", "lib-redis", "lib-rspamd", "spool-postfix"})

    def test_does_not_start_the_mail_server_without_its_state(self):
        name = self.boot(command=["sleep", "1000"])
        self.wait_for("sleep", lambda: self.run_in(name, "cat", "/proc/1/comm").stdout == "sleep\n", name)
        self.end(name)
        with open(ledger.newest(f"{self.volume_path()}/.mailstate"), "w", encoding="utf-8") as file:
            file.write('{"schema": 999}')
        name = self.boot(command=["sleep", "1000"])
        self.wait_for("the end", lambda: not self.engine.inspect(name)["State"]["Running"], name)
        self.assertEqual(self.engine.inspect(name)["State"]["ExitCode"], 1)
        self.assertIn("The state of the services is not in place", self.log(name))
        name = self.boot("--env", "MAILSTATE_KEEP_GOING=1", command=["sleep", "1000"])
        self.wait_for("sleep", lambda: self.run_in(name, "cat", "/proc/1/comm").stdout == "sleep\n", name)

    def test_stands_aside_where_v12_or_v13_is_told_to_leave_the_state_alone(self):
        name = self.boot("--env", "ONE_DIR=0", command=["sleep", "1000"], release="v13.3.1")
        self.wait_for("sleep", lambda: self.run_in(name, "cat", "/proc/1/comm").stdout == "sleep\n", name)
        self.assertEqual(self.files_of("/"), [])

    def test_comes_up_over_what_people_leave_behind(self):
        """A volume of mode 0700, ONE_DIR=0 of years ago, and a secret of postsrsd that each container makes anew."""
        for number in range(10):
            name = self.boot("--env", "ONE_DIR=0", "--env", "DMS_RELEASE=v15.1.0", "--env", "ENABLE_SRS=1")
            self.wait_for_redis(name)
            if number == 0:
                os.chmod(self.volume_path(), 0o700)
                self.engine.docker("restart", name)
                self.wait_for_redis(name)
            self.assertEqual(os.stat(self.volume_path()).st_mode & 0o777, 0o701)
            self.assertEqual(self.said_in(name, "readlink", "/etc/postsrsd.secret"), "/var/mail-state/etc/postsrsd.secret")
            self.assertIn("ONE_DIR=0 has no effect in v15.1.0", self.log(name))
            self.assertEqual(self.redis(name, "incr", "starts"), str(number + 1))
            self.end(name)
        self.assertEqual(self.files_of("/.mailstate/displaced"), [])


class ARescue(AStart, ServicesCase):
    """README.md beside the drop-in: v13 with ONE_DIR=0 and no volume, then v15, whose image numbers its users otherwise."""

    def test_brings_everything_that_the_old_container_has_in_its_layer(self):
        services = {"command": ["/demo/services"]}
        name = self.boot("--env", "ONE_DIR=0", *self.homes(), release="v13.3.1", script=f"{HERE}/upstream_state.sh",
                         volume="", **services)
        self.wait_for_services(name)
        self.fill(name)
        self.engine.docker("stop", "--time", "30", name)
        old = f"{self.engine.top}/old"
        os.mkdir(old)
        self.engine.docker("export", "--output", f"{old}.tar", name)
        subprocess.run(["tar", "-x", "--numeric-owner", "-f", f"{old}.tar", "-C", old], check=True)
        before = tree.manifest(old)
        self.engine.docker("rm", name)

        bring = ("apply", "--from-root", "/old", "--output", "json")
        for number in range(2):
            done = self.run_once("--volume", f"{old}:/old:ro", image="later", entrypoint="mailstate", command=bring)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(json.loads(done.stdout)["changes"] == [], number == 1, done.stdout)
        self.assertEqual(tree.differences(before, tree.manifest(old)), [])

        name = self.boot(*self.homes(), image="later", **services)
        self.wait_for_services(name)
        self.assertEqual(self.said_in(name, "stat", "-c", "%u:%g", "/var/mail-state/lib-redis/dump.rdb"), "901:911")
        self.assert_has_everything(name)
        verified = self.run_in(name, "mailstate", "verify", "--ownership", "quick", options=GATES)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertEqual(self.files_of("/.mailstate/displaced"), [])


if __name__ == "__main__":
    lab_case.main(HERE)

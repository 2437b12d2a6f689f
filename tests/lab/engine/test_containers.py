#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Real containers of the demo image: Postfix, Redis, Dovecot and Rspamd, with mailstate as the entrypoint."""

import os
import re
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import images
import lab_case
from lab_case import NETWORK, REDIS, LabCase
from services_case import ServicesCase
from support.content import write

COMPOSE = """services:
  mailserver:
    image: ghcr.io/docker-mailserver/docker-mailserver:13.3.1
    environment:
      - ENABLE_RSPAMD=1
    volumes:
      - ./state:/var/mail-state
      - ./redis:/var/lib/redis
"""
ALL = {"postfix-spool", "postfix", "logrotate", "dovecot", "rspamd", "redis"}


class TheServices(ServicesCase):
    def test_find_everything_in_a_newer_image_with_other_user_ids(self):
        name = self.start_all("demo")
        self.fill(name)
        ids = self.said_in(name, "id", "-u", "redis"), self.said_in(name, "id", "-g", "postfix")
        self.assertEqual(self.end(name), 0)

        name = self.start_all("later")
        self.assertEqual((self.said_in(name, "id", "-u", "redis"), self.said_in(name, "id", "-g", "postfix")),
                         ("901", "914"))
        self.assertNotIn("901", ids)
        self.assert_has_everything(name)
        self.assertEqual(self.end(name), 0)


class TheEntrypoint(LabCase):
    def test_is_gone_when_the_command_runs(self):
        name = self.start(command=("sleep", "1000"))
        self.wait_for("sleep", lambda: self.said_in(name, "cat", "/proc/1/comm") == "sleep", name)
        self.assertEqual(self.said_in(name, "sh", "-c", "ls /proc/1/fd | wc -l"), "3")
        done = self.run_once(command=("sh", "-c", "exit 7"))
        self.assertEqual(done.returncode, 7)
        self.assertEqual(self.run_once(command=("nosuch",)).returncode, 127)

    def test_killed_in_the_middle_of_the_first_start(self):
        images.build(self.engine, "large", "FROM demo\nRUN mkdir /var/lib/rspamd/many && cd /var/lib/rspamd/many && "
                                           "for i in $(seq 20000); do echo $i >$i; done\n")
        staging = f"{self.volume_path()}/.mailstate/staging"
        name = self.start("large", command=("sleep", "1000"))
        is_copying = lambda: os.path.isdir(staging) and any("rspamd" in n for n in os.listdir(staging))
        self.wait_for("copying", is_copying, name)
        self.engine.docker("kill", name)
        self.assertFalse(os.path.isdir(f"{self.volume_path()}/lib-rspamd"), "it was killed too late")
        for again in (lambda: self.engine.docker("start", name), lambda: self.start("large", command=("sleep", "1000"))):
            name = again()
            self.wait_for("sleep", lambda: self.run_in(name, "cat", "/proc/1/comm").stdout == "sleep\n", name)
            self.assertEqual(self.run_in(name, "mailstate", "verify").returncode, 0)
            self.assertEqual(self.said_in(name, "sh", "-c", "ls /var/lib/rspamd/many | wc -l"), "20000")
            self.assertEqual(os.listdir(staging), [])


class ASecondMountForRedis(LabCase):
    """The seed of it all: a volume at /var/lib/redis, and one at /var/mail-state."""

    def test_is_left_alone_said_and_adopted(self):
        mount = ("--volume", f"{self.volume}-redis:/var/lib/redis")
        for number in range(3):
            name = self.start("demo", *mount, command=REDIS)
            self.wait_for_redis(name)
            self.assertEqual(self.said_in(name, "redis-cli", "incr", "starts"), str(number + 1))
            log = self.log(name)
            for word in ("/var/lib/redis", "origin.mounted", "--adopt-mounts"):
                self.assertIn(word, log)
            self.assertEqual(self.end(name), 0)
        name = self.start("demo", *mount, "--env", "MAILSTATE_ADOPT_MOUNTS=1", command=REDIS)
        self.wait_for_redis(name)
        self.assertEqual(self.end(name), 0)
        name = self.start("demo", command=REDIS)
        self.wait_for_redis(name)
        self.assertEqual(self.said_in(name, "readlink", "/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assertEqual(self.said_in(name, "redis-cli", "incr", "starts"), "4")


class AnUpgrade(LabCase):
    def test_from_no_volume_to_a_volume(self):
        """Also what a version with one-dir off leaves: real directories, in use, and no volume at all."""
        name = self.start("demo", command=REDIS, volume="")
        self.wait_for_redis(name)
        self.said_in(name, "redis-cli", "set", "key", "from the layer")
        self.assertFalse(self.said_in(name, "sh", "-c", "ls -d /var/mail-state 2>/dev/null || true"))
        self.engine.docker("stop", name)
        self.engine.docker("commit", name, "used")
        answer = self.apply(image="used")
        self.assertEqual(set(self.decisions(answer).values()), {"move"})
        name = self.start("demo", command=REDIS)
        self.wait_for_redis(name)
        self.assertEqual(self.said_in(name, "redis-cli", "get", "key"), "from the layer")

    def test_with_services_that_are_enabled_later(self):
        images.build(self.engine, "clamav", "FROM demo\nRUN useradd --system clamav && mkdir /var/lib/clamav && "
                                            "echo signatures >/var/lib/clamav/main.cvd && "
                                            "chown -R clamav: /var/lib/clamav\n")
        answer = self.apply("--env", "ENABLE_RSPAMD=0", image="clamav")
        self.assertEqual(set(self.decisions(answer)), ALL - {"rspamd", "redis"})
        self.assertEqual(set(self.decisions(self.apply(image="clamav"))), ALL)
        answer = self.apply("--env", "ENABLE_CLAMAV=1", image="clamav")
        self.assertEqual(self.decisions(answer)["clamav"], "move")
        done = self.run_once("--env", "ENABLE_CLAMAV=1", image="clamav", command=("stat", "-Lc", "%U %s",
                                                                                  "/var/lib/clamav/main.cvd"))
        self.assertTrue(done.stdout.endswith("clamav 11\n"), done.stdout)


class ALesserContainer(LabCase):
    def test_with_a_read_only_root_prepares_and_links_nothing(self):
        answer = self.apply("--read-only", "--tmpfs", "/run", "--tmpfs", "/tmp")
        self.assertEqual(set(self.decisions(answer).values()), {"prepare"})
        self.assertIn("origin.read-only", self.codes(answer))

    def test_with_another_user_than_root_leaves_all_alone(self):
        answer = self.apply("--user", "1000")
        self.assertEqual(set(self.decisions(answer).values()), {"leave-alone"})
        self.assertIn("process.not-root", self.codes(answer))
        self.assertEqual(self.files_of("/"), [])

    def test_with_no_new_privileges_moves_and_warns(self):
        answer = self.apply("--security-opt", "no-new-privileges")
        self.assertEqual(set(self.decisions(answer).values()), {"move"})
        self.assertIn("process.no-new-privs", self.codes(answer))

    def test_with_a_tmpfs_for_a_volume_leaves_everything_unless_that_is_allowed(self):
        answer = self.apply("--tmpfs", "/var/mail-state", volume="")
        self.assertEqual(set(self.decisions(answer).values()), {"leave-alone"})
        self.assertIn("volume.memory", self.codes(answer))
        answer = self.apply("--tmpfs", "/var/mail-state", "--env", "MAILSTATE_ALLOW_MEMORY=1", volume="")
        self.assertEqual(set(self.decisions(answer).values()), {"move"})

    def test_with_a_volume_of_1_mb_leaves_alone_with_numbers(self):
        answer = self.apply("--mount", "type=tmpfs,destination=/var/mail-state,tmpfs-size=1m", "--env",
                            "MAILSTATE_ALLOW_MEMORY=1", volume="")
        self.assertEqual(set(self.decisions(answer).values()), {"leave-alone"})
        self.assertIn("volume.no-space", self.codes(answer))


class TheImage(LabCase):
    def test_holds_the_program_alone_and_names_itself(self):
        labels = self.engine.inspect("mailstate")["Config"]["Labels"]
        self.assertEqual(labels["org.opencontainers.image.title"], "mailstate")
        done = self.engine.try_docker("run", "--rm", "--network", "none", "mailstate", "--version")
        self.assertEqual((done.returncode, done.stdout[:10]), (0, "mailstate "))
        listed = self.engine.docker("create", "mailstate")
        files = f"{self.engine.top}/{self.volume}.tar"
        self.engine.docker("export", "--output", files, listed)
        names = subprocess.run(["tar", "-tf", files], capture_output=True, text=True, check=True).stdout.split()
        self.assertIn("mailstate", names)
        self.assertFalse([name for name in names if name.startswith(("bin", "usr", "lib", "etc/passwd"))])

    def test_checks_a_compose_file_as_readme_has_it(self):
        project = f"{self.engine.top}/{self.volume}"
        os.mkdir(project)
        write(f"{project}/docker-compose.yml", COMPOSE, mode=0o644)
        with open(f"{images.TOP}/README.md", encoding="utf-8") as file:
            command, = re.findall(r"(?m)^docker run (.*?) +#", file.read())
        words = shlex.split(command.replace("$PWD", project))
        done = self.engine.try_docker("run", *NETWORK, *words)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"(?m)^error: docker-compose\.yml:8: \./redis:/var/lib/redis is mounted on /var/lib/redis")
        self.assertRegex(done.stdout, r"(?m)^Next: .*: mailstate check --compose docker-compose\.yml --to v15\.0\.0$")

    def test_of_the_demo_is_healthy(self):
        self.assertIn("verify", self.engine.inspect("demo")["Config"]["Healthcheck"]["Test"])


if __name__ == "__main__":
    lab_case.main(HERE)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a container's log says at each kind of start, and that every word of it is so."""

import json
import os
import re
import shutil
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program
from support.locks import lock_whole_file
from support.world import mount, unmount

MOST_LINES = 25
NOT_USED = ("ENABLE_AMAVIS", "ENABLE_FETCHMAIL", "ENABLE_GETMAIL", "ENABLE_MTA_STS")  # nobody switches on everything
ECHO = ["--", "sh", "-c", "echo the command speaks"]


class ContainerLog(case.Case):
    def start(self, world, *options, status=0, out="the command speaks\n"):
        """The log of a start: stdout is the command's alone."""
        outcome = world.run("apply", *options, *ECHO, **dict.fromkeys(NOT_USED, "0"))
        self.assert_status(outcome, status)
        self.assertEqual(outcome.out, out)
        lines = outcome.err.splitlines()
        self.assertLessEqual(len(lines), MOST_LINES, outcome.err)
        return lines

    def test_a_first_start_and_a_later_one(self):
        world = self.make_world(size="256M")
        lines = self.start(world)
        self.assertRegex(lines[0], r"^mailstate: info: version [\d.]+: apply, layout docker-mailserver, "
                                   r"volume /var/mail-state \(ext4, /dev/loop\d+\)$")
        moved = [line for line in lines if line.startswith("mailstate: info: moved ")]
        self.assertEqual(len(moved), len(set(moved)))
        self.assertEqual(sum("moved /var/lib/redis " in line for line in lines), 1)
        self.assertRegex(lines[-1], r"^apply: \d+ entries moved \(.*; in [\d.]+ s$")
        world.recreate()
        self.start(world)
        self.assertRegex("\n".join(self.start(world)), r"^apply: \d+ entries in place.*; nothing to do\S*$")

    def test_a_start_with_one_changed_file_prints_that_and_not_the_table(self):
        world = self.make_world(size="256M")
        self.assert_done(world.run("apply"))
        os.chown(f"{world.state}/lib-redis/dump.rdb", 0, 0)
        lines = self.start(world)
        self.assertEqual(len(lines), 3, lines)
        self.assertIn("owner or mode of 1 file in /var/lib/redis", lines[1])

    def test_a_plan_foretells_owners(self):
        world = self.make_world(size="256M")
        self.assert_done(world.run("apply"))
        os.chown(f"{world.state}/lib-redis/dump.rdb", 0, 0)
        for command in (("plan",), ("apply", "--dry-run")):
            self.assert_status(world.run(*command, "--detailed-exitcode"), 2)
        self.assert_done(world.run("apply"))
        self.assert_status(world.run("plan", "--detailed-exitcode"), 0)

    def test_a_container_at_work_is_not_sealed(self):
        world = self.make_world(size="256M")
        for _ in range(2):
            outcome = world.run("seal")
            self.assert_status(outcome, 4)
            self.assertIn("a running container", outcome.err)
            self.assertFalse(os.path.exists(world.path("/usr/share/mailstate/seal.json")))
            self.assert_done(world.run("apply"))

    def test_records(self):
        world = self.make_world(size="128M")
        mount("-t", "tmpfs", "none", world.path("/var/lib/redis"))
        records = [json.loads(line) for line in self.start(world, "--log-format", "json")]
        mounted, = [record for record in records if record.get("code") == "origin.mounted"]
        self.assertEqual((mounted["level"], mounted["subject"]), ("warn", "redis"))
        self.assertIn("the tmpfs entry for /var/lib/redis", mounted["hint"])
        self.assertEqual((records[-1]["command"], records[-1]["exit_code"]), ("apply", 0))
        refused = world.run("apply", "--log-format", "json", "--unheard-of").err
        self.assertEqual(json.loads(refused)["code"], "run.usage")

    def test_quiet_and_verbose(self):
        world = self.make_world(size="128M")
        mount("-t", "tmpfs", "none", world.path("/var/lib/redis"))
        lines = self.start(world, "--quiet")
        self.assertTrue(all(re.match(r"(warning|note|error): |  → ", line) for line in lines), lines)
        self.assertIn("origin.mounted", lines[0])
        self.assertIn("/var/lib/postfix → lib-postfix", "\n".join(world.run("apply", "--verbose").out.splitlines()))

    def test_a_missing_volume_is_three_lines(self):
        world = self.make_world(size="128M")
        self.assert_done(world.run("apply"))
        unmount(world.state)
        lines = self.start(world, status=program.BLOCKED, out="")
        self.assertEqual(len(lines), 4, lines)  # the last says that the command is not started
        self.assertRegex(lines[0], r"^error: /var/mail-state: nothing is mounted .*origins are links into it")
        self.assertIn("Mount the volume", lines[1])

    def test_a_lock_held_elsewhere(self):
        world = self.make_world(size="128M")
        self.assert_done(world.run("apply"))
        os.unlink(world.path("/var/lib/redis"))
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            metrics = f"{self.make_scratch('metrics')}/m.prom"
            lines = self.start(world, "--lock-timeout", "0", "--metrics", metrics, status=program.LOCKED, out="")
            self.assertNotIn("linked /var/lib/redis", "\n".join(lines))
            with open(metrics, encoding="utf-8") as file:
                told = file.read()
            self.assertRegex(told, r'run_entries\{.*outcome="not-reached"\} 1')
            self.assertRegex(told, r'run_entries\{.*outcome="linked"\} 0')
            for command in ("plan", "verify", "check"):
                outcome = world.run(command, "--output", "json")
                self.assert_status(outcome, program.LOCKED)
                self.assertEqual(outcome.codes(), ["run.at-work"])


class Remedies(case.Case):
    def test_who_is_not_root_is_told_to_be(self):
        world = self.make_world(size="128M")
        self.assert_done(world.run("apply"))
        os.chmod(world.top, 0o755)
        outcome = program.outcome_of(["verify"], program.start(world.arguments("verify"), world.environment(),
                                                               via=("setpriv", "--reuid=1000", "--regid=1000",
                                                                    "--clear-groups")))
        self.assertIn("Run it as root", outcome.out + outcome.err)
        self.assertNotIn("Move it away", outcome.out + outcome.err)

    def test_a_link_to_a_private_folder_names_the_data(self):
        world = self.make_world(size="128M")
        private = world.path("/var/lib/private")
        os.mkdir(private, 0o700)
        shutil.copytree(world.path("/var/lib/redis"), f"{private}/redis")
        shutil.rmtree(world.path("/var/lib/redis"))
        os.symlink("private/redis", world.path("/var/lib/redis"))
        found, = self.assert_finding(world.run("apply", "--output", "json"), "origin.link-elsewhere", "redis")
        self.assertIn("mv /var/lib/private/redis /var/lib/redis", found["hint"])

    def test_the_next_command_has_the_options_in_force(self):
        world = self.make_world(size="128M")
        self.assertTrue(world.run("plan", "--only", "redis").out.endswith(
            f"Next: mailstate apply --only redis --root {world.root}\n"))


class StateDirectory(case.Case):
    def test_services_get_through_a_closed_one(self):
        world = self.make_world(size="128M")
        os.chmod(world.state, 0o700)
        self.assert_finding(world.run("plan", "--output", "json"), "volume.closed", "0700")
        self.assertNotIn("volume.closed", self.assert_done(world.run("apply", "--output", "json")).codes())
        self.assertEqual(os.stat(world.state).st_mode & 0o7777, 0o701)
        os.chmod(world.state, 0o700)
        self.assert_status(world.run("verify"), program.NOT_AS_IT_SHOULD_BE)
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("verify"))

    def test_a_secret_made_anew_by_each_container_is_not_set_aside(self):
        world = self.make_world(size="128M")
        for number in range(3):
            with open(world.path("/etc/postsrsd.secret"), "w", encoding="utf-8") as file:
                file.write(f"secret {number}")
            self.assert_done(world.run("apply"))
            world.recreate()
        aside = os.listdir(f"{world.state}/.mailstate/displaced")
        self.assertEqual([name for name in aside if "postsrsd" in name], [])
        with open(f"{world.state}/etc/postsrsd.secret", encoding="utf-8") as file:
            self.assertEqual(file.read(), "secret 0")

    def test_what_running_services_make_is_not_judged(self):
        world = self.make_world(size="128M")
        self.assert_done(world.run("apply"))
        spool, user, group = f"{world.state}/spool-postfix", world.users["postfix"], world.groups["postfix"]
        for path in ("private/smtp", "public/cleanup"):
            os.makedirs(os.path.dirname(f"{spool}/{path}"), exist_ok=True)
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(f"/proc/self/fd/{os.open(spool, os.O_PATH)}/{path}")
            os.chown(f"{spool}/{path}", user, group)
        with open(f"{spool}/deferred/queued", "w", encoding="utf-8"):
            os.chown(f"{spool}/deferred/queued", user, group)
        self.assert_done(world.run("verify"))
        os.chown(f"{spool}/deferred/queued", 0, 0)
        self.assert_status(world.run("verify"), program.NOT_AS_IT_SHOULD_BE)


if __name__ == "__main__":
    case.main()

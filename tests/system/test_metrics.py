#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""--metrics: what runs write for node_exporter's textfile collector, read by Prometheus' own promtool."""

import os
import re
import stat
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from support import case, program

SERIES = re.compile(r'^(mailstate_\w+)\{(.*)\} (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def read_metrics(path):
    """{(name, the labels that are not common to all): value}, and the common labels."""
    samples, common = {}, set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            name, labels, value = SERIES.match(line).groups()
            labels = dict(LABEL.findall(labels))
            common.add(tuple(labels.pop(key) for key in ("command", "layout", "state_dir")))
            samples[name, *labels.values()] = float(value)
    assert len(common) == 1, common
    return samples, common.pop()


class Metrics(case.Case):
    @classmethod
    def setUpClass(cls):
        tree = subprocess.run([f"{HERE}/../support/unpacked", "prometheus", "prometheus"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        cls.promtool = f"{tree}/usr/bin/promtool"

    def setUp(self):
        self.directory = self.make_scratch("textfile")
        self.file = f"{self.directory}/mailstate.prom"

    def assert_good(self, path):
        with open(path, "rb") as file:
            said = subprocess.run([self.promtool, "check", "metrics"], stdin=file, capture_output=True, text=True,
                                  check=False)
        self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""))

    def measured(self, world, command, *arguments, status=0, **variables):
        self.assert_status(world.run(command, "--metrics", self.file, *arguments, **variables), status)
        self.assert_good(self.file)
        self.assertEqual(os.listdir(self.directory), ["mailstate.prom"])
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o644)
        return read_metrics(self.file)

    def test_promtool_minds_what_is_wrong(self):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("# HELP mailstate_total x\n# TYPE mailstate_total gauge\nmailstate_total 1\n")
        with self.assertRaises(AssertionError):
            self.assert_good(self.file)

    def test_from_plan_to_roll_back(self):
        world = self.make_world(size="256M")
        os.umask(0o077)
        self.addCleanup(os.umask, 0o022)
        planned, labels = self.measured(world, "plan")
        self.assertEqual(labels, ("plan", "docker-mailserver", "/var/mail-state"))
        moving = planned["mailstate_run_entries", "move"]
        self.assertGreater(moving, 10)
        rehearsed, labels = self.measured(world, "rehearse")
        self.assertEqual(labels[0], "rehearse")
        self.assertEqual(rehearsed["mailstate_run_entries", "move"], moving)
        before = time.time()
        applied, labels = self.measured(world, "apply")
        self.assertEqual(labels[0], "apply")
        for name in ("mailstate_run_files", "mailstate_run_bytes"):
            self.assertGreater(applied[name,], 0)
            self.assertAlmostEqual(applied[name,], planned[name,], delta=planned[name,] / 50)  # stale pid files
        self.assertEqual(applied["mailstate_run_entries", "moved"], moving)
        self.assertEqual(applied["mailstate_run_exit_code",], 0)
        self.assertAlmostEqual(applied["mailstate_run_timestamp_seconds",], before, delta=60)
        self.assertGreater(applied["mailstate_run_duration_seconds",], 0)
        self.assertLess(applied["mailstate_run_duration_seconds",], 60)
        self.assertGreater(applied["mailstate_volume_free_bytes",], 1 << 20)

        again, _ = self.measured(world, "apply")
        self.assertEqual(again["mailstate_run_entries", "moved"], 0)
        self.assertGreater(again["mailstate_run_entries", "in-place"], 10)
        self.assertEqual(again["mailstate_run_files",], 0)

        verified, labels = self.measured(world, "verify")
        self.assertEqual((labels[0], verified["mailstate_run_findings", "error"]), ("verify", 0))
        self.assertNotIn(("mailstate_run_files",), verified)
        os.unlink(world.path("/var/lib/redis"))
        self.assertGreater(self.measured(world, "verify", status=3)[0]["mailstate_run_findings", "error"], 0)
        self.measured(world, "check")

        _, labels = self.measured(world, "rollback", "--dry-run")
        self.assertEqual(labels[0], "rollback --dry-run")
        back, labels = self.measured(world, "rollback")
        self.assertEqual(labels[0], "rollback")
        self.assertGreater(back["mailstate_run_entries", "rolled-back"], 10)
        self.assertGreater(back["mailstate_run_bytes",], 0)

    def test_each_finding_is_counted(self):
        world = self.make_world(size="128M")
        os.mkfifo(f"{world.state}/lib-clamav")
        told = world.run("plan", "--output", "json").findings()
        counted, _ = self.measured(world, "plan")
        for severity in ("error", "warning", "note"):
            self.assertEqual(counted["mailstate_run_findings", severity],
                             sum(finding["severity"] == severity for finding in told))

    def test_a_run_that_ends_before_it_begins_is_counted_too(self):
        world = self.make_world(filled=False, size="64M")
        samples, labels = self.measured(world, "apply", "--layout", "nosuch", status=program.BAD_FILE)
        self.assertEqual(samples["mailstate_run_exit_code",], program.BAD_FILE)
        self.assertEqual(samples["mailstate_run_findings", "error"], 1)
        self.assertEqual(labels, ("apply", "nosuch", "unknown"))

    def test_it_has_the_labels_of_a_run_that_begins(self):
        """Another label, or an empty one, would make another series: an alert would go on with the old one."""
        world = self.make_world(filled=False, size="64M")
        _, wanted = self.measured(world, "apply")
        for status, arguments in {program.USAGE: ("--unheard-of",), program.BAD_FILE: ("--settings", "/nowhere"),
                                  program.BLOCKED: ("--root", f"{world.top}/nowhere")}.items():
            samples, labels = self.measured(world, "apply", *arguments, status=status)
            self.assertEqual((samples["mailstate_run_exit_code",], labels), (status, wanted), arguments)
        _, labels = self.measured(world, "apply", "--only", "nosuch", "--state-dir", "/srv", status=program.USAGE)
        self.assertEqual(labels, ("apply", "docker-mailserver", "/srv"))

    def test_a_layout_that_came_by_a_pipe_is_not_waited_for_again(self):
        world = self.make_world(filled=False, size="64M")
        layout = f"{self.make_scratch('pipe')}/layout.json"
        os.mkfifo(layout)
        text = program.run(["layout", "show", "docker-mailserver"]).out
        process = world.start("plan", "--layout", layout, "--settings", "/nowhere", "--metrics", self.file)
        with open(layout, "w", encoding="utf-8") as pipe:
            pipe.write(text)
        self.assert_status(program.finish(process), program.BAD_FILE)
        samples, labels = read_metrics(self.file)
        self.assertEqual(samples["mailstate_run_exit_code",], program.BAD_FILE)
        self.assertEqual(labels, ("plan", "docker-mailserver", "/var/mail-state"))

    def test_what_a_kill_leaves_is_replaced_by_the_next_run(self):
        world = self.make_world(filled=False, size="64M")
        inject = ["strace", "--quiet=all", "--output=/dev/null", "--trace=rename,renameat,renameat2",
                  "--inject=rename,renameat,renameat2:signal=KILL"]
        for _ in range(2):
            command = [*inject, program.binary(), *world.arguments("plan", "--metrics", self.file)]
            subprocess.run(command, env={**program.CLEAN, **world.environment()}, capture_output=True, check=False)
            left, = os.listdir(self.directory)
            self.assertFalse(left.endswith(".prom"), left)
        self.measured(world, "plan")

    def test_runs_that_write_it_at_once_do_not_mix(self):
        world = self.make_world(filled=False, size="64M")
        runs = [world.start("plan", "--metrics", self.file, "--strict") for _ in range(8)]
        for run in runs:
            self.assertNotIn("not-written", program.finish(run).out)
            self.assert_good(self.file)
        self.assertEqual(os.listdir(self.directory), ["mailstate.prom"])

    def test_labels_are_escaped(self):
        world = self.make_world(filled=False, size="64M")
        hostile = '/srv/a"b\\c\nd\x1b\udcff'
        _, labels = self.measured(world, "plan", "--state-dir", hostile)
        self.assertIn('/srv/a\\"b', labels[2])
        self.assertNotIn("\x1b", labels[2])

    def test_what_cannot_be_written_is_a_finding_and_no_failure(self):
        world = self.make_world(size="128M")
        for command in ("plan", "apply", "verify", "check", "rollback"):
            for path in (f"{self.directory}/absent/mailstate.prom", self.directory, "/dev/full"):
                outcome = world.run(command, "--metrics", path, "--output", "json")
                self.assert_done(outcome)
                finding, = self.assert_finding(outcome, "metrics.not-written", path)
                self.assertEqual(finding["severity"], "warning")
                self.assertTrue(finding["hint"])
        outcome = world.run("plan", "--metrics", f"{self.directory}/absent/mailstate.prom", "--strict")
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assertIn("metrics.not-written", outcome.out)
        self.assertEqual(os.listdir(self.directory), [])

    def test_an_older_file_is_replaced_in_one_step(self):
        world = self.make_world(filled=False, size="64M")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("old\n")
        with open(self.file, encoding="utf-8") as older:
            self.measured(world, "plan")
            self.assertEqual(older.read(), "old\n")

    def test_it_is_written_before_the_container_starts(self):
        world = self.make_world(size="128M")
        outcome = world.run("apply", "--metrics", self.file, "--", "/bin/cat", self.file)
        self.assert_done(outcome)
        self.assertIn('mailstate_run_exit_code{command="apply"', outcome.out)


if __name__ == "__main__":
    case.main()

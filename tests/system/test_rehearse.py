#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rehearse: what it says is what apply then does; the originals are as they were to the ctime; nothing of it stays."""

import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.locks import lock_whole_file
from support.world import mount

STEPS = ["clone", "apply", "verify", "apply again", "roll back", "compare", "check"]


def steps_of(outcome):
    return {step["name"]: step["outcome"] for step in outcome.json()["rehearsal"]["steps"]}


class Rehearsed(case.Case):
    def rehearse(self, world, *more, **options):
        return world.run("rehearse", "--output", "json", *more, **options)

    def picture(self, world):
        """Origins and volume. The volume's own directory and .mailstate are where the scratch comes and goes."""
        volume = tree.manifest(world.state)
        for path in (b".", b".mailstate", b".mailstate/staging", b".mailstate/lock"):
            volume.pop(path, None)
        return tree.manifest(world.root, cross=False), volume

    def assert_as_before(self, before, world):
        for then, now in zip(before, self.picture(world)):
            self.assert_untouched(then, now)

    def assert_no_scratch(self, world):
        staging = f"{world.state}/.mailstate/staging"
        self.assertEqual(os.listdir(staging) if os.path.isdir(staging) else [], [])


class ARehearsal(Rehearsed):
    def assert_foretells(self, world, rehearsed):
        """The decisions, the files, the owners and what is set aside."""
        applied = world.run("apply", "--output", "json")
        self.assert_status(applied, 0)
        for origin, entry in applied.entries().items():
            foretold = rehearsed.entries()[origin]
            if foretold["rehearsed"] is None:
                self.assertEqual(foretold["decision"], entry["decision"], origin)
                continue
            for name in ("decision", "files", "bytes", "owners_changed", "displaced"):
                self.assertEqual(foretold["rehearsed"][name], entry[name], f"{origin}: {name}")
        return applied

    def test_of_a_first_start_on_an_overlay_and_on_a_plain_directory(self):
        for overlay in (True, False):
            with self.subTest("overlay" if overlay else "plain directory"):
                world = self.make_world(overlay=overlay)
                before = self.picture(world)
                outcome = self.rehearse(world)
                self.assert_as_before(before, world)
                self.assertEqual(os.listdir(world.state), [])
                steps = steps_of(outcome)
                self.assertEqual(list(steps), STEPS, str(outcome))
                for name in STEPS[:-1]:
                    self.assertEqual(steps[name], "done", str(outcome))
                self.assertFalse(any(entry["undone"] for entry in outcome.json()["entries"]), str(outcome))
                self.assertEqual(outcome.entries()["/var/lib/redis"]["rehearsed"]["decision"], "move")
                details = outcome.json()["rehearsal"]
                applied = self.assert_foretells(world, outcome)
                self.assertEqual(details["files"], sum(e["files"] for e in applied.json()["entries"]))
                self.assertGreater(details["seconds"]["first_start"], 0)
                self.assertGreater(details["seconds"]["first_start"], details["seconds"]["later_start"])
                self.assertGreater(details["space"]["scratch"], details["space"]["needed"])
                world.remove()

    def test_of_a_later_start_that_sets_aside(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        world.recreate()
        write(world.path("/var/lib/redis/only here"), "written before the volume came", (101, 104))
        before = self.picture(world)
        outcome = self.rehearse(world)
        self.assert_as_before(before, world)
        self.assert_no_scratch(world)
        entry = outcome.entries()["/var/lib/redis"]
        self.assertEqual((entry["decision"], entry["rehearsed"]["displaced"]), ("keep-destination", 1), str(outcome))
        self.assert_finding(outcome, "entry.displaced", "only here")
        self.assertEqual(steps_of(outcome)["compare"], "done", str(outcome))
        self.assert_foretells(world, outcome)
        # With all in place nothing is done, and the rehearsal says so.
        settled = self.rehearse(world)
        self.assertEqual({e["rehearsed"]["decision"] for e in settled.json()["entries"]}, {"in-place"}, str(settled))
        self.assertEqual(settled.json()["rehearsal"]["files"], 0)

    def test_of_an_image_that_has_renumbered_its_users(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        world.recreate(users={"redis": 108, "postfix": 101})
        before = self.picture(world)
        outcome = self.rehearse(world)
        self.assert_as_before(before, world)
        self.assertEqual(steps_of(outcome)["compare"], "done", str(outcome))
        self.assert_foretells(world, outcome)

    def test_what_is_mounted_is_judged_by_the_plan_and_left_undone(self):
        world = self.make_world()
        os.mkdir(f"{world.disk}/mounted")
        mount("--bind", f"{world.disk}/mounted", world.path("/var/lib/clamav"))
        with open(world.path("/var/lib/redis/dump.rdb"), "rb") as held, subprocess.Popen(
                ["sleep", "60"], stdin=held) as holder:
            outcome = self.rehearse(world)
            holder.kill()
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "origin.mounted", "clamav")
        self.assert_finding(outcome, "origin.in-use", "sleep")
        finding, = self.assert_finding(outcome, "dms.direct-mount", "/var/lib/clamav")
        self.assertNotIn("/dev/", finding["hint"])  # no line of a compose file has the device
        undone = {entry["name"] for entry in outcome.json()["entries"] if entry["undone"]}
        self.assertEqual(undone, {"clamav", "redis"}, str(outcome))
        self.assertIsNone(outcome.entries()["/var/lib/clamav"]["rehearsed"])
        self.assertEqual(outcome.entries()["/var/lib/rspamd"]["rehearsed"]["decision"], "move")
        self.assertIn("the real run would leave 1 entry undone", world.run("rehearse").out)

    def test_what_the_volume_refuses_shows_on_the_volume_only(self):
        world = self.make_world()
        elsewhere = self.make_scratch("spare")
        arguments = ["setpriv", "--bounding-set=-fsetid", "--inh-caps=-fsetid"]
        command = [*arguments, program.binary(), *world.arguments("rehearse", "--output", "json")]
        ran = subprocess.run(command, env={**program.CLEAN, **world.environment()}, capture_output=True, text=True,
                             check=False)
        outcome = program.Outcome(command, ran.returncode, ran.stdout, ran.stderr)
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "process.capability", "FSETID")
        entry = outcome.entries()["/var/spool/postfix"]
        self.assertEqual((entry["decision"], entry["rehearsed"]["decision"]), ("move", "leave-alone"))
        self.assert_finding(outcome, "rehearsal.differs", "postfix-spool")
        outcome = self.rehearse(world, "--scratch", elsewhere)
        self.assertEqual(os.listdir(elsewhere), [])
        self.assertEqual(os.listdir(world.state), [])
        self.assertIn("what the volume refuses", " ".join(outcome.json()["rehearsal"]["not_rehearsed"]))
        self.assertEqual(steps_of(outcome)["compare"], "done", str(outcome))

    def test_a_sample_of_a_large_tree_is_extrapolated_and_said(self):
        world = self.make_world(filled=False)
        for number in range(4000):
            write(world.path(f"/var/lib/rspamd/{number}"), "x" * 3000, (102, 105))
        outcome = self.rehearse(world, "--sample", "400")
        details = outcome.json()["rehearsal"]
        self.assertEqual(details["sample"], 400)
        self.assertTrue(outcome.entries()["/var/lib/rspamd"]["sampled"])
        self.assertFalse(outcome.entries()["/var/lib/redis"]["sampled"])
        self.assertGreater(details["files"], 4000)
        self.assertLess(details["cloned"]["files"], 1000)
        self.assertIn("extrapolated", " ".join(details["not_rehearsed"]))
        self.assertEqual(steps_of(outcome)["compare"], "done", str(outcome))
        applied = self.assert_done(world.run("apply", "--output", "json")).json()["elapsed_ms"] / 1000
        foretold = details["seconds"]["first_start"]
        print(f"first start: foretold {foretold:.3f} s from a tenth, took {applied:.3f} s", file=sys.stderr)

    def test_a_sample_asks_for_the_room_of_what_it_takes(self):
        """One of a hundred files is larger than all others: half of it, on average, is what nobody takes."""
        world = self.make_world(filled=False)
        for number in range(100):
            write(world.path(f"/var/lib/rspamd/{number}"), "x" * 3000, (102, 105))
        write(world.path("/var/lib/rspamd/large"), os.urandom(40 << 20), (102, 105))
        details = self.rehearse(world, "--sample", "50").json()["rehearsal"]
        self.assertAlmostEqual(details["space"]["scratch"], 2 * details["cloned"]["bytes"], delta=5 << 20)

    def test_a_file_of_several_names_counts_once_for_all(self):
        world = self.make_world(filled=False)
        write(world.path("/var/lib/redis/large"), os.urandom(3 << 20), (101, 104))
        for number in range(2):
            os.link(world.path("/var/lib/redis/large"), world.path(f"/var/lib/redis/{number}"))
        planned = world.run("plan", "--output", "json").entries()["/var/lib/redis"]
        outcome = self.rehearse(world, "--only", "redis")
        rehearsed = outcome.entries()["/var/lib/redis"]["rehearsed"]
        applied = world.run("apply", "--output", "json").entries()["/var/lib/redis"]
        back = world.run("rollback", "--dry-run", "--output", "json").entries()["/var/lib/redis"]
        for told in (planned, rehearsed, outcome.json()["rehearsal"], applied, back):
            self.assertEqual((told["files"], told["bytes"]), (3, 3 << 20), told)

    def test_on_a_read_only_root(self):
        world = self.make_world(overlay=False)
        mount("-o", "remount,bind,ro", world.root)
        outcome = self.rehearse(world)
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assertTrue(outcome.entries()["/var/lib/redis"]["undone"])
        self.assertEqual(outcome.entries()["/var/lib/redis"]["rehearsed"]["decision"], "prepare", str(outcome))
        steps = steps_of(outcome)
        self.assertEqual((steps["apply again"], steps["roll back"], steps["compare"]), ("done", "skipped", "done"),
                         str(outcome))
        self.assertEqual(os.listdir(world.state), [])


class WhereItCannot(Rehearsed):
    def test_a_read_only_volume(self):
        world = self.make_world()
        mount("-o", "remount,bind,ro", world.state)
        outcome = self.rehearse(world)
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(outcome, "volume.read-only")
        self.assertTrue(all(entry["undone"] for entry in outcome.json()["entries"]))
        self.assertEqual(list(steps_of(outcome)), ["check"])

    def test_a_plan_that_is_blocked_exits_as_apply_does(self):
        world = self.make_world()
        os.mkdir(f"{world.state}/.mailstate", 0o700)
        write(f"{world.state}/.mailstate/ledger.json", '{"schema": 999}')
        outcome = self.rehearse(world)
        self.assert_finding(outcome, "ledger.newer")
        self.assert_status(outcome, program.BLOCKED)
        self.assert_status(world.run("apply"), program.BLOCKED)

    def test_a_full_volume_refuses_with_numbers_and_remedies(self):
        world = self.make_world(size="1G", volume_size="64M", filled=False)
        write(world.path("/var/lib/redis/large"), os.urandom(30 << 20), (101, 104))
        before = self.picture(world)
        outcome = self.rehearse(world)
        self.assert_status(outcome, program.BLOCKED)
        self.assert_finding(outcome, "rehearsal.no-space", "MiB", "--sample", "--scratch", "to spare")
        self.assert_as_before(before, world)
        self.assertEqual(os.listdir(world.state), [])
        elsewhere = self.make_scratch("spare")
        self.assertEqual(steps_of(self.rehearse(world, "--scratch", elsewhere))["compare"], "done")
        self.assertEqual(os.listdir(elsewhere), [])
        self.assert_done(world.run("apply"))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")

    def test_a_scratch_that_is_not_there_or_inside_an_entry(self):
        world = self.make_world()
        outcome = self.rehearse(world, "--scratch", f"{world.top}/nowhere")
        self.assert_status(outcome, program.BLOCKED)
        self.assert_finding(outcome, "rehearsal.no-scratch", "nowhere", "--scratch")
        outcome = self.rehearse(world, "--scratch", world.path("/var/lib/rspamd"))
        self.assert_status(outcome, program.BLOCKED)
        self.assert_finding(outcome, "rehearsal.no-scratch", "inside the entry rspamd")

    def test_a_scratch_inside_an_entry_or_the_volume_by_another_mount(self):
        world = self.make_world(overlay=False)
        lib, volume = self.make_scratch("lib"), self.make_scratch("volume")
        os.makedirs(world.path("/var/lib/rspamd/deep"))
        mount("--bind", world.path("/var/lib"), lib)
        mount("--bind", world.state, volume)
        for scratch, said in ((f"{lib}/rspamd/deep", "inside the entry rspamd"), (volume, "state directory"),
                              (world.state, "state directory")):
            outcome = self.rehearse(world, "--scratch", scratch)
            self.assert_status(outcome, program.BLOCKED)
            self.assert_finding(outcome, "rehearsal.no-scratch", said)
        # What ".." does not tell: only a part of the entry is mounted there.
        part = self.make_scratch("part")
        mount("--bind", world.path("/var/lib/rspamd/deep"), part)
        outcome = self.rehearse(world, "--scratch", part)
        self.assert_status(outcome, program.BLOCKED)
        self.assertIn("scratch", outcome.out)
        self.assertEqual(os.listdir(part), [])

    def test_a_scratch_that_others_could_change(self):
        world = self.make_world()
        for owner, mode in ((1000, 0o755), (0, 0o1777), (0, 0o775)):
            scratch = self.make_scratch("spare")
            os.chown(scratch, owner, 0)
            os.chmod(scratch, mode)
            outcome = self.rehearse(world, "--scratch", scratch)
            self.assert_status(outcome, program.BLOCKED)
            self.assert_finding(outcome, "rehearsal.no-scratch", "0700")
            self.assertEqual(os.listdir(scratch), [])

    def test_somebody_who_is_not_root_over_a_copy_of_the_state(self):
        world = self.make_world(overlay=False, filled=False)
        write(world.path("/var/lib/redis/dump.rdb"), os.urandom(5000))
        write(world.path("/var/lib/rspamd/rspamd.rrd"), os.urandom(5000))
        for top in (world.root, world.state):
            for directory, names, files in os.walk(top):
                if directory.startswith(f"{world.root}/proc"):
                    continue
                for path in (directory, *(f"{directory}/{name}" for name in files)):
                    os.lchown(path, 1000, 1000)
        write(world.path("/var/lib/rspamd/not for you"), "secret", (0, 0), 0o600)
        before = self.picture(world)
        command = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", program.binary(),
                   *world.arguments("rehearse", "--output", "json")]
        ran = subprocess.run(command, env={**program.CLEAN, **world.environment()}, capture_output=True, text=True,
                             check=False)
        outcome = program.Outcome(command, ran.returncode, ran.stdout, ran.stderr)
        self.assert_as_before(before, world)
        self.assertEqual(os.listdir(world.state), [])
        said = " ".join(outcome.json()["rehearsal"]["not_rehearsed"])
        self.assertIn("owners", said)
        self.assertIn("rspamd: it could not be cloned", said)
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assertTrue(outcome.entries()["/var/lib/rspamd"]["undone"])
        self.assert_finding(outcome, "rehearsal.owners", "CAP_CHOWN")
        self.assertEqual(outcome.entries()["/var/lib/redis"]["rehearsed"]["decision"], "move", str(outcome))
        steps = steps_of(outcome)
        for name in STEPS[:-1]:
            self.assertEqual(steps[name], "done", str(outcome))


class ARehearsalThatEnds(Rehearsed):
    def setUp(self):
        self.world = self.make_world()
        for number in range(3000):
            directory = f"{self.world.image}/var/lib/redis/{number % 50}"
            os.makedirs(directory, exist_ok=True)
            write(f"{directory}/{number}", f"content {number}\n" * (number % 7), (101, 104))
        self.world.stop_container()
        self.world.start_container()

    def scratches(self):
        staging = f"{self.world.state}/.mailstate/staging"
        return os.listdir(staging) if os.path.isdir(staging) else []

    def begin(self, delay=0.0):
        """A rehearsal that has its scratch, and so soon more."""
        process = self.world.start("rehearse")
        self.wait_for(process, lambda: self.scratches())
        time.sleep(delay)
        return process

    def wait_for(self, process, reached):
        deadline = time.monotonic() + 30
        while not reached() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)

    def holds_the_lock(self):
        """Of the volume: does somebody?"""
        with open(f"{self.world.state}/.mailstate/lock", "rb") as lock:
            return bool(lock.read().strip())

    def test_killed_at_many_points_and_swept_by_the_next(self):
        before = self.picture(self.world)
        killed = 0
        for number in range(10):
            process = self.begin(0.08 * number)
            process.kill()
            killed += program.finish(process).status == -signal.SIGKILL
            after = self.picture(self.world)
            self.assert_untouched(before[0], after[0])
            staged = {path for path in after[1] if path.startswith(b".mailstate/staging/")}
            self.assertEqual({p for p in after[1] if not p.startswith(b".mailstate")}, set(before[1]))
            self.assertLessEqual(len({path.split(b"/")[2] for path in staged}), 1)  # the one before is gone
        self.assertGreater(killed, 3)
        self.assertEqual(steps_of(self.rehearse(self.world))["compare"], "done")
        self.assert_no_scratch(self.world)
        self.assert_untouched(before[0], self.picture(self.world)[0])

    def test_killed_and_swept_by_apply_even_where_nothing_is_to_be_done(self):
        process = self.begin(0.1)
        process.kill()
        program.finish(process)
        self.assertEqual(len(self.scratches()), 1)
        self.assert_done(self.world.run("apply"))
        self.assert_no_scratch(self.world)
        process = self.begin(0.1)
        process.kill()
        program.finish(process)
        self.assertEqual(len(self.scratches()), 1)
        self.assert_status(self.world.run("plan", "--detailed-exitcode"), program.PLAN_HAS_CHANGES)
        self.assert_done(self.world.run("apply"))
        self.assert_no_scratch(self.world)

    def test_told_to_stop(self):
        before = self.picture(self.world)
        for number, how in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            for delay in (0, 0.2):
                process = self.begin(delay)
                process.send_signal(number)
                self.assert_status(program.finish(process), how)
                self.assertEqual(os.listdir(self.world.state), [])
        self.assert_as_before(before, self.world)

    def test_one_that_runs_is_no_leftover_and_keeps_nobody_out(self):
        self.assert_done(self.world.run("apply"))
        self.world.recreate()
        process = self.begin()
        self.wait_for(process, lambda: not self.holds_the_lock())  # while it makes the scratch, it does
        process.send_signal(signal.SIGSTOP)
        self.assertEqual(len(self.scratches()), 1)
        self.assert_done(self.world.run("apply", "--lock-timeout", "5"))
        self.assert_status(self.world.run("plan", "--detailed-exitcode"), 0)
        self.assertEqual(self.rehearse(self.world).json()["rehearsal"]["steps"][0]["outcome"], "done")
        self.assertEqual(len(self.scratches()), 1)
        process.send_signal(signal.SIGCONT)
        program.finish(process)
        self.assert_no_scratch(self.world)

    def test_another_run_holds_the_lock(self):
        workspace = f"{self.world.state}/.mailstate"
        os.mkdir(workspace, 0o700)
        with open(f"{workspace}/lock", "w+b") as lock:
            lock_whole_file(lock.fileno())
            self.assert_status(self.world.run("rehearse", "--lock-timeout", "0"), program.LOCKED)


if __name__ == "__main__":
    case.main()

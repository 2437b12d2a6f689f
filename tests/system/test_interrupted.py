#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs that are killed or stopped in the middle: nothing is lost, and the next run finishes."""

import os
import random
import signal
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, program, tree
from support.content import write
from support.locks import lock_whole_file

def is_sleeping(pid):
    """In clock_nanosleep(2), as the wait for a lock is."""
    with open(f"/proc/{pid}/wchan", encoding="utf-8") as wchan:
        return "nanosleep" in wchan.read()


def is_polling(pid):
    with open(f"/proc/{pid}/wchan", encoding="utf-8") as wchan:
        return "poll" in wchan.read()


def sizes_of(name, top):
    found = []
    for directory, _, files in os.walk(top):
        if name in files:
            try:
                found.append(os.stat(f"{directory}/{name}").st_size)
            except FileNotFoundError:
                pass  # published meanwhile
    return found


class Disturbed(case.Case):
    files = 8_000  # of Redis

    def setUp(self):
        self.world = self.make_world()
        for number in range(self.files):
            directory = f"{self.world.image}/var/lib/redis/{number % 50}"
            os.makedirs(directory, exist_ok=True)
            write(f"{directory}/{number}", f"content {number}\n" * (number % 7), (101, 104))
        self.world.stop_container()
        self.world.start_container()
        self.before = {origin: tree.manifest(self.world.path(origin)) for origin in ("/var/lib/redis", "/var/lib/rspamd")}

    def assert_nothing_lost(self):
        """Every file is at its origin, or, once that is a link, at its destination."""
        for origin, nodes in self.before.items():
            there = self.world.link(origin)
            place = self.world.path(there or origin)
            found = tree.manifest(place) if os.path.isdir(place) else {}
            for path, node in nodes.items():
                if node.kind == "file" and (path not in found or found[path].content != node.content):
                    # Between publishing and linking the destination is whole and the origin may be emptied already.
                    kept = f"{self.world.state}/lib-{os.path.basename(origin)}"
                    self.assertTrue(os.path.isdir(kept), f"{path!r} is neither at {origin} nor published")
                    found = tree.manifest(kept)
                    self.assertEqual(found[path].content, node.content, path)

    def assert_finished(self):
        self.assert_linked(self.world)
        for origin, nodes in self.before.items():
            wanted = expected.after_apply(origin, nodes, self.world.users, self.world.groups)
            self.assert_same(wanted, tree.manifest(f"{self.world.state}/lib-{os.path.basename(origin)}"))
        self.assertEqual(os.listdir(f"{self.world.state}/.mailstate/staging"), [])
        self.assert_done(self.world.run("verify"))


class AnInterruptedRun(Disturbed):
    def test_killed_again_and_again(self):
        chosen = random.Random(4)
        killed = 0
        for _ in range(12):
            process = self.world.start("apply")
            time.sleep(chosen.uniform(0.02, 0.25))
            process.kill()
            killed += program.finish(process).status == -signal.SIGKILL
            self.assert_nothing_lost()
        self.assertGreater(killed, 0, "every run ended before it was killed: nothing was tested")
        self.assert_done(self.world.run("apply"))
        self.assert_finished()

    def test_told_to_stop(self):
        for number, how in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            staging = f"{self.world.state}/.mailstate/staging"
            left = os.listdir(staging) if os.path.isdir(staging) else []  # by the run before: this one claims it
            process = self.world.start("apply")
            deadline = time.monotonic() + 20
            while not (os.path.isdir(staging) and set(os.listdir(staging)) - set(left)) and time.monotonic() < deadline:
                time.sleep(0.005)
            begin = time.monotonic()
            process.send_signal(number)
            outcome = program.finish(process)
            self.assert_status(outcome, how)
            self.assertLess(time.monotonic() - begin, 5)
            self.assert_nothing_lost()
        self.assert_done(self.world.run("apply"))
        self.assert_finished()

    def wait_for(self, happens, process, what):
        deadline = time.monotonic() + 30
        while not happens() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        self.assertTrue(happens(), f"the run never came to {what}")

    def assert_ends_when_told(self, process, number, how):
        """At once, long before what it waits for or works at would end by itself."""
        begin = time.monotonic()
        process.send_signal(number)
        self.assert_status(program.finish(process), how)
        took = time.monotonic() - begin
        print(f"ended {took:.3f} s after signal {number}", file=sys.stderr)
        self.assertLess(took, 5)

    def test_told_to_stop_while_it_waits_for_the_lock(self):
        workspace = f"{self.world.state}/.mailstate"
        os.mkdir(workspace, 0o700)
        with open(f"{workspace}/lock", "w+b") as lock:
            lock_whole_file(lock.fileno())
            for number, how in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
                process = self.world.start("apply", "--lock-timeout", "600")
                self.wait_for(lambda: is_sleeping(process.pid), process, "wait for the lock")
                self.assert_ends_when_told(process, number, how)
        self.assertEqual(os.listdir(workspace), ["lock"])
        self.assert_nothing_lost()
        self.assert_done(self.world.run("apply"))
        self.assert_finished()

    def test_told_to_stop_in_the_middle_of_one_large_file(self):
        large = self.world.path("/var/lib/redis/large")
        with open(large, "wb") as file:
            for _ in range(300):
                file.write(os.urandom(1 << 20))
        os.chown(large, 101, 104)
        self.before["/var/lib/redis"] = tree.manifest(self.world.path("/var/lib/redis"))
        process = self.world.start("apply")
        staging = f"{self.world.state}/.mailstate/staging"
        self.wait_for(lambda: any(0 < size < 300 << 20 for size in sizes_of("large", staging)), process, "the large file")
        self.assert_ends_when_told(process, signal.SIGTERM, 143)
        self.assert_nothing_lost()
        self.assert_done(self.world.run("apply"))
        self.assert_finished()

    def test_what_is_being_staged_is_for_root_alone(self):
        process = self.world.start("apply")
        workspace = f"{self.world.state}/.mailstate"
        deadline = time.monotonic() + 20
        while not os.path.isdir(f"{workspace}/staging") and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        for directory in (workspace, f"{workspace}/staging"):
            found = os.stat(directory)
            self.assertEqual((found.st_uid, stat.S_IMODE(found.st_mode)), (0, 0o700), directory)
        process.send_signal(signal.SIGCONT)
        self.assert_done(program.finish(process))
        self.assert_finished()


class AFileThatNobodyWrites(case.Case):
    def until(self, happens):
        deadline = time.monotonic() + 10
        while not happens() and time.monotonic() < deadline:
            time.sleep(0.005)

    def test_a_signal_ends_the_wait_for_it(self):
        """A container must not have to be killed because an option names a pipe whose writer never comes."""
        world = self.make_world()
        pipe = f"{world.top}/pipe.json"
        os.mkfifo(pipe)
        commands = ([*world.arguments("plan"), "--layout", pipe], [*world.arguments("plan"), "--settings", pipe],
                    [*world.arguments("apply"), "--plan", pipe], ["layout", "validate", pipe])
        for command in commands:
            with self.subTest(command=command[0]):
                process = program.start(command, world.environment())
                self.until(lambda: process.poll() is not None or is_polling(process.pid))
                self.assertIsNone(process.poll(), "it did not wait")
                process.send_signal(signal.SIGTERM)
                self.until(lambda: process.poll() is not None)
                process.kill()
                self.assert_status(program.finish(process), 143)
        self.assertEqual(os.listdir(world.state), [])


class ARunThatNobodyListensTo(Disturbed):
    files = 300

    def test_whoever_started_it_dies(self):
        """The work goes on to its end: an entrypoint's shell that is killed leaves no half-moved state."""
        command = ["sh", "-c", '"$@" & echo $!; wait', "sh", program.binary(), *self.world.arguments("apply")]
        shell = subprocess.Popen(command, env={**program.CLEAN, **self.world.environment()}, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        pid = int(shell.stdout.readline())
        shell.kill()
        shell.wait()
        shell.stdout.close()  # and nobody reads any more
        deadline = time.monotonic() + 60
        while os.path.exists(f"/proc/{pid}/exe") and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(os.path.exists(f"/proc/{pid}/exe"), "it still runs")
        self.assert_finished()
        self.assert_status(self.world.run("plan", "--detailed-exitcode"), 0)

    def test_nobody_reads_what_it_says(self):
        """EPIPE from the first write on, on both streams; SIGPIPE as a shell leaves it."""
        process = program.start(self.world.arguments("apply", "--log-level", "trace"), self.world.environment(),
                                preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(timeout=120), 0)
        self.assert_finished()

    def test_streams_that_are_closed(self):
        """Its own descriptors must not take the numbers of what is printed to."""
        command = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", program.binary(), *self.world.arguments("apply")]
        done = subprocess.run(command, env={**program.CLEAN, **self.world.environment()}, check=False, timeout=120)
        self.assertEqual(done.returncode, 0)
        self.assert_finished()

    def test_streams_that_are_full(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program.binary(), *self.world.arguments("apply")], stdin=subprocess.DEVNULL,
                                  env={**program.CLEAN, **self.world.environment()}, stdout=full, stderr=full,
                                  check=False, timeout=120)
        self.assertEqual(done.returncode, 0)
        self.assert_finished()


if __name__ == "__main__":
    case.main()

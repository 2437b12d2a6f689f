#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A service that writes while its state is moved: no write is lost, and no file is torn."""

import json
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write

FILES = 3_000
SIZE = 20_000


def content(number, generation):
    """A file that tells which generation of it this is, all over."""
    line = b"%06d %08d\n" % (number, generation)
    return line * (SIZE // len(line))


class Writer:
    """Rewrites files in place, as a process of the service, until it is told to stop; then says what it wrote last.

    No file stays open, so that the program does not see from /proc that the origin is in use."""

    def __init__(self, world):
        self.out, inner = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.chroot(world.root)
                self.work(inner)
            finally:
                os._exit(1)
        os.close(inner)

    @staticmethod
    def work(out):
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        chosen, written, generation = random.Random(7), {}, 1
        while not stopped:
            generation += 1
            number = chosen.randrange(FILES)
            try:
                file = os.open(f"/var/lib/redis/{number % 50}/{number}", os.O_WRONLY)
            except OSError:
                continue  # between two names
            text = content(number, generation)
            os.pwrite(file, text[:SIZE // 2], 0)
            os.pwrite(file, text[SIZE // 2:], SIZE // 2)
            os.close(file)
            written[number] = generation
        with os.fdopen(out, "w", encoding="utf-8") as file:
            json.dump(written, file)
        os._exit(0)

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        with os.fdopen(self.out, encoding="utf-8") as file:
            written = json.load(file)
        os.waitpid(self.pid, 0)
        return {int(number): generation for number, generation in written.items()}


class ALiveWriter(case.Case):
    overlay = True

    def make(self):
        world = self.make_world(overlay=self.overlay)
        for number in range(FILES):
            directory = f"{world.image}/var/lib/redis/{number % 50}"
            os.makedirs(directory, exist_ok=True)
            write(f"{directory}/{number}", content(number, 1), (101, 104))
        write(f"{world.image}/var/lib/redis/0/appendonly", "written before\n", (101, 104))
        world.stop_container()
        world.start_container()
        return world

    def versions(self, world):
        """Of each file, the generations that are kept anywhere; a torn file is a failure."""
        kept = {}
        places = [world.path("/var/lib/redis"), f"{world.state}/lib-redis", f"{world.state}/.mailstate/displaced"]
        for place in places:
            if os.path.islink(place) or not os.path.isdir(place):
                continue
            for top, _, names in os.walk(place):
                for name in names:
                    if not name.isdigit():
                        continue
                    with open(f"{top}/{name}", "rb") as file:
                        found = file.read()
                    generation = int(found.split(b"\n", 1)[0].split()[1])
                    self.assertEqual(found, content(int(name), generation), f"{top}/{name} is torn")
                    kept.setdefault(int(name), set()).add(generation)
        return kept

    def assert_no_write_is_lost(self, world, written):
        kept = self.versions(world)
        self.assertEqual(len(kept), FILES)
        lost = [(number, generation) for number, generation in written.items() if generation not in kept[number]]
        self.assertEqual(lost, [])

    @staticmethod
    def copies(world):
        staging = f"{world.state}/.mailstate/staging"
        return os.path.isdir(staging) and any(name.startswith("redis.") for name in os.listdir(staging))

    @staticmethod
    def has_published(world):
        return os.path.isdir(f"{world.state}/lib-redis")

    def start_writing_when(self, comes, world, process):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            if comes(world):
                return Writer(world)
        self.fail("the moment was missed")

    def write_when(self, comes):
        world = self.make()
        process = world.start("apply", "--only", "redis", "--output", "json")
        writer = self.start_writing_when(comes, world, process)
        outcome = program.finish(process)
        time.sleep(0.05)
        written = writer.stop()
        self.assertGreater(len(written), 3, "the writer did not come to write")
        self.assertIn(outcome.status, (0, 5), str(outcome))
        self.assert_no_write_is_lost(world, written)
        if not world.link("/var/lib/redis"):
            self.assertTrue(outcome.findings("origin.busy"), str(outcome))

        # The service has ended: the next start finishes.
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assert_no_write_is_lost(world, written)
        self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])

    def test_a_service_that_is_started_while_it_is_copied(self):
        """It opens a file, and writes when the move is done. Seen before its tree is removed, or before it is copied."""
        world = self.make()
        process = world.start("apply", "--only", "redis", "--output", "json")
        deadline = time.monotonic() + 30
        while not self.copies(world) and time.monotonic() < deadline and process.poll() is None:
            pass
        log = world.path("/var/lib/redis/0/appendonly")
        service = subprocess.Popen([sys.executable, "-c", "import sys; file = open(sys.argv[1], 'a'); print(flush=True);"
                                    "file.write(sys.stdin.readline())", log],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        service.stdout.readline()
        outcome = program.finish(process)
        service.communicate("written later\n")
        self.assertTrue(outcome.findings("origin.busy"), str(outcome))
        self.assertFalse(world.link("/var/lib/redis"), str(outcome))
        with open(log, encoding="utf-8") as file:
            self.assertEqual(file.read(), "written before\nwritten later\n")
        self.assertEqual(len(self.versions(world)), FILES)
        self.assertFalse(os.path.lexists(world.path("/var/lib/.mailstate-redis")))
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")

    def test_writing_while_it_is_copied(self):
        self.write_when(self.copies)

    def test_writing_while_the_origin_becomes_a_link(self):
        self.write_when(self.has_published)


class ALiveWriterInAPlainDirectory(ALiveWriter):
    overlay = False


if __name__ == "__main__":
    case.main()

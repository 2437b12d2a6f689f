#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A container that is thrown away and made anew over the same volume, from the same image or a later one."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, ledger, program, tree
from support.content import write
from support.image import MADE

LATER = time.time_ns() + 10**12  # newer than anything on the volume


class ARecreatedContainer(case.Case):
    def setUp(self):
        self.world = self.make_world()
        self.assert_done(self.world.run("apply"))

    def displaced(self):
        """What was set aside so far, without the manifests: relative paths with their content."""
        nodes = tree.manifest(f"{self.world.state}/.mailstate/displaced")
        return {path: node for path, node in nodes.items() if node.kind == "file" and path.count(b"/") > 0}

    def state(self):
        return tree.without(tree.manifest(self.world.state), ".mailstate")

    def blocks_of_records(self):
        """What the history and the ledgers take, of which each has the last runs."""
        workspace = f"{self.world.state}/.mailstate"
        paths = [f"{workspace}/history.jsonl", *(f"{workspace}/{name}" for name in ledger.names(workspace))]
        return sum(os.stat(path).st_blocks * 512 for path in paths)

    def start(self):
        self.world.recreate()
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_linked(self.world)
        return outcome

    def test_the_volume_does_not_grow_and_the_second_start_of_each_writes_nothing(self):
        self.start()
        state, displaced = self.state(), self.displaced()
        free, records = os.statvfs(self.world.volume), self.blocks_of_records()
        for _ in range(5):
            self.start()
            before = tree.manifest(self.world.state)
            self.assert_done(self.world.run("apply"))
            self.assert_untouched(before, tree.manifest(self.world.state))
            self.assert_same(state, self.state(), times_of_directories=False)
            self.assertEqual(displaced.keys(), self.displaced().keys())
        now = os.statvfs(self.world.volume)
        self.assertEqual(free.f_ffree, now.f_ffree, "inodes were used up")
        records = self.blocks_of_records() - records
        self.assertLessEqual((free.f_bfree - now.f_bfree) * now.f_frsize, records, "more than the records of five runs")
        self.assertLess(records, 96 << 10)

    def test_equal_content_of_any_age_is_not_set_aside_and_other_content_of_any_age_is(self):
        with open(f"{self.world.state}/lib-redis/dump.rdb", "rb") as file:
            kept = file.read()
        for time in (MADE, LATER):
            write(f"{self.world.image}/var/lib/redis/dump.rdb", kept, time=time)
            self.start()
            self.assertFalse([path for path in self.displaced() if b"dump.rdb" in path])
        write(f"{self.world.image}/var/lib/redis/dump.rdb", "older and other content", time=MADE)
        before = self.state()
        self.start()
        self.assert_same(before, self.state(), times_of_directories=False)
        self.assertEqual(len([path for path in self.displaced() if b"dump.rdb" in path]), 1)

    def test_what_only_the_image_has_or_has_otherwise_is_set_aside_once(self):
        write(f"{self.world.image}/var/lib/redis/only in the image", "new", (101, 104), 0o640)
        write(f"{self.world.image}/var/lib/redis/dump.rdb", "newer", (101, 104), time=LATER)
        os.symlink("text", f"{self.world.image}/var/lib/redis/link")
        kept = self.state()
        outcome = self.start()
        self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "keep-destination")
        self.assert_same(kept, self.state(), times_of_directories=False)
        aside = self.displaced()
        contents = {path.split(b"/", 1)[1]: node for path, node in aside.items()}
        for name, content in ((b"only in the image", b"new"), (b"dump.rdb", b"newer")):
            self.assertIn(name, contents)
            path = next(p for p in aside if p.endswith(b"/" + name))
            with open(os.fsencode(f"{self.world.state}/.mailstate/displaced/") + path, "rb") as file:
                self.assertEqual(file.read(), content)
        self.assertTrue([p for p in tree.manifest(f"{self.world.state}/.mailstate/displaced") if p.endswith(b"/link")])
        for _ in range(3):
            self.start()
            self.assertEqual(aside.keys(), self.displaced().keys())

    def test_what_the_seal_knows_as_pristine_is_not_set_aside(self):
        write(f"{self.world.image}/var/lib/redis/shipped", "with the image", (101, 104), time=LATER)
        write(f"{self.world.image}/var/lib/redis/dump.rdb", "shipped too", (101, 104), time=LATER)
        self.assert_done(program.run(["seal", "--root", self.world.image]))
        self.assertTrue(os.path.exists(f"{self.world.image}/usr/share/mailstate/seal.json"))
        write(f"{self.world.image}/var/lib/redis/written later", "by the service", (101, 104), time=LATER)
        self.start()
        aside = [path for path in self.displaced() if b"redis" in path]
        self.assertEqual([path.split(b"/")[-1] for path in aside], [b"written later"])

    def test_seal_changes_nothing_but_its_own_file_and_is_the_same_twice(self):
        before = tree.manifest(self.world.image)
        for _ in range(2):
            self.assert_done(program.run(["seal", "--root", self.world.image]))
        after = tree.without(tree.manifest(self.world.image), "usr/share/mailstate")
        self.assert_same(before, after, times_of_directories=False)

    def test_disposable_content_is_dropped(self):
        write(f"{self.world.image}/var/lib/clamav/daily.cvd", "signatures of the image", (106, 108), time=LATER)
        write(f"{self.world.image}/var/lib/rspamd/stats.ucl", "{}", (102, 105), time=LATER)
        self.start()
        self.assertFalse([p for p in self.displaced() if p.endswith((b"daily.cvd", b"stats.ucl"))])

    def test_a_volume_that_lost_a_destination_gets_an_empty_one(self):
        subtree = f"{self.world.state}/lib-postgrey"
        os.rmdir(subtree)
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "destination.lost", "lib-postgrey")
        found = os.stat(subtree)
        self.assertEqual((found.st_uid, found.st_gid), (self.world.users["postgrey"], self.world.groups["postgrey"]))

    def test_an_empty_volume_of_a_container_that_ran_before_is_filled_from_the_image(self):
        before = tree.manifest(f"{self.world.image}/var/lib/redis")
        self.world.stop_container()
        for name in os.listdir(self.world.volume):
            os.system(f"rm -rf '{self.world.volume}/{name}'")
        self.world.start_container()
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)
        self.assertEqual(before.keys(), tree.manifest(f"{self.world.state}/lib-redis").keys())


if __name__ == "__main__":
    case.main()

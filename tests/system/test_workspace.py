#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A workspace that is not as the program left it: what is not its own is left alone and said, and the work is done."""

import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, ledger, program, tree
from support.content import write


class AWorkspace(case.Case):
    def setUp(self):
        self.world = self.make_world(size="256M")
        self.workspace = f"{self.world.state}/.mailstate"
        self.assert_done(self.world.run("apply"))

    def give_it_something_to_do(self):
        os.chown(f"{self.world.state}/lib-redis/dump.rdb", 0, 0)

    def assert_done_all_the_same(self, *options):
        outcome = self.assert_done(self.world.run("apply", "--output", "json", *options))
        self.assertEqual(os.stat(f"{self.world.state}/lib-redis/dump.rdb").st_uid, self.world.users["redis"])
        self.assert_linked(self.world)
        return outcome

    def test_what_is_not_ours_in_staging_stays_and_is_said(self):
        staging = f"{self.workspace}/staging"
        write(f"{staging}/notes.txt", "an administrator's")
        os.mkdir(f"{staging}/redis.old")
        write(f"{staging}/redis.old/dump.rdb", "somebody's copy")
        os.symlink("/etc", f"{staging}/redis.0123456789abcdef")  # our form, but a link: gone, and not followed
        os.mkdir(f"{staging}/clamav.0123456789abcdef")
        write(f"{staging}/clamav.0123456789abcdef/half", "of a run that was cut off")
        etc = tree.below(tree.manifest(self.world.root, cross=False), "etc")
        self.give_it_something_to_do()
        outcome = self.assert_done_all_the_same()
        self.assert_finding(outcome, "volume.foreign-staging", "notes.txt", "redis.old")
        self.assertEqual(sorted(os.listdir(staging)), ["notes.txt", "redis.old"])
        with open(f"{staging}/redis.old/dump.rdb", encoding="utf-8") as file:
            self.assertEqual(file.read(), "somebody's copy")
        self.assert_untouched(etc, tree.below(tree.manifest(self.world.root, cross=False), "etc"))

    def test_what_is_not_ours_beside_the_ledger_stays(self):
        write(f"{self.workspace}/README", "an administrator's")
        write(f"{self.workspace}/displaced/notes", "another's")
        write(f"{self.workspace}/displaced/broken.json", "{")
        self.give_it_something_to_do()
        before = tree.manifest(self.workspace)
        self.assert_done_all_the_same()
        after = tree.manifest(self.workspace)
        for name in (b"README", b"displaced/notes", b"displaced/broken.json"):
            self.assertEqual(before[name], after[name])

    def test_parts_of_it_are_gone(self):
        for name in ("staging", "displaced", "ledger", "lock", "history.jsonl"):
            with self.subTest(name):
                path = f"{self.workspace}/{name}" if name != "ledger" else ledger.newest(self.workspace)
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
                self.give_it_something_to_do()
                self.assert_done_all_the_same()
                self.assert_status(self.world.run("plan", "--detailed-exitcode"), 0)

    def test_all_of_it_is_gone(self):
        shutil.rmtree(self.workspace)
        self.give_it_something_to_do()
        self.assert_done_all_the_same()
        with open(ledger.newest(self.workspace), encoding="utf-8") as file:
            self.assertEqual({entry["phase"] for entry in json.load(file)["entries"].values()}, {"linked"})
        self.assert_status(self.world.run("plan", "--detailed-exitcode"), 0)

    def test_a_part_of_it_is_of_another_kind(self):
        """Refused as it stands, and said; the state is not touched, and once the part is back all goes on."""
        for name, make in (("ledger", os.mkdir), ("ledger", os.mkfifo), ("lock", os.mkdir), ("lock", os.mkfifo),
                           ("staging", write_here), ("displaced", os.mkfifo)):
            with self.subTest(f"{name} by {make.__name__}"):
                name = name if name != "ledger" else ledger.names(self.workspace)[-1]
                path, kept = f"{self.workspace}/{name}", f"{self.workspace}/kept"
                os.rename(path, kept)
                make(path)
                self.give_it_something_to_do()
                data = tree.without(tree.manifest(self.world.state), ".mailstate")
                outcome = self.world.run("apply", "--output", "json", "--lock-timeout", "1")
                self.assertIn(name, str(outcome.findings()), str(outcome))
                self.assertIn("error", {finding["severity"] for finding in outcome.findings()}, str(outcome))
                self.assert_untouched(data, tree.without(tree.manifest(self.world.state), ".mailstate"))
                os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
                os.rename(kept, path)
                self.assert_done_all_the_same()

    def test_a_ledger_that_was_cut_off_anywhere(self):
        """Set aside, and made anew from what is there."""
        with open(ledger.newest(self.workspace), "rb") as file:
            whole = file.read()
        for length in (1, len(whole) // 3, len(whole) - 2):
            with self.subTest(length):
                with open(ledger.newest(self.workspace), "wb") as file:
                    file.write(whole[:length])
                self.give_it_something_to_do()
                self.assert_finding(self.assert_done_all_the_same(), "ledger.broken")
                aside = [name for name in os.listdir(self.workspace) if name.startswith("ledger.broken-")]
                self.assertIn(whole[:length], [read(f"{self.workspace}/{name}") for name in aside])
                with open(ledger.newest(self.workspace), encoding="utf-8") as file:
                    self.assertEqual(json.load(file)["schema"], 1)


def write_here(path):
    write(path, "a file")


def read(path):
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    case.main()

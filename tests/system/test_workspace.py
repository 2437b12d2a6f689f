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


class AVolumeThatOthersChange(case.Case):
    """What Kubernetes' fsGroup, or an administrator's chmod -R and chown -R, do to the whole volume before each start."""

    def setUp(self):
        self.world = self.make_world(size="256M")
        self.workspace = f"{self.world.state}/.mailstate"
        self.assert_done(self.world.run("apply"))

    def each(self):
        for directory, _, names in os.walk(self.world.state):
            yield directory
            yield from (f"{directory}/{name}" for name in names)

    def start(self, code):
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, code)
        self.assert_linked(self.world)
        seen = os.stat(self.workspace)
        self.assertEqual((seen.st_uid, seen.st_mode & 0o777), (0, 0o700))
        self.assertEqual(os.stat(f"{self.world.state}/lib-redis/dump.rdb").st_uid, self.world.users["redis"])
        self.assertNotIn(code, self.world.run("apply", "--output", "json").codes())

    def test_a_workspace_that_was_opened_to_a_group_is_closed_again(self):
        for _ in range(2):
            history = os.stat(f"{self.workspace}/history.jsonl").st_ino
            for path in self.each():
                if not os.path.islink(path):
                    os.chown(path, -1, 2000)
                    os.chmod(path, os.stat(path).st_mode | (0o2070 if os.path.isdir(path) else 0o060))
            self.start("volume.workspace-widened")
            self.assertEqual(os.stat(f"{self.workspace}/history.jsonl").st_mode & 0o777, 0o600)
            self.assertNotEqual(os.stat(f"{self.workspace}/history.jsonl").st_ino, history)

    def test_a_workspace_that_was_given_away_is_set_aside_once(self):
        displaced = f"{self.workspace}/displaced/20260101T000000Z-redis"
        os.mkdir(displaced)
        write(f"{displaced}/old.rdb", "was set aside before", (101, 104))
        kept = []
        for _ in range(4):
            for path in self.each():
                os.chown(path, 101, -1, follow_symlinks=False)
            self.start("volume.workspace-foreign")
            self.assertTrue(os.path.exists(f"{displaced}/old.rdb"))
            kept.append(len(os.listdir(f"{self.workspace}/aside")))
        self.assertEqual(kept[0], 1)
        self.assertEqual(kept[-1], kept[1], "it grows with each start")
        self.assertEqual([name for name in os.listdir(self.world.state) if "foreign" in name], [])

    def test_what_was_kept_aside_is_closed_with_the_workspace(self):
        """Else each later start would find it open, though nobody has opened anything again."""
        for path in self.each():
            os.chown(path, 101, -1, follow_symlinks=False)
        self.start("volume.workspace-foreign")
        for path in self.each():
            if not os.path.islink(path):
                os.chmod(path, os.stat(path).st_mode | 0o070)
        self.start("volume.workspace-widened")
        before = tree.manifest(self.world.state)
        self.assertEqual(self.assert_done(self.world.run("apply", "--output", "json")).codes(), [])
        self.assert_untouched(before, tree.manifest(self.world.state))

    def test_a_record_with_another_name_is_left_out_and_nothing_else(self):
        """A member of the group may link(2) it into a directory of theirs, and write to it whenever they like."""
        newest = ledger.newest(self.workspace)
        os.chmod(self.workspace, 0o770)
        os.chmod(newest, 0o660)
        os.link(newest, f"{self.world.state}/another-name")
        history = read(f"{self.workspace}/history.jsonl")
        self.start("volume.workspace-widened")
        self.assertTrue(read(f"{self.workspace}/history.jsonl").startswith(history))
        linked = os.stat(f"{self.world.state}/another-name")
        kept, = os.listdir(f"{self.workspace}/aside")
        self.assertEqual(os.stat(f"{self.workspace}/aside/{kept}").st_ino, linked.st_ino)
        self.assertNotIn(linked.st_ino, [entry.inode() for entry in os.scandir(self.workspace)])

    def test_a_workspace_that_may_merely_be_read_is_closed_without_a_word(self):
        os.chmod(self.workspace, 0o755)
        os.chmod(f"{self.workspace}/history.jsonl", 0o644)
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assertEqual([code for code in outcome.codes() if "workspace" in code], [])
        self.assertEqual(os.stat(self.workspace).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(f"{self.workspace}/history.jsonl").st_mode & 0o777, 0o600)

    def test_what_a_kill_left_beside_the_workspace_is_kept_aside(self):
        old = f"{self.world.state}/.mailstate.foreign-0123456789abcdef"
        os.makedirs(f"{old}/displaced/20260101T000000Z-redis")
        write(f"{old}/displaced/20260101T000000Z-redis/old.rdb", "was set aside before")
        write(f"{old}/ledger.json", "{}")
        os.chown(f"{self.world.state}/lib-redis/dump.rdb", 0, 0)
        self.assert_done(self.world.run("apply"))
        self.assertFalse(os.path.exists(old))
        self.assertTrue(os.path.exists(f"{self.workspace}/displaced/20260101T000000Z-redis/old.rdb"))
        self.assertTrue(os.path.exists(f"{self.workspace}/aside/0123456789abcdef/ledger.json"))


class AHostileUserOfTheVolume(case.Case):
    """A group that could write in the workspace put its own things into it. Three starts give nothing away: no file of
    the volume becomes root's with a set-user-ID bit, nothing outside is touched, and the services start each time."""

    USER = 2000

    def setUp(self):
        self.world = self.make_world(size="256M")
        self.workspace = f"{self.world.state}/.mailstate"
        self.assert_done(self.world.run("apply"))

    def tool(self):
        path = f"{self.world.state}/lib-redis/tool"
        shutil.copy("/bin/true", path)
        os.chown(path, self.USER, self.USER)
        os.chmod(path, 0o4755)

    def open_to_the_group(self):
        for path in (self.workspace, *(f"{self.workspace}/{name}" for name in os.listdir(self.workspace))):
            os.chown(path, 0, self.USER)
            os.chmod(path, 0o2770 if os.path.isdir(path) else 0o660)

    def given_ledger(self, numbers):
        with open(ledger.newest(self.workspace), encoding="utf-8") as file:
            said = json.load(file)
        said["identities"]["users"].update(numbers)
        said["identities"]["groups"].update(numbers)
        return json.dumps(said)

    def assert_nothing_is_given_away(self, name):
        etc = tree.below(tree.manifest(self.world.root, cross=False), "etc")
        for start in (1, 2, 3):
            outcome = self.world.run("apply", "--output", "json")
            self.assertIn(outcome.status, (0, 1), f"{name}, start {start}: {outcome}")
            for directory, _, names in os.walk(self.world.state):
                for each in names:
                    seen = os.lstat(f"{directory}/{each}")
                    self.assertFalse(seen.st_uid == 0 and seen.st_mode & 0o6000, f"{name}: {directory}/{each}")
            seen = os.stat(self.workspace)
            self.assertEqual((seen.st_uid, seen.st_mode & 0o777), (0, 0o700), name)
        self.assert_untouched(etc, tree.below(tree.manifest(self.world.root, cross=False), "etc"))
        self.assert_linked(self.world)
        codes = self.world.run("apply", "--output", "json").codes()
        self.assertEqual([code for code in codes if "workspace" in code], [], name)

    def test_a_ledger_written_in_place_makes_nothing_roots(self):
        self.tool()
        text = self.given_ledger({"root": self.USER, "redis": 0})
        self.open_to_the_group()
        write(ledger.newest(self.workspace), text, (0, self.USER), 0o660)
        self.assert_nothing_is_given_away("a ledger in place")

    def test_names_of_the_users_own_are_not_believed(self):
        def own_ledger():
            path = f"{self.workspace}/ledger.999.json"
            write(path, self.given_ledger({"root": self.USER}), (self.USER, self.USER))

        def linked(name):
            def make():
                path = f"{self.workspace}/{name}"
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
                os.symlink(self.world.path("/etc"), path)
                os.chown(path, self.USER, self.USER, follow_symlinks=False)
            return make

        def held_lock():
            os.unlink(f"{self.workspace}/lock")
            os.mkfifo(f"{self.workspace}/lock")
            os.chown(f"{self.workspace}/lock", self.USER, self.USER)

        def second_name():
            os.link(f"{self.workspace}/history.jsonl", f"{self.world.state}/lib-redis/history")

        def whole():
            shutil.rmtree(self.workspace)
            os.mkdir(self.workspace)
            write(f"{self.workspace}/ledger.json", text, (self.USER, self.USER))
            os.chown(self.workspace, self.USER, self.USER)

        text = self.given_ledger({"root": self.USER})
        for make in (own_ledger, linked("staging"), linked("displaced"), linked("aside"), held_lock, second_name, whole):
            with self.subTest(make.__name__):
                self.tool()
                if not os.path.lexists(f"{self.workspace}/aside"):
                    os.mkdir(f"{self.workspace}/aside")
                self.open_to_the_group()
                make()
                expected = "widened" if make is second_name else "foreign"  # the one record is left out
                self.assert_finding(self.world.run("plan", "--output", "json"), f"volume.workspace-{expected}")
                self.assert_nothing_is_given_away(make.__name__)
                if os.path.exists(f"{self.world.state}/lib-redis/history"):
                    os.unlink(f"{self.world.state}/lib-redis/history")


if __name__ == "__main__":
    case.main()

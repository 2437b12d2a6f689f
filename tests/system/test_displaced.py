#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""displaced: what was set aside is listed, put back where nothing is lost by it, and removed when that is asked for."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, kills, ledger, program, tree
from support.content import odd, read, write
from support.world import mount

ID = re.compile(r"\d{8}T\d{6}Z-[a-z-]+(\.\d+)?\.[0-9a-f]{16}")
EVERY = int(os.environ.get("MAILSTATE_KILL_EVERY", "3"))  # 1: at every call


class Displaced(case.Case):
    def make_displaced(self, **options):
        """A world with two things set aside: a part of redis' origin, and what its destination held as a whole."""
        world = self.make_world(filled=False, **options)
        odd(f"{world.image}/var/lib/redis/odd", (101, 104), world.users["amavis"])
        write(f"{world.image}/var/lib/redis/dump.rdb", "first", (101, 104), 0o660)
        world.stop_container()
        world.start_container()
        self.assert_done(world.run("apply"))
        self.first = tree.manifest(f"{world.state}/lib-redis")
        self.assert_done(world.run("rollback", "--only", "redis"))
        write(world.path("/var/lib/redis/dump.rdb"), "second", (101, 104), 0o660)
        self.assert_done(world.run("apply"))  # sets the destination aside as a whole
        self.second = tree.manifest(f"{world.state}/lib-redis")
        write(f"{world.image}/var/lib/redis/only here", "of another image", (101, 104))
        os.makedirs(f"{world.image}/root", exist_ok=True)
        world.recreate()
        self.assert_done(world.run("apply", "--only", "redis"))  # sets aside what the destination lacks
        self.displaced = f"{world.state}/.mailstate/displaced"
        return world

    def list(self, world, *more):
        return self.assert_done(world.run("displaced", "list", "--output", "json", *more)).json()

    def ids(self, world):
        """Of the whole and of the parts."""
        items = self.list(world, "--only", "redis")["displaced"]
        return ([item["id"] for item in items if item["whole"]], [item["id"] for item in items if not item["whole"]])

    def assert_refused(self, world, *arguments, code=None, status=program.BLOCKED):
        before = tree.everything(world)
        outcome = world.run("displaced", *arguments, "--output", "json")
        self.assert_status(outcome, status)
        if code:
            self.assert_finding(outcome, code)
        self.assert_untouched(before, tree.everything(world))
        return outcome

    def test_list_says_what_there_is_and_why(self):
        world = self.make_world()
        self.assertIn("nothing is set aside", self.assert_done(world.run("displaced", "list")).out)
        world = self.make_displaced()
        before = tree.manifest(world.state)
        answer = self.list(world)
        self.assertEqual({(i["entry"], i["whole"]) for i in answer["displaced"]}, {("redis", True), ("redis", False)})
        for item in answer["displaced"]:
            self.assertRegex(item["id"], ID)
            self.assertEqual(item["path"], f"/var/mail-state/.mailstate/displaced/{item['id']}")
            self.assertRegex(item["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            files = [n for n in tree.manifest(world.path(item["path"])).values() if n.kind != "directory"]
            self.assertEqual(item["files"], len(files))
        self.assertEqual(answer["bytes"], sum(item["bytes"] for item in answer["displaced"]))
        self.assertEqual(self.list(world, "--only", "clamav")["displaced"], [])
        text = self.assert_done(world.run("displaced", "list")).out
        for item in answer["displaced"]:  # in one line each: a pipe is not wrapped
            self.assertIn(f"\n    in {item['path']}\n", text)
        self.assertIn("the destination's earlier content", text)
        mount("-o", "remount,bind,ro", world.state)
        self.assertEqual(self.list(world), answer)
        self.assert_untouched(before, tree.manifest(world.state))

    def test_restore_to_a_directory_makes_a_faithful_copy_and_keeps_what_is_displaced(self):
        world = self.make_displaced()
        (whole,), (part,) = self.ids(world)
        before, workspace = tree.manifest(world.state), f"{world.state}/.mailstate"
        numbered = ledger.names(workspace)
        self.assert_refused(world, "restore", whole, "--into", "/root/redis", "--dry-run", status=0)
        self.assert_done(world.run("displaced", "restore", whole, "--into", "/root/redis"))
        self.assert_same(self.first, tree.manifest(world.path("/root/redis")))
        os.mkdir(world.path("/root/empty"))
        self.assert_done(world.run("displaced", "restore", part, "--into", "/root/empty"))
        self.assertEqual(read(world.path("/root/empty/only here")), "of another image")
        records = [f".mailstate/{name}" for name in ("history.jsonl", "lock", *numbered, *ledger.names(workspace))]
        self.assert_untouched(tree.without(before, *records), tree.without(tree.manifest(world.state), *records)
                              | {p: n for p, n in before.items() if p in (b".mailstate", b".mailstate/staging")})
        runs = self.assert_done(world.run("history", "--output", "json")).json()["runs"]
        self.assertEqual([run["command"] for run in runs[-2:]], ["displaced restore"] * 2)
        self.assertEqual([n for n in os.listdir(world.path("/root")) if n.startswith(".mailstate")], [])

    def test_restore_is_never_over_something(self):
        world = self.make_displaced()
        (whole,), (part,) = self.ids(world)
        os.mkdir(world.path("/root/full"))
        write(world.path("/root/full/mine"), "mine")
        write(world.path("/root/file"), "mine")
        os.symlink("/etc", world.path("/root/link"))
        for place in ("/root/full", "/root/file", "/root/link", "/var/mail-state/lib-redis"):
            self.assert_refused(world, "restore", whole, "--into", place, code="displaced.in-the-way")
        self.assert_refused(world, "restore", whole, "--into", "/var/mail-state/.mailstate/displaced/x",
                            code="displaced.workspace")
        self.assert_refused(world, "restore", whole, "--into", "/nowhere/at/all")
        self.assert_refused(world, "restore", part, code="displaced.in-parts")
        for place in ("relative", "/root/../etc", "/"):
            self.assert_refused(world, "restore", whole, "--into", place, status=program.USAGE)

    def test_restore_in_place_sets_aside_what_is_there(self):
        world = self.make_displaced()
        (whole,), _ = self.ids(world)
        self.assert_refused(world, "restore", whole, "--dry-run", status=0)
        outcome = self.assert_done(world.run("displaced", "restore", whole, "--output", "json"))
        aside = re.search(ID, self.assert_finding(outcome, "entry.displaced")[0]["message"])[0]
        self.assert_same(self.first, tree.manifest(f"{world.state}/lib-redis"))
        self.assert_same(self.second, tree.manifest(f"{self.displaced}/{aside}"))
        self.assert_same(self.first, tree.manifest(f"{self.displaced}/{whole}"))
        self.assert_done(world.run("apply"))
        self.assert_linked(world)
        self.assert_done(world.run("verify"))
        # And back again.
        self.assert_done(world.run("displaced", "restore", aside))
        self.assert_same(self.second, tree.manifest(f"{world.state}/lib-redis"))

    def test_restore_in_place_where_nothing_is(self):
        world = self.make_displaced()
        (whole,), (part,) = self.ids(world)
        shutil.rmtree(f"{world.state}/lib-redis")
        self.assert_done(world.run("displaced", "restore", whole))
        self.assert_same(self.first, tree.manifest(f"{world.state}/lib-redis"))
        shutil.rmtree(f"{world.state}/lib-redis")
        os.mkdir(f"{world.state}/lib-redis")
        self.assert_done(world.run("displaced", "restore", part))
        self.assertEqual(read(f"{world.state}/lib-redis/only here"), "of another image")

    def test_restore_leaves_alone_what_is_used_elsewhere_or_in_use(self):
        world = self.make_displaced()
        (whole,), _ = self.ids(world)
        with open(f"{world.state}/lib-redis/dump.rdb", "rb") as held, subprocess.Popen(
                ["sleep", "60"], stdin=held) as holder:
            outcome = self.assert_refused(world, "restore", whole, code="destination.in-use")
            self.assertIn(f"process {holder.pid}", str(outcome))
            self.assert_done(world.run("displaced", "restore", whole, "--allow-in-use"))
            holder.kill()
        self.assert_done(world.run("rollback", "--only", "redis"))
        self.assert_refused(world, "restore", whole, code="displaced.not-linked")

    def test_a_file_is_restored_too(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback", "--only", "postsrsd-secret"))
        write(world.path("/etc/postsrsd.secret"), "used since\n")
        self.assert_done(world.run("apply"))
        (item,) = self.list(world)["displaced"]
        whole = item["id"]
        self.assertEqual((item["kind"], item["files"]), ("file", 1))
        self.assert_done(world.run("displaced", "restore", whole, "--into", "/var/secret"))
        self.assertEqual(read(world.path("/var/secret")), "a secret\n")
        self.assert_done(world.run("displaced", "restore", whole))
        self.assertEqual(read(f"{world.state}/etc/postsrsd.secret"), "a secret\n")

    def test_prune_removes_what_is_chosen_and_says_how_much(self):
        world = self.make_displaced()
        (whole,), (part,) = self.ids(world)
        size = self.list(world)["bytes"]
        for choice in (["--all"], ["--older-than", "0h"], [whole, part]):
            outcome = self.assert_refused(world, "prune", *choice, "--dry-run", status=0)
            self.assertEqual(outcome.json()["bytes"], size if choice[0] != "--older-than" else outcome.json()["bytes"])
        self.assert_refused(world, "prune", "--older-than", "1d", status=0)
        self.assert_refused(world, "prune", "--all", "--only", "clamav", status=0)
        outcome = self.assert_done(world.run("displaced", "prune", whole, "--output", "json"))
        self.assertEqual([item["id"] for item in outcome.json()["displaced"]], [whole])
        self.assertEqual(self.ids(world), ([], [part]))
        self.assert_done(world.run("displaced", "prune", "--all", "--only", "redis"))
        self.assertEqual(os.listdir(self.displaced), [])
        self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])
        runs = self.assert_done(world.run("history", "--output", "json")).json()["runs"]
        self.assertEqual([run["command"] for run in runs[-2:]], ["displaced prune"] * 2)
        self.assertIn(whole, runs[-2]["changes"][0])
        self.assertEqual(read(f"{world.state}/lib-redis/dump.rdb"), "second")

    def test_older_than_goes_by_when_it_was_set_aside(self):
        world = self.make_displaced()
        os.rename(f"{self.displaced}/{self.ids(world)[0][0]}", f"{self.displaced}/20200101T000000Z-redis")
        outcome = self.assert_done(world.run("displaced", "prune", "--older-than", "30d", "--output", "json"))
        self.assertEqual([item["id"] for item in outcome.json()["displaced"]], ["20200101T000000Z-redis"])
        self.assertEqual(len(self.list(world)["displaced"]), 1)

    def test_without_a_choice_nothing_is_pruned(self):
        world = self.make_displaced()
        (whole,), _ = self.ids(world)
        for arguments in (["prune"], ["prune", "--all", whole], ["prune", "--all", "--older-than", "1d"],
                          ["prune", "--older-than", "soon"], ["restore"], ["restore", whole, whole], ["remove", whole],
                          [], ["list", whole], ["list", "--all"], ["prune", "--all", "--into", "/root/x"]):
            self.assert_refused(world, *arguments, status=program.USAGE)

    def test_ids_that_reach_elsewhere(self):
        world = self.make_displaced()
        write(f"{world.state}/.mailstate/precious", "precious")
        os.mkdir(f"{world.state}/20260101T000000Z-redis")
        (whole,), _ = self.ids(world)
        for name in ("../precious", "..", ".", "../../20260101T000000Z-redis", whole + "/odd", whole + "/..", "/etc",
                     whole + ".json", "20260101T000000Z-redis/../../precious", "*", "\x1b[31m", whole + "\n"):
            with self.subTest(name):
                self.assert_refused(world, "prune", name, code="displaced.unknown")
                self.assert_refused(world, "restore", name, "--into", "/root/x", code="displaced.unknown")
        self.assert_refused(world, "prune", whole, "../precious", code="displaced.unknown")  # none of them

    def test_links_and_strangers_are_passed_over(self):
        world = self.make_displaced()
        os.symlink("/etc", f"{self.displaced}/20260101T000000Z-redis")
        os.symlink("/etc/passwd", f"{self.displaced}/20260102T000000Z-redis.json")
        os.mkfifo(f"{self.displaced}/20260103T000000Z-redis")
        os.mkdir(f"{self.displaced}/mine")
        answer = self.list(world)
        self.assertEqual(len(answer["displaced"]), 2)
        self.assertEqual({f["subject"] for f in answer["findings"] if f["code"] == "displaced.foreign"},
                         {"20260101T000000Z-redis", "20260103T000000Z-redis", "mine"})
        self.assert_refused(world, "prune", "20260101T000000Z-redis", code="displaced.unknown")
        self.assert_refused(world, "restore", "20260101T000000Z-redis", "--into", "/root/x", code="displaced.unknown")
        self.assert_done(world.run("displaced", "prune", "--all"))
        self.assertEqual(len(os.listdir(self.displaced)), 4)
        self.assertTrue(os.path.exists(world.path("/etc/passwd")))

    def test_a_displaced_directory_that_is_a_link(self):
        world = self.make_displaced()
        os.rename(self.displaced, f"{world.state}/elsewhere")
        os.symlink("../elsewhere", self.displaced)
        before = tree.everything(world)
        for arguments in (["list"], ["prune", "--all"], ["restore", "20260101T000000Z-redis"]):
            self.assert_status(world.run("displaced", *arguments), program.BLOCKED)
        self.assert_untouched(before, tree.everything(world))

    def test_manifests_of_garbage(self):
        world = self.make_displaced()
        (whole,), (part,) = self.ids(world)
        for text in (b"", b"{", b"\xff" * 100, b"[]", b'{"schema": 99}', b"[" * 10_000,
                     json.dumps({"schema": 1, "entry": "../../etc", "origin": "", "created": "", "items": []}).encode()):
            with self.subTest(text[:20]):
                write(f"{self.displaced}/{part}.json", text)
                answer = self.list(world)
                self.assertEqual(len(answer["displaced"]), 2)
                self.assert_refused(world, "restore", part)
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("displaced", "prune", part))
        self.assertEqual(self.ids(world), ([whole], []))

    def test_a_mount_below_keeps_what_it_is_in(self):
        world = self.make_displaced()
        (whole,), _ = self.ids(world)
        mount("-t", "tmpfs", "inside", f"{self.displaced}/{whole}/odd/sub")
        outcome = world.run("displaced", "prune", whole, "--output", "json")
        self.assertNotEqual(outcome.status, 0)
        self.assertTrue(os.path.exists(f"{self.displaced}/{whole}/dump.rdb"))

    def test_a_volume_that_is_too_small_for_a_copy(self):
        world = self.make_displaced(size="64M", volume_size="32M")
        (whole,), _ = self.ids(world)
        left = os.statvfs(world.state)
        write(f"{world.state}/filler", os.urandom(left.f_bavail * left.f_frsize - (1 << 20)))
        self.assert_refused(world, "restore", whole, code="displaced.no-space")

    def contents(self, world):
        return {n.content for p, n in tree.manifest(world.state).items()
                if n.kind == "file" and not p.startswith((b".mailstate/staging", b".mailstate/l", b".mailstate/h"))}

    def kill_everywhere(self, world, arguments, after):
        command = world.arguments("displaced", *arguments, "--jobs", "1", "--no-progress")
        saved = f"{world.top}/saved"
        subprocess.run(["cp", "-a", world.state, saved], check=True)

        def reset():
            for name in os.listdir(world.state):
                path = f"{world.state}/{name}"
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
            subprocess.run(["cp", "-a", f"{saved}/.", world.state], check=True)

        outcome, calls = kills.changing_calls(command, world.environment(), f"{world.top}/trace")
        self.assert_done(outcome)
        self.assertGreater(len(calls), 10)
        for number, call in enumerate(calls):
            if number % EVERY:
                continue
            with self.subTest(call=call):
                reset()
                outcome = kills.kill_at(call, command, world.environment())
                self.assertIn(outcome.status, (-signal.SIGKILL, 128 + signal.SIGKILL), f"not killed at {call}: {outcome}")
                after()

    def test_a_restore_that_is_killed_loses_nothing(self):
        world = self.make_small()
        (whole,), _ = self.ids(world)
        kept = self.contents(world)

        def after():
            self.assertLessEqual(kept, self.contents(world))
            place = read(f"{world.state}/lib-redis/dump.rdb")
            self.assertIn(place, ("first", "second"))
            self.assert_done(world.run("displaced", "restore", whole))
            self.assertEqual(read(f"{world.state}/lib-redis/dump.rdb"), "first")
            self.assertLessEqual(kept, self.contents(world))
            self.assert_done(world.run("apply", "--only", "redis"))
            self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])

        self.kill_everywhere(world, ["restore", whole], after)

    def test_a_prune_that_is_killed_is_resumed(self):
        world = self.make_small()
        (whole,), (part,) = self.ids(world)

        def after():
            for name in set(self.ids(world)[0] + self.ids(world)[1]):
                nodes = tree.manifest(f"{self.displaced}/{name}")
                self.assertIn(nodes.get(b"dump.rdb", nodes.get(b"only here")).kind, ("file",))
            self.assertEqual(read(f"{world.state}/lib-redis/dump.rdb"), "second")
            self.assert_done(world.run("displaced", "prune", "--all"))
            self.assertEqual(os.listdir(self.displaced), [])
            self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])
            self.assert_done(world.run("apply", "--only", "redis"))
            self.assertEqual(os.listdir(f"{world.state}/.mailstate/staging"), [])

        self.kill_everywhere(world, ["prune", whole, part], after)

    def make_small(self):
        world = self.make_world(filled=False, size="64M")
        write(f"{world.image}/var/lib/redis/dump.rdb", "first", (101, 104), 0o660)
        world.recreate()
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback", "--only", "redis"))
        write(world.path("/var/lib/redis/dump.rdb"), "second", (101, 104), 0o660)
        self.assert_done(world.run("apply"))
        write(f"{world.image}/var/lib/redis/only here", "of another image", (101, 104))
        world.recreate()
        self.assert_done(world.run("apply", "--only", "redis"))
        self.displaced = f"{world.state}/.mailstate/displaced"
        return world


if __name__ == "__main__":
    case.main()

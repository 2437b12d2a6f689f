#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Volumes of many kinds: what they can do is tested and not believed, and what they cannot do keeps entries at home."""

import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree, volume
from support.content import write
from support.world import ENTRIES, make_ext4, mount, unmount

ORIGINS = [origin for origin, _ in ENTRIES.values()]
NEEDS_OF_POSTFIX = ("chown", "sgid", "fifo", "socket", "rename", "fsync")


class OnAVolume(case.Case):
    def world_on(self, kind, **options):
        world = self.make_world(**options)
        self.top = volume.make(kind, f"{world.top}/kind")
        self.addCleanup(volume.clear, self.top)
        volume.put_under(world, self.top)
        return world

    def origins(self, world):
        return {o: tree.manifest(world.path(o)) for o in ORIGINS if os.path.lexists(world.path(o))}

    def assert_origins_untouched(self, world, before):
        for origin, nodes in self.origins(world).items():
            self.assertIsNone(world.link(origin), origin)
            self.assert_untouched(before[origin], nodes)

    def capabilities(self, world, *more):
        outcome = self.assert_done(world.run("probe", "--output", "json", *more))
        return outcome.json()["volume"]

    def settled(self, kind, world, *without):
        """FUSE remembers attributes for a second: those of a ledger, whose other name has gone meanwhile, among them."""
        if kind.startswith("bindfs"):
            time.sleep(1.2)
        return tree.without(tree.manifest(world.state), *without)

    def assert_no_trace(self, world, before):
        self.assert_same(before, tree.manifest(world.state), times_of_directories=False)


class AVolumeThatCanDoItAll(OnAVolume):
    def takes_everything(self, kind, filled=True, except_for=(), options=()):
        world = self.world_on(kind, filled=filled)
        before = tree.manifest(world.state)
        tested = self.capabilities(world, "--write-test")
        self.assertEqual(tested["tested"], "now")
        self.assert_no_trace(world, before)
        for name in NEEDS_OF_POSTFIX:
            if not except_for:
                self.assertEqual(tested["capabilities"][name], "yes", name)
        self.assert_done(world.run("apply", *options))
        self.assert_linked(world, except_for=except_for)
        self.assert_status(world.run("verify", *options), program.NOT_AS_IT_SHOULD_BE if except_for else program.DONE)
        tested_again = (".mailstate/lock", ".mailstate/staging") if except_for else ()
        before = self.settled(kind, world, *tested_again)
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("probe"))
        self.assert_untouched(before, tree.without(tree.manifest(world.state), *tested_again))
        self.assertEqual(self.capabilities(world)["tested"], "earlier")
        return tested["capabilities"]

    def test_ext4(self):
        self.assertEqual({self.takes_everything("ext4")[n] for n in ("noreplace", "exchange", "mtime-ns")}, {"yes"})

    def test_xfs(self):
        self.takes_everything("xfs")

    def test_btrfs(self):
        self.takes_everything("btrfs")

    def test_tmpfs(self):
        self.takes_everything("tmpfs", options=["--allow-memory"])

    def test_overlay(self):
        self.takes_everything("overlay")

    def test_bindfs_whose_hard_links_do_not_agree(self):
        found = self.takes_everything("bindfs", filled=False)
        self.assertEqual(found["hardlink"], "lies")
        self.assertEqual(found["noreplace"][:2], "no")

    def test_ext4_with_whole_seconds_only(self):
        found = self.takes_everything("ext4 with whole seconds", filled=False)
        self.assertEqual(found["mtime-ns"], "no (whole seconds)")

    def test_xfs_that_ends_in_2038(self):
        world = self.world_on("xfs that ends in 2038", filled=False)
        for name, when in (("late", 2208988800), ("early", -7000000000)):
            write(world.path(f"/var/lib/redis/{name}"), name, (101, 104))
            os.utime(world.path(f"/var/lib/redis/{name}"), (when, when))
        self.assert_done(world.run("apply"))
        self.assert_linked(world)

    def test_names_of_the_storage_are_no_state(self):
        for mounted in (True, False):
            with self.subTest("a mount of its own" if mounted else "a folder of the volume"):
                world = self.make_world(filled=False, size="256M")
                write(world.path("/var/lib/redis/dump.rdb"), "data", (101, 104))
                destination = f"{world.state}/lib-redis"
                if mounted:
                    make_ext4(f"{world.top}/own", "64M")
                    self.addCleanup(unmount, f"{world.top}/own")
                os.mkdir(destination)
                if mounted:
                    mount("--bind", f"{world.top}/own", destination)
                os.makedirs(f"{destination}/.snapshot/daily")
                os.mkdir(f"{destination}/@eaDir")
                self.assert_done(world.run("apply"))
                self.assert_linked(world)
                self.assertEqual(sorted(os.listdir(destination)), [".snapshot", "@eaDir", "dump.rdb"])
                self.assertEqual(os.stat(f"{destination}/.snapshot").st_uid, 0, "it is the storage's")
                self.assert_done(world.run("verify"))

    def test_a_name_of_the_storage_in_both_stops_before_anything_is_moved(self):
        world = self.make_world(filled=False, size="64M")
        write(world.path("/var/lib/redis/dump.rdb"), "data", (101, 104))
        write(world.path("/var/lib/redis/.DS_Store"), "of the origin", (101, 104))
        os.mkdir(f"{world.state}/lib-redis")
        write(f"{world.state}/lib-redis/.DS_Store", "of the storage")
        before = tree.manifest(world.path("/var/lib/redis"))
        for _ in range(2):
            outcome = world.run("apply", "--output", "json", "--only", "redis")
            self.assertIn("is in the destination and in the origin", outcome.out)
            self.assert_untouched(before, tree.manifest(world.path("/var/lib/redis")))
            self.assertEqual(os.listdir(f"{world.state}/lib-redis"), [".DS_Store"])
        os.unlink(f"{world.state}/lib-redis/.DS_Store")
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")

    def test_a_copy_of_a_name_that_nfs_hides_is_a_file_like_any_other(self):
        world = self.make_world(filled=False, size="64M")
        write(world.path("/var/lib/redis/.nfs000000000123"), "copied once by cp -a", (101, 104))
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")

    def test_a_destination_that_is_a_btrfs_subvolume_is_filled_in_place(self):
        world = self.world_on("btrfs")
        before = tree.manifest(world.path("/var/lib/redis"))
        volume.run("btrfs", "subvolume", "create", f"{world.state}/lib-redis")
        self.assert_done(world.run("apply"))
        self.assert_linked(world)
        self.assertEqual(before.keys(), tree.manifest(f"{world.state}/lib-redis").keys())
        self.assert_done(world.run("verify"))

    def test_an_origin_with_snapshots_of_its_own_moves(self):
        """In a snapshot the earlier ones are directories whose times are always now."""
        world = self.make_world(filled=False)
        top = volume.make("btrfs", f"{world.top}/kind")
        self.addCleanup(volume.clear, top)
        volume.run("cp", "-a", world.path("/var/lib/."), top)
        mount("--bind", top, world.path("/var/lib"))
        redis = world.path("/var/lib/redis")
        shutil.rmtree(redis)
        volume.run("btrfs", "subvolume", "create", redis)
        write(f"{redis}/dump.rdb", "live", (101, 104))
        os.mkdir(f"{redis}/.snapshots")
        for name in ("1", "2"):
            volume.run("btrfs", "subvolume", "snapshot", "-r", redis, f"{redis}/.snapshots/{name}")
        outcome = self.assert_done(world.run("apply", "--only", "redis", "--output", "json"))
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis", str(outcome))
        self.assertTrue(os.path.isdir(f"{world.state}/lib-redis/.snapshots/2/.snapshots/1"))
        self.assertTrue(os.path.exists(f"{world.state}/lib-redis/.snapshots/2/dump.rdb"))

    def test_a_destination_with_a_mount_of_its_own_has_its_own_capabilities(self):
        world = self.make_world(filled=False)
        write(world.path("/var/lib/redis/dump.rdb"), "data", (101, 104))
        top = volume.make("bindfs --chown-ignore", f"{world.top}/kind")
        self.addCleanup(volume.clear, top)
        os.mkdir(f"{world.state}/lib-redis")
        mount("--bind", top, f"{world.state}/lib-redis")
        before = tree.manifest(world.path("/var/lib/redis"))
        for _ in range(2):
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            self.assert_finding(outcome, "volume.ignores-chown", "redis")
            self.assert_untouched(before, tree.manifest(world.path("/var/lib/redis")))
            self.assert_linked(world, except_for=["/var/lib/redis"])


class AVolumeThatCannot(OnAVolume):
    def leaves_all_at_home(self, kind, value, code):
        world = self.world_on(kind)
        origins, trace = self.origins(world), tree.manifest(world.state)
        tested = self.capabilities(world, "--write-test")["capabilities"]
        self.assertEqual(tested["chown"], value)
        self.assert_no_trace(world, trace)
        before = None
        for _ in range(2):
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            found = self.assert_finding(outcome, code, "postfix-spool", "redis")
            self.assertEqual(len(found), 1, "one finding for one cause")
            self.assert_origins_untouched(world, origins)
            # It is tested again, for the remedy shows in nothing else; but nothing stays of that.
            after = self.settled(kind, world, ".mailstate/lock", ".mailstate/staging")
            if before:
                self.assert_untouched(before, after)
            before = after
        self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "leave-alone")
        self.assert_status(world.run("apply", "--strict"), program.NOT_AS_IT_SHOULD_BE)

    def test_chown_is_refused(self):
        self.leaves_all_at_home("bindfs --chown-deny", "no (EPERM)", "volume.refuses-chown")

    def test_chown_is_ignored(self):
        self.leaves_all_at_home("bindfs --chown-ignore", "lies", "volume.ignores-chown")

    def test_everything_belongs_to_one_user(self):
        self.leaves_all_at_home("bindfs --force-user=nobody --force-group=nogroup --chown-ignore --chmod-ignore", "lies",
                                "volume.fixed-owner")

    def test_what_is_there_already_is_not_chowned_again_and_again(self):
        world = self.world_on("ext4", filled=False)
        self.assert_done(world.run("apply"))
        write(f"{self.top}/spool-postfix/active/1", "root's", (0, 0))
        unmount(world.state)
        other = f"{world.top}/denying"
        os.mkdir(other)
        volume.run("bindfs", "--chown-ignore", self.top, other)
        self.addCleanup(volume.clear, other)
        mount("--bind", other, world.state)
        self.assert_done(world.run("apply"))
        before = tree.without(tree.manifest(self.top), ".mailstate")
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.ignores-chown", "without their owners being set", "postfix-spool")
        self.assertEqual(outcome.findings("ownership.refused"), [])
        self.assert_untouched(before, tree.without(tree.manifest(self.top), ".mailstate"))


class AVolumeThatChangesMeanwhile(OnAVolume):
    def stopped_in_the_copy(self, world):
        """An apply that is stopped while it copies the large file of clamav."""
        with open(world.path("/var/lib/clamav/large.cvd"), "wb") as file:
            file.write(os.urandom(64 << 20))
        process = world.start("apply", "--output", "json", "--only", "clamav,redis,postfix")
        staging = f"{world.state}/.mailstate/staging"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            names = os.listdir(staging) if os.path.isdir(staging) else []
            if any(n.startswith("clamav.") and os.path.exists(f"{staging}/{n}/large.cvd") for n in names):
                process.send_signal(signal.SIGSTOP)
                return process
            if process.poll() is not None:
                break
        self.fail(f"never seen copying\n{program.finish(process)}")

    def finishes_after(self, world, before, process):
        process.send_signal(signal.SIGCONT)
        outcome = program.finish(process)
        self.assertIn(outcome.status, (program.DONE, program.MIDWAY, program.BLOCKED), str(outcome))
        if world.link("/var/lib/clamav") is None:
            self.assert_untouched(before, tree.manifest(world.path("/var/lib/clamav")))
        return outcome

    def test_it_becomes_full(self):
        world = self.make_world(volume_size="200M")
        process = self.stopped_in_the_copy(world)
        before = tree.manifest(world.path("/var/lib/clamav"))
        free = os.statvfs(world.volume)
        filler = f"{world.volume}/filler"
        subprocess.run(["fallocate", "-l", str(free.f_bavail * free.f_frsize - (4 << 20)), filler], check=True)
        outcome = self.finishes_after(world, before, process)
        if world.link("/var/lib/clamav") is None:
            self.assert_finding(outcome, "volume.no-space")
        os.unlink(filler)
        self.assert_done(world.run("apply"))
        self.assert_linked(world)
        self.assert_done(world.run("verify"))

    def test_it_becomes_read_only_after_an_error(self):
        world = self.make_world()
        mount("-o", "remount,errors=remount-ro", world.volume)
        process = self.stopped_in_the_copy(world)
        before = tree.manifest(world.path("/var/lib/clamav"))
        device = os.stat(world.volume).st_dev
        name = os.path.basename(os.readlink(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))
        with open(f"/sys/fs/ext4/{name}/trigger_fs_error", "w", encoding="ascii") as trigger:
            trigger.write("by the test")
        self.finishes_after(world, before, process)
        self.assertIsNone(world.link("/var/lib/clamav"))
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.read-only")
        self.assert_untouched(before, tree.manifest(world.path("/var/lib/clamav")))


class ATestThatWasKilled(OnAVolume):
    def test_its_scratch_is_removed_by_the_next_run(self):
        world = self.make_world(filled=False)
        self.assert_done(world.run("apply"))
        left = f"{world.state}/.mailstate/staging/probe.0123456789abcdef"
        os.makedirs(f"{left}/open")
        self.assert_done(world.run("probe", "--write-test"))
        self.assertFalse(os.path.exists(left))
        os.makedirs(f"{left}/open")
        self.assert_done(world.run("apply"))
        self.assertFalse(os.path.exists(left))

    def test_a_kill_at_any_time_leaves_nothing_that_the_next_run_does_not_remove(self):
        world = self.make_world(filled=False)
        for number in (1, 4, 9, 16, 25):
            strace = ["strace", "-f", "-o", "/dev/null", "-e", f"inject=unlinkat,linkat,mknodat:signal=KILL:when={number}",
                      program.binary(), "probe", "--write-test", "--root", world.root]
            subprocess.run(strace, env={**program.CLEAN, **world.environment()}, check=False, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assert_done(world.run("probe", "--write-test"))
        staging = f"{world.state}/.mailstate/staging"
        self.assertEqual(os.listdir(staging) if os.path.isdir(staging) else [], [])


if __name__ == "__main__":
    case.main()

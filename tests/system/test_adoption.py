#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Adopted mounts that change, empty themselves or are another one; volumes that do not last, or lie in an origin."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.world import make_ext4, mount, unmount

REDIS = "/var/lib/redis"
HEX = "3f2a9c1e4b5d6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
SCRIPT = """#!/bin/bash
function _setup_save_states() {
  for SERVICE in redis; do
    rm -rf "/var/lib/${SERVICE}"
    ln -s "/var/mail-state/lib-${SERVICE}" "/var/lib/${SERVICE}"
  done
}
"""


class Adoption(case.Case):
    def setUp(self):
        self.world = self.make_world(size="128M")
        self.copy = f"{self.world.state}/lib-redis"
        self.host = self.make_scratch("host")
        for name in ("first", "second"):
            os.mkdir(f"{self.host}/{name}")
            os.chmod(f"{self.host}/{name}", 0o755)
        self.write("first/dump.rdb", "of the mount")
        self.write("first/appendonly.aof", "appended")
        self.bind("first")

    def write(self, name, text):
        write(f"{self.host}/{name}", text, (101, 104))

    def bind(self, name):
        mount("--bind", f"{self.host}/{name}", self.world.path(REDIS))

    def apply(self, *options, code="", words=()):
        outcome = self.assert_done(self.world.run("apply", "--output", "json", *options))
        if code:
            self.assert_finding(outcome, code, REDIS, *words)
        return outcome

    def kept(self, text):
        """Paths on the volume whose content is the text."""
        found = []
        for path, node in tree.manifest(self.world.state).items():
            if node.kind == "file" and node.size == len(text):
                with open(os.path.join(os.fsencode(self.world.state), path), "rb") as file:
                    found += [os.fsdecode(path)] if file.read() == text.encode() else []
        return found

    def test_a_mount_that_is_empty_or_another_is_no_newer_copy(self):
        self.apply("--adopt-mounts", code="adoption.copied", words=["stop the services"])
        before = tree.manifest(self.copy)
        unmount(self.world.path(REDIS))
        self.bind("second")  # another directory of the same filesystem: the device tells nothing
        self.apply(code="adoption.another-mount")
        self.apply("--adopt-mounts", code="adoption.another-mount")
        unmount(self.world.path(REDIS))
        self.bind("first")
        for name in ("dump.rdb", "appendonly.aof"):
            os.unlink(f"{self.host}/first/{name}")
        self.apply(code="adoption.empty-mount", words=["--adopt-mounts", f":{REDIS}'"])
        self.assert_untouched(before, tree.manifest(self.copy))

        self.apply("--adopt-mounts")
        self.assertEqual(os.listdir(self.copy), [])
        self.assertEqual(len(self.kept("of the mount")), 1)

    def test_what_a_refresh_takes_away_is_set_aside_and_does_not_pile_up(self):
        self.apply("--adopt-mounts")
        for number in range(5):
            self.write("first/passing", f"passing {number}")
            self.apply()
            os.unlink(f"{self.host}/first/passing")
            self.apply()
        aside = os.listdir(f"{self.world.state}/.mailstate/displaced")
        self.assertEqual(len([name for name in aside if not name.endswith(".json")]), 2, aside)
        self.assertEqual(len(self.kept("passing 4")), 1)
        before = tree.manifest(self.world.state)
        self.apply(code="origin.adopted")
        self.assert_untouched(before, tree.manifest(self.world.state))

    def test_a_mount_inside_an_origin_is_the_same_in_the_next_container(self):
        unmount(self.world.path(REDIS))
        inside = self.world.path("/var/lib/amavis/tmp")
        mount("--bind", f"{self.host}/first", inside)
        self.assert_done(self.world.run("apply", "--adopt-mounts"))
        self.write("first/late", "written after the first copy")
        self.world.recreate()
        mount("--bind", f"{self.host}/first", inside)
        self.assert_done(self.world.run("apply"))
        self.assertEqual(self.kept("written after the first copy"), ["lib-amavis/tmp/late"])

    def test_a_copy_that_was_written_to_is_not_replaced(self):
        self.apply("--adopt-mounts")
        write(f"{self.copy}/mail", "a mail", (101, 104))
        self.write("first/new", "new")
        self.apply(code="adoption.changed-copy")
        self.assertEqual(self.kept("a mail"), ["lib-redis/mail"])

    def test_the_order_of_the_hints_works(self):
        """Adopt, write, stop, adopt again, remove the mount, start."""
        self.world.run("apply", "--adopt-mounts", "--", "true")
        self.write("first/late", "written after the first copy")
        self.apply("--adopt-mounts")
        unmount(self.world.path(REDIS))
        self.apply()
        self.assert_linked(self.world)
        self.assertEqual(self.kept("written after the first copy"), ["lib-redis/late"])

    def test_the_start_that_adopts_says_that_the_mount_goes_on(self):
        outcome = self.world.run("apply", "--adopt-mounts", "--output", "json", "--", "true")
        self.assert_status(outcome, program.DONE)
        self.assertIn("adoption.services-start", outcome.out + outcome.err)


class StateThatDoesNotLast(case.Case):
    def test_a_volume_in_memory_gets_nothing_and_links_into_it_are_served(self):
        world = self.make_world(size="128M", mounted=False)
        mount("-t", "tmpfs", "-o", "mode=755", "state", world.state)
        before = tree.manifest(world.path("/var/lib"))
        for _ in range(2):
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            self.assert_finding(outcome, "volume.memory", "tmpfs", "--allow-memory")
            self.assert_untouched(before, tree.manifest(world.path("/var/lib")))
            self.assertEqual(os.listdir(world.state), [])
        self.assert_done(world.run("apply", MAILSTATE_ALLOW_MEMORY="1"))
        self.assert_linked(world)

        unmount(world.state)  # as docker restart does it
        mount("-t", "tmpfs", "-o", "mode=755", "state", world.state)
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.memory")
        self.assertTrue(os.path.isdir(f"{world.state}/lib-redis"))

    def test_a_volume_without_a_name_is_named(self):
        world = self.make_world(size="128M", mounted=False)
        docker = self.make_scratch("docker")
        make_ext4(f"{docker}/disk", "64M")
        self.addCleanup(unmount, f"{docker}/disk")
        for path, code in ((f"volumes/{HEX}/_data", "volume.anonymous"),
                           ("pods/1/volumes/kubernetes.io~empty-dir/state", "volume.empty-dir")):
            os.makedirs(f"{docker}/disk/{path}")
            mount("--bind", f"{docker}/disk/{path}", world.state)
            for command in ("plan", "check", "apply"):
                found = self.assert_finding(world.run(command, "--output", "json"), code, "/var/mail-state")
                self.assertEqual([f["severity"] for f in found], ["warning"])
            unmount(world.state)
            world.recreate()
            unmount(world.state)


class InsideEachOther(case.Case):
    def assert_refused(self, world, code, *options):
        before = tree.manifest(world.path(REDIS), cross=False)
        outcome = self.assert_done(world.run("apply", "--output", "json", *options))
        found = self.assert_finding(outcome, code, "/var/mail-state")
        self.assertEqual([f["severity"] for f in found], ["error"])
        self.assertIsNone(world.link(REDIS))
        self.assert_untouched(tree.without(before, "state"), tree.without(tree.manifest(world.path(REDIS), cross=False),
                                                                          "state"))
        self.assertEqual(world.link("/var/lib/clamav"), "/var/mail-state/lib-clamav")

    def test_the_volume_inside_an_origin_by_a_link(self):
        world = self.make_world(size="128M", mounted=False)
        os.rmdir(world.state)
        os.mkdir(world.path(f"{REDIS}/state"))
        os.symlink(f"{REDIS}/state", world.state)
        self.assert_refused(world, "origin.holds-volume", "--allow-unmounted")

    def test_the_volume_inside_an_origin_by_a_bind_mount(self):
        world = self.make_world(size="128M", overlay=False, mounted=False)
        os.mkdir(world.path(f"{REDIS}/state"))
        mount("--bind", world.path(f"{REDIS}/state"), world.state)
        self.assert_refused(world, "origin.holds-volume")

    def test_an_origin_inside_the_volume(self):
        world = self.make_world(size="128M")
        os.mkdir(f"{world.volume}/elsewhere")
        write(f"{world.volume}/elsewhere/dump.rdb", "data", (101, 104))
        mount("--bind", f"{world.volume}/elsewhere", world.path(REDIS))
        self.assert_refused(world, "origin.in-volume", "--adopt-mounts")


class AStartScriptOfTheImage(case.Case):
    def setUp(self):
        self.world = self.make_world(size="128M")
        self.script = self.world.path("/usr/local/bin/setup.d/mail_state.sh")
        os.makedirs(os.path.dirname(self.script))
        write(self.script, SCRIPT)
        self.started = f"{self.make_scratch('started')}/here"

    def start(self, *options):
        outcome = self.world.run("apply", *options, "--", "touch", self.started)
        return outcome, os.path.exists(self.started)

    def test_stops_a_start_that_it_would_empty_a_mount_after(self):
        host = self.make_scratch("host")
        write(f"{host}/dump.rdb", "mounted", (101, 104))
        mount("--bind", host, self.world.path(REDIS))
        before = tree.manifest(self.world.root, cross=False)
        outcome, started = self.start("--output", "json")  # text is broken into lines
        self.assert_status(outcome, program.BLOCKED)
        self.assertFalse(started)
        self.assertIn("COPY --from=mailstate /mail_state.sh /usr/local/bin/setup.d/mail_state.sh", outcome.out + outcome.err)
        self.assert_untouched(before, tree.manifest(self.world.root, cross=False))
        self.assertEqual(os.listdir(self.world.state), [])

        outcome, started = self.start("--keep-going")
        self.assertEqual((outcome.status, started), (0, True), str(outcome))
        self.assert_linked(self.world, except_for=[REDIS])

    def test_is_a_warning_where_nothing_is_mounted_and_nothing_once_it_is_replaced(self):
        outcome = self.world.run("plan", "--output", "json")
        self.assertEqual(self.assert_finding(outcome, "image.own-state-script")[0]["severity"], "warning")
        outcome, started = self.start()
        self.assertEqual((outcome.status, started), (0, True), str(outcome))
        here = os.path.dirname(os.path.abspath(__file__))
        with open(f"{here}/../../scripts/docker-mailserver/mail_state.sh", encoding="utf-8") as drop_in:
            write(self.script, drop_in.read())
        outcome = self.world.run("plan", "--output", "json")
        self.assertEqual(outcome.findings("image.own-state-script"), [])


if __name__ == "__main__":
    case.main()

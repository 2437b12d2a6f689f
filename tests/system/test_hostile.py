#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a service's user could plant in its state, to make root's program reach for something else."""

import os
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import listen, write


class PlantedThings(case.Case):
    def setUp(self):
        self.world = self.make_world()
        self.state = self.world.state

    def test_a_hard_link_to_a_file_outside_keeps_its_owner(self):
        write(f"{self.world.volume}/shadow", "root's secret", mode=0o600)
        self.assert_done(self.world.run("apply"))
        os.link(f"{self.state}/shadow", f"{self.state}/lib-redis/planted")
        before = tree.below(tree.manifest(self.state), "shadow")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        after = tree.below(tree.manifest(self.state), "shadow")
        self.assert_untouched(before, after)
        self.assertIn("planted", str(outcome.findings()))
        self.assertEqual(outcome.json()["findings"], self.world.run("apply", "--output", "json").json()["findings"])

    def test_hard_links_within_the_tree_are_put_right(self):
        self.assert_done(self.world.run("apply"))
        write(f"{self.state}/lib-redis/one", "two names", mode=0o640)
        os.mkdir(f"{self.state}/lib-redis/sub")
        os.link(f"{self.state}/lib-redis/one", f"{self.state}/lib-redis/sub/two")
        self.assert_done(self.world.run("apply"))
        self.assertEqual(os.stat(f"{self.state}/lib-redis/one").st_uid, self.world.users["redis"])

    def test_a_hard_link_to_a_file_outside_in_an_origin(self):
        """The copy is a file of its own; the file outside stays as it is."""
        write(f"{self.world.image}/etc/shadow", "root's secret", mode=0o600)
        os.link(f"{self.world.image}/etc/shadow", f"{self.world.image}/var/lib/redis/planted")
        self.world.stop_container()
        self.world.start_container()
        before = tree.below(tree.manifest(self.world.path("/etc")), "shadow")
        self.assert_done(self.world.run("apply"))
        self.assert_same(before, tree.below(tree.manifest(self.world.path("/etc")), "shadow"))

    def test_links_inside_a_tree_are_not_followed(self):
        self.assert_done(self.world.run("apply"))
        os.symlink("/etc", f"{self.state}/lib-redis/etc")
        os.symlink("../spool-postfix", f"{self.state}/lib-redis/spool")
        before = tree.without(tree.manifest(self.world.root, cross=False), "var")
        spool = tree.manifest(f"{self.state}/spool-postfix")
        self.assert_done(self.world.run("apply"))
        self.assert_untouched(before, tree.without(tree.manifest(self.world.root, cross=False), "var"))
        self.assert_untouched(spool, tree.manifest(f"{self.state}/spool-postfix"))
        self.assertEqual(os.lstat(f"{self.state}/lib-redis/etc").st_uid, self.world.users["redis"])

    def test_a_destination_that_is_a_link_is_refused(self):
        for target in ("/etc", "lib-postfix", "/nowhere"):
            with self.subTest(target):
                os.symlink(target, f"{self.state}/lib-redis")
                origin = tree.manifest(self.world.path("/var/lib/redis"))
                etc = tree.below(tree.manifest(self.world.root, cross=False), "etc")
                outcome = self.assert_done(self.world.run("apply", "--output", "json"))
                self.assert_finding(outcome, "destination.link")
                self.assert_untouched(origin, tree.manifest(self.world.path("/var/lib/redis")))
                here = tree.below(tree.manifest(self.world.root, cross=False), "etc")
                self.assert_untouched(tree.without(etc, ".", "postsrsd.secret"),
                                      tree.without(here, ".", "postsrsd.secret"))
                os.unlink(f"{self.state}/lib-redis")

    def test_a_destination_of_another_kind_is_refused(self):
        write(f"{self.state}/lib-redis", "a file")
        os.mkfifo(f"{self.state}/lib-clamav")
        os.makedirs(f"{self.state}/etc/postsrsd.secret")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        refused = {"/var/lib/redis", "/var/lib/clamav", "/etc/postsrsd.secret"}
        self.assertEqual(len(outcome.findings("destination.kind")), 3, str(outcome))
        self.assert_linked(self.world, except_for=refused)
        for origin in refused:
            self.assertIsNone(self.world.link(origin), origin)

    def test_an_origin_of_another_kind_is_left_alone(self):
        for name in ("redis", "clamav", "fetchmail", "postgrey"):
            os.system(f"rm -r '{self.world.path('/var/lib/' + name)}'")
        os.mkfifo(self.world.path("/var/lib/redis"))
        listen(self.world.path("/var/lib/clamav"), 106)
        os.mknod(self.world.path("/var/lib/fetchmail"), stat.S_IFCHR | 0o600, os.makedev(1, 3))
        write(self.world.path("/var/lib/postgrey"), "a file where a directory belongs")
        before = tree.manifest(self.world.path("/var/lib"))
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assertEqual(len(outcome.findings("origin.kind")), 4, str(outcome))
        after = tree.manifest(self.world.path("/var/lib"))
        for name in (b"redis", b"clamav", b"fetchmail", b"postgrey"):
            self.assert_untouched(tree.below(before, name), tree.below(after, name))

    def test_an_origin_that_is_a_link_to_another_place_is_left_alone(self):
        self.world.stop_container()
        os.rename(f"{self.world.image}/var/lib/redis", f"{self.world.image}/var/lib/redis-elsewhere")
        os.symlink("redis-elsewhere", f"{self.world.image}/var/lib/redis")
        self.world.start_container()
        before = tree.manifest(self.world.path("/var/lib/redis-elsewhere"))
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "origin.link-elsewhere", "redis-elsewhere")
        self.assert_untouched(before, tree.manifest(self.world.path("/var/lib/redis-elsewhere")))
        self.assertEqual(self.world.link("/var/lib/redis"), "redis-elsewhere")

    def refuse_workspace(self, make, unmake):
        make(f"{self.state}/.mailstate")
        before = tree.manifest(self.state)
        outside = tree.manifest(self.world.root, cross=False)
        outcome = self.world.run("apply", "--output", "json")
        self.assert_status(outcome, program.BLOCKED)
        self.assertIn(".mailstate", str(outcome.findings()))
        self.assert_untouched(before, tree.manifest(self.state))
        self.assert_untouched(outside, tree.manifest(self.world.root, cross=False))
        unmake(f"{self.state}/.mailstate")

    def test_what_is_in_place_of_a_workspace_is_refused(self):
        os.chmod(self.state, 0o777)
        self.refuse_workspace(lambda path: os.symlink("/etc", path), os.unlink)
        self.refuse_workspace(lambda path: os.symlink("lib-redis", path), os.unlink)
        self.refuse_workspace(lambda path: write(path, "a file"), os.unlink)

    def test_a_workspace_that_somebody_else_made_is_not_believed(self):
        os.chmod(self.state, 0o777)
        workspace = f"{self.state}/.mailstate"
        os.mkdir(workspace)
        write(f"{workspace}/own", "somebody's", (self.world.users["redis"], 0))
        os.chown(workspace, self.world.users["redis"], 0)
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.workspace-foreign", "belongs to another user")
        self.assert_linked(self.world)
        self.assertEqual((os.stat(workspace).st_uid, os.stat(workspace).st_mode & 0o777), (0, 0o700))
        kept, = os.listdir(f"{workspace}/aside")
        with open(f"{workspace}/aside/{kept}/own", encoding="utf-8") as file:
            self.assertEqual(file.read(), "somebody's")
        self.assertEqual(self.assert_done(self.world.run("verify", "--output", "json")).codes(), [])

    def test_links_inside_the_workspace_are_not_followed(self):
        for name in ("ledger.json", "ledger.1.json", "lock", "staging", "displaced", "history.jsonl"):
            with self.subTest(name):
                world = self.make_world(size="128M")
                os.mkdir(f"{world.state}/.mailstate", 0o700)
                write(world.path("/etc/target"), "untouched", mode=0o644)
                os.symlink("/etc/target", f"{world.state}/.mailstate/{name}")
                before = tree.below(tree.manifest(world.path("/etc")), "target")
                outcome = world.run("apply")
                self.assertIn(outcome.status, (0, program.BLOCKED, program.MIDWAY), str(outcome))
                self.assert_untouched(before, tree.below(tree.manifest(world.path("/etc")), "target"))
                world.remove()

    def test_sockets_are_not_copied_and_said(self):
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        nodes = tree.manifest(f"{self.state}/spool-postfix")
        self.assertNotIn(b"private/smtp", nodes)
        self.assertEqual(nodes[b"public/pickup"].kind, "fifo")
        self.assertIn("private/smtp", outcome.out)


if __name__ == "__main__":
    case.main()

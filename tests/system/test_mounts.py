#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Origins, destinations and state directories that are mounts: somebody else's mount is left alone, and said."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.world import make_ext4, mount, unmount


class AMountInTheWay(case.Case):
    def setUp(self):
        self.world = self.make_world()

    def source(self, name="mounted", kind="ext4"):
        """A directory on a filesystem of its own, with data in it."""
        path = self.make_scratch(name)
        if kind == "ext4":
            make_ext4(f"{path}/fs", "64M")
        else:
            os.mkdir(f"{path}/fs")
            mount("-t", "tmpfs", f"tmpfs-of-{name}", f"{path}/fs")
        self.addCleanup(unmount, f"{path}/fs")
        write(f"{path}/fs/data.rdb", "mounted data", (101, 104), 0o660)
        os.mkdir(f"{path}/fs/sub")
        os.chown(f"{path}/fs/sub", 101, 104)
        return f"{path}/fs"

    def bind(self, source, inside):
        if not os.path.lexists(self.world.path(inside)):
            os.mkdir(self.world.path(inside))
        mount("--bind", source, self.world.path(inside))

    def start_three_times(self, mounted, *untouched):
        """Each start succeeds, leaves the mounted data alone and makes no link in it; a service writes in between."""
        for start in range(3):
            before = tree.manifest(mounted)
            outcome = self.assert_done(self.world.run("apply", "--output", "json"))
            self.assert_untouched(before, tree.manifest(mounted))
            for origin in untouched:
                self.assertIsNone(self.world.link(origin), origin)
            self.assert_linked(self.world, except_for=untouched)
            write(f"{mounted}/written after start {start}", f"{start}")
        return outcome

    def test_a_bind_mount_at_an_origin(self):
        source = self.source()
        self.bind(source, "/var/lib/redis")
        outcome = self.start_three_times(source, "/var/lib/redis")
        self.assertFalse(os.path.lexists(f"{source}/lib-redis"), "a link was made inside the mount")
        self.assert_finding(outcome, "origin.mounted", "ext4", "/dev/loop", "/var/lib/redis")
        self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "leave-alone")

    def test_a_filesystem_mounted_at_an_origin_is_named_with_type_and_source(self):
        source = self.source("redis", "tmpfs")
        self.bind(source, "/var/lib/redis")
        outcome = self.start_three_times(source, "/var/lib/redis")
        self.assert_finding(outcome, "origin.mounted", "tmpfs-of-redis", "tmpfs ", "/var/lib/redis")

    def test_a_mount_below_an_origin(self):
        source = self.source()
        before = tree.without(tree.manifest(self.world.path("/var/lib/amavis")), "tmp")
        self.bind(source, "/var/lib/amavis/tmp")
        outcome = self.start_three_times(source, "/var/lib/amavis")
        self.assert_finding(outcome, "origin.mounts-below", "/var/lib/amavis/tmp", "ext4")
        after = tree.without(tree.manifest(self.world.path("/var/lib/amavis")), "tmp")
        self.assert_untouched(before, after)

    def test_a_file_mounted_at_an_origin(self):
        source = self.source()
        write(f"{source}/secret", "mounted secret\n")
        mount("--bind", f"{source}/secret", self.world.path("/etc/postsrsd.secret"))
        outcome = self.start_three_times(source, "/etc/postsrsd.secret")
        self.assert_finding(outcome, "origin.mounted", "/etc/postsrsd.secret")
        with open(self.world.path("/etc/postsrsd.secret"), encoding="utf-8") as secret:
            self.assertEqual(secret.read(), "mounted secret\n")

    def test_two_mounts_one_on_the_other(self):
        lower, upper = self.source("lower", "tmpfs"), self.source("upper", "tmpfs")
        self.bind(lower, "/var/lib/redis")
        self.bind(upper, "/var/lib/redis")
        outcome = self.start_three_times(upper, "/var/lib/redis")
        self.assert_finding(outcome, "origin.mounted", "tmpfs-of-upper")

    def test_a_destination_with_a_mount_of_its_own_takes_the_data(self):
        source = self.source()
        os.unlink(f"{source}/data.rdb")
        os.rmdir(f"{source}/sub")
        before = tree.manifest(self.world.path("/var/lib/redis"))
        os.mkdir(f"{self.world.state}/lib-redis")
        mount("--bind", source, f"{self.world.state}/lib-redis")
        for _ in range(3):
            self.assert_done(self.world.run("apply"))
            self.assert_linked(self.world)
            names = set(before) - {b"."}
            self.assertEqual(names, set(tree.manifest(source)) - {b"."})
        self.assertEqual(tree.manifest(source)[b"dump.rdb"].content, before[b"dump.rdb"].content)

    def test_strict_makes_a_mount_an_error_and_moves_the_others_all_the_same(self):
        self.bind(self.source(), "/var/lib/redis")
        self.assert_status(self.world.run("apply", "--strict"), program.NOT_AS_IT_SHOULD_BE)
        self.assert_linked(self.world, except_for=["/var/lib/redis"])

    def test_the_hint_names_a_way_out_that_works(self):
        source = self.source()
        self.bind(source, "/var/lib/redis")
        before = tree.without(tree.manifest(source), ".")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "origin.mounted", "--adopt-mounts")

        self.assert_done(self.world.run("apply", "--adopt-mounts"))
        self.assertIsNone(self.world.link("/var/lib/redis"))
        self.assert_same(before, tree.without(tree.manifest(source), "."))
        self.assert_same(before, tree.without(tree.manifest(f"{self.world.state}/lib-redis"), "."))

        unmount(self.world.path("/var/lib/redis"))
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)
        self.assert_same(before, tree.without(tree.manifest(f"{self.world.state}/lib-redis"), "."))

    def test_an_adopted_mount_is_copied_again_when_it_has_changed(self):
        source = self.source()
        self.bind(source, "/var/lib/redis")
        self.assert_done(self.world.run("apply", "--adopt-mounts"))
        write(f"{source}/new.rdb", "written through the mount", (101, 104))
        os.unlink(f"{source}/data.rdb")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "refresh")
        self.assert_same(tree.without(tree.manifest(source), "."),
                         tree.without(tree.manifest(f"{self.world.state}/lib-redis"), "."))
        before = tree.manifest(self.world.state)
        self.assert_done(self.world.run("apply"))
        self.assert_untouched(before, tree.manifest(self.world.state))

    def test_a_nested_link_that_a_failed_move_left_is_removed_and_only_it(self):
        os.mkdir(f"{self.world.state}/lib-redis")
        write(f"{self.world.state}/lib-redis/dump.rdb", "of the volume", (101, 104))
        os.symlink("/var/mail-state/lib-redis", self.world.path("/var/lib/redis/lib-redis"))
        os.symlink("elsewhere", self.world.path("/var/lib/redis/keep"))
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "entry.nested-link")
        self.assert_linked(self.world)
        everywhere = tree.manifest(self.world.state)
        self.assertEqual([p for p in everywhere if p.endswith(b"/lib-redis")], [])
        self.assertEqual([p.split(b"/")[-1] for p in everywhere if p.endswith(b"/keep")], [b"keep"])

    def test_two_destinations_that_are_one_directory_are_left_alone(self):
        for source in ("lib-redis", "lib-redis/sub"):
            world = self.make_world(filled=False)
            write(world.path("/var/lib/redis/dump.rdb"), "redis", (101, 104))
            for name in ("lib-redis", "lib-redis/sub", "lib-rspamd"):
                os.mkdir(f"{world.state}/{name}")
            mount("--bind", f"{world.state}/{source}", f"{world.state}/lib-rspamd")
            before = tree.manifest(f"{world.state}/lib-redis")
            for _ in range(2):
                outcome = self.assert_done(world.run("apply", "--output", "json"))
                self.assert_finding(outcome, "destination.shared", "redis", "rspamd")
                self.assert_linked(world, except_for=["/var/lib/redis", "/var/lib/rspamd"])
                self.assert_untouched(before, tree.manifest(f"{world.state}/lib-redis"))

    def test_a_destination_bound_to_its_origin_is_the_same_place(self):
        os.mkdir(f"{self.world.volume}/lib-redis")
        write(f"{self.world.volume}/lib-redis/dump.rdb", "of the volume", (101, 104))
        self.bind(f"{self.world.volume}/lib-redis", "/var/lib/redis")
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "in-place")
        self.assertEqual(os.listdir(self.world.path("/var/lib/redis")), ["dump.rdb"])


class AMountOfTheSameFilesystem(AMountInTheWay):
    """Every bind mount comes from the filesystem that the root is on: st_dev tells nothing."""

    def setUp(self):
        self.world = self.make_world(overlay=False)

    def source(self, name="mounted", kind="ext4"):
        if kind != "ext4":
            return super().source(name, kind)
        path = f"{self.world.disk}/{name}"
        os.mkdir(path)
        os.chmod(path, 0o755)
        write(f"{path}/data.rdb", "mounted data", (101, 104), 0o660)
        os.mkdir(f"{path}/sub")
        os.chown(f"{path}/sub", 101, 104)
        return path


class WithoutAVolume(case.Case):
    def test_a_state_directory_that_is_no_mount_is_left_alone_unless_allowed(self):
        world = self.make_world(mounted=False)
        before = tree.manifest(world.root, cross=False)
        for _ in range(3):
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            self.assert_finding(outcome, "volume.not-mounted", "/var/mail-state", "--allow-unmounted")
            self.assert_untouched(before, tree.manifest(world.root, cross=False))
        self.assert_done(world.run("apply", "--allow-unmounted"))
        self.assert_linked(world)
        self.assert_done(world.run("verify", "--allow-unmounted"))

    def test_no_state_directory_is_nothing_to_do(self):
        world = self.make_world(mounted=False)
        os.rmdir(world.state)
        before = tree.manifest(world.root, cross=False)
        for _ in range(3):
            self.assert_done(world.run("apply"))
            self.assert_untouched(before, tree.manifest(world.root, cross=False))

    def test_links_into_a_volume_that_is_not_there_block(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        unmount(world.state)
        before = tree.manifest(world.root, cross=False)
        for step in ("an empty state directory", "none"):
            outcome = world.run("apply", "--output", "json")
            self.assert_status(outcome, program.BLOCKED)
            self.assert_finding(outcome, "volume.missing", "/var/mail-state")
            self.assert_untouched(tree.without(before, "var"),
                                  tree.without(tree.manifest(world.root, cross=False), "var"))
            self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis", step)
            if step != "none":
                self.assertEqual(os.listdir(world.state), [])
                os.rmdir(world.state)

    def test_a_read_only_volume_is_left_alone(self):
        world = self.make_world()
        mount("-o", "remount,bind,ro", world.state)
        before = tree.manifest(world.root, cross=False)
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.read-only", "/var/mail-state")
        self.assert_untouched(before, tree.manifest(world.root, cross=False))

    def test_a_volume_that_is_too_small_keeps_what_does_not_fit_where_it_is(self):
        world = self.make_world(filled=True, volume_size="24M")
        with open(world.path("/var/lib/clamav/large.cvd"), "wb") as file:
            file.write(os.urandom(30 << 20))
        before = tree.manifest(world.path("/var/lib/clamav"))
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "volume.no-space")
        self.assert_untouched(before, tree.manifest(world.path("/var/lib/clamav")))
        self.assertEqual(outcome.entries()["/var/lib/clamav"]["decision"], "leave-alone")
        self.assertEqual(world.link("/var/lib/postfix"), "/var/mail-state/lib-postfix")


if __name__ == "__main__":
    case.main()

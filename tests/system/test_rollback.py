#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rollback: the state stands at the origins as on the volume, an older version can use it, and apply takes it back."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, program, tree
from support.content import odd, read, write
from support.world import ENTRIES, SECRET, mount

PLACES = [*ENTRIES.values(), SECRET]


def state_of(path):
    """A manifest of a directory, or of a file's directory without the others in it."""
    if os.path.isdir(path) and not os.path.islink(path):
        return tree.manifest(path)
    return tree.below(tree.manifest(os.path.dirname(path)), os.path.basename(path))


class RollBack(case.Case):
    def both_roots(self):
        for overlay in (True, False):
            with self.subTest("overlay" if overlay else "plain directory"):
                world = self.make_world(overlay=overlay)
                yield world
                world.remove()

    def destinations(self, world):
        return {origin: state_of(f"{world.state}/{destination}") for origin, destination in PLACES}

    def assert_rolled_back(self, world, wanted, only=None):
        for origin, _ in PLACES:
            if only and origin not in only:
                self.assertIsNotNone(world.link(origin), origin)
                continue
            self.assertIsNone(world.link(origin), origin)
            self.assert_same(wanted[origin], state_of(world.path(origin)))

    def test_there_and_back_and_there_again(self):
        for world in self.both_roots():
            binaries = tree.manifest(world.path("/usr/sbin"))
            self.assert_done(world.run("apply"))
            odd(f"{world.state}/lib-redis/odd", (101, 104), world.users["amavis"])
            self.assert_done(world.run("apply"))  # the owners
            applied = tree.manifest(world.path("/usr/sbin"))
            wanted = self.destinations(world)
            outcome = self.assert_done(world.run("rollback", "--verify", "content", "--output", "json"))
            self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "roll-back")
            self.assert_rolled_back(world, wanted)
            for origin, nodes in wanted.items():
                self.assert_untouched(nodes, self.destinations(world)[origin])
            self.assert_untouched(applied, tree.manifest(world.path("/usr/sbin")))
            self.assertEqual(binaries.keys(), applied.keys())
            self.assertEqual(self.assert_done(world.run("rollback", "--output", "json")).json()["changes"], [])

            # The older version works, with its own ideas of time.
            write(world.path("/var/lib/redis/dump.rdb"), "older version", (101, 104), 0o660, time=1)
            os.unlink(world.path("/var/lib/redis/odd/large"))
            write(world.path("/etc/postsrsd.secret"), "another secret\n", time=2)
            used = state_of(world.path("/var/lib/redis"))
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            self.assert_linked(world)
            after = expected.after_apply("/var/lib/redis", used, world.users, world.groups)
            self.assert_same(after, state_of(f"{world.state}/lib-redis"))
            self.assertEqual(read(f"{world.state}/etc/postsrsd.secret"), "another secret\n")
            aside = {finding["subject"] for finding in outcome.findings("entry.displaced")}
            self.assertEqual(len(aside), 2, str(outcome))  # the two that were written to, and no other
            kept = [name for name in os.listdir(f"{world.state}/.mailstate/displaced") if "redis" in name]
            self.assert_same(wanted["/var/lib/redis"], tree.manifest(f"{world.state}/.mailstate/displaced/{kept[0]}"))
            for origin, _ in PLACES:
                directory, name = os.path.split(world.path(origin))
                self.assertFalse(os.path.lexists(f"{directory}/.mailstate.rollback-{name}"), origin)
            self.assert_done(world.run("verify"))

    def test_a_new_container_does_not_take_its_pristine_state_for_newer(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        write(f"{world.state}/lib-redis/dump.rdb", "since apply", (101, 104), 0o660)
        self.assert_done(world.run("rollback"))
        world.recreate()
        outcome = self.assert_done(world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "entry.rolled-back-elsewhere")
        self.assert_linked(world)
        self.assertEqual(read(f"{world.state}/lib-redis/dump.rdb"), "since apply")
        self.assertEqual(world.run("apply", "--output", "json").findings("entry.rolled-back-elsewhere"), [])

    def test_a_restarted_container_finds_what_it_wrote(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback", "--only", "redis"))
        write(world.path("/var/lib/redis/dump.rdb"), "older version", (101, 104), 0o660)
        world.stop_container()
        upper, work = (f"{world.disk}/{kind}-{world.starts}" for kind in ("upper", "work"))
        mount("-t", "overlay", "-o", f"lowerdir={world.image},upperdir={upper},workdir={work}", "overlay", world.root)
        mount("-t", "proc", "proc", f"{world.root}/proc")
        mount("--bind", world.volume, world.state)
        self.assert_done(world.run("apply"))
        self.assertEqual(read(f"{world.state}/lib-redis/dump.rdb"), "older version")

    def test_a_dry_run_changes_nothing(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        before = tree.manifest(world.root, cross=False), tree.manifest(world.state)
        outcome = world.run("rollback", "--dry-run", "--detailed-exitcode", "--output", "json")
        self.assert_status(outcome, program.PLAN_HAS_CHANGES)
        answer = outcome.json()
        self.assertEqual((answer["command"], answer["dry_run"], answer["has_changes"]), ("rollback", True, True))
        self.assertEqual({e["decision"] for e in answer["entries"]}, {"roll-back"})
        self.assertGreater(outcome.entries()["/var/lib/redis"]["bytes"], 200_000)
        self.assertIn("rollback --dry-run: 16 entries to roll back", world.run("rollback", "--dry-run").out)
        self.assert_untouched(before[0], tree.manifest(world.root, cross=False))
        self.assert_untouched(before[1], tree.manifest(world.state))

    def test_only_what_is_asked_for_even_if_its_service_is_off(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        wanted = self.destinations(world)
        self.assert_done(world.run("rollback", "--only", "redis", gates="0"))
        self.assert_rolled_back(world, wanted, only=("/var/lib/redis",))

    def test_what_is_mounted_or_elsewhere_is_left_alone_and_what_is_in_use_keeps_all(self):
        world = self.make_world()
        os.mkdir(f"{world.disk}/mounted")
        mount("--bind", f"{world.disk}/mounted", world.path("/var/lib/clamav"))
        self.assert_done(world.run("apply"))
        os.unlink(world.path("/var/lib/fetchmail"))
        os.symlink("/srv/fetchmail", world.path("/var/lib/fetchmail"))
        # By a process that is none of the program's ancestors, which do not count.
        with open(f"{world.state}/lib-redis/dump.rdb", "rb") as held, subprocess.Popen(
                ["sleep", "60"], stdin=held) as holder:
            outcome = world.run("rollback", "--output", "json")
            self.assert_status(outcome, program.BLOCKED)
            self.assert_finding(outcome, "destination.in-use", "sleep", f"process {holder.pid}")
            self.assertEqual(world.link("/var/lib/rspamd"), "/var/mail-state/lib-rspamd")
            holder.kill()
        outcome = self.assert_done(world.run("rollback", "--output", "json"))
        self.assert_finding(outcome, "origin.mounted", "clamav")
        self.assert_finding(outcome, "origin.link-elsewhere", "/srv/fetchmail")
        self.assertIsNone(world.link("/var/lib/redis"))
        self.assertEqual(world.link("/var/lib/fetchmail"), "/srv/fetchmail")
        self.assertIsNone(world.link("/var/lib/rspamd"))
        self.assert_status(world.run("rollback", "--strict"), program.NOT_AS_IT_SHOULD_BE)

    def test_what_does_not_fit_stays_on_the_volume_with_numbers(self):
        world = self.make_world(size="64M", volume_size="256M", filled=False)
        self.assert_done(world.run("apply"))
        write(f"{world.state}/lib-redis/large", os.urandom(60 << 20), (101, 104))
        outcome = self.assert_done(world.run("rollback", "--output", "json"))
        self.assert_finding(outcome, "origin.no-space", "60.0 MiB", "to spare")
        self.assertEqual(world.link("/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assertIsNone(world.link("/var/lib/rspamd"))

    def test_an_image_with_other_numbers_is_refused_until_apply_has_translated(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        world.recreate(users={"redis": 201})
        outcome = world.run("rollback", "--output", "json")
        self.assert_status(outcome, program.BLOCKED)
        self.assert_finding(outcome, "rollback.renumbered")
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback"))
        self.assertEqual(os.stat(world.path("/var/lib/redis/dump.rdb")).st_uid, 201)


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""apply --from-root: the state of a container that had no volume is brought onto the volume of the next one, whose image
numbers its users otherwise. The old container's files stay as they are."""

import os
import subprocess
import sys
from dataclasses import replace

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, tree
from support.content import write
from support.world import ENTRIES, SECRET

REDIS, DOVECOT = "/var/lib/redis", "/var/lib/dovecot"


class AnOldContainer(case.Case):
    def setUp(self):
        """Its files, as `docker export` writes them, and a new container with another volume."""
        before = self.make_world()
        write(f"{before.root}{DOVECOT}/of redis", "redis", (before.users["redis"], before.groups["redis"]), 0o640)
        write(f"{before.root}{DOVECOT}/of nobody known", "4711", (4711, 4712), 0o640)
        self.users, self.groups = dict(before.users), dict(before.groups)
        self.old = self.make_scratch("old")
        subprocess.run(["cp", "--archive", "--one-file-system", f"{before.root}/.", self.old], check=True)
        before.stop_container()
        self.world = self.make_world(filled=False)
        users, groups = self.world.users, self.world.groups
        self.world.recreate({"redis": users["postfix"], "postfix": users["redis"], "_rspamd": 300},
                            {"redis": groups["postdrop"], "postdrop": groups["redis"]})

    def bring(self, *more, command="apply", status=0):
        outcome = self.world.run(command, "--from-root", self.old, "--output", "json", *more)
        self.assert_status(outcome, status)
        return outcome

    def renumbered(self, nodes):
        """By the names that the numbers had in the old container."""
        to_uid = {number: self.world.users[name] for name, number in self.users.items()}
        to_gid = {number: self.world.groups[name] for name, number in self.groups.items()}
        return {path: replace(node, uid=to_uid.get(node.uid, node.uid), gid=to_gid.get(node.gid, node.gid))
                for path, node in nodes.items()}

    def old_tree(self, origin):
        return self.renumbered(tree.manifest(self.old + origin))

    def assert_has_everything(self):
        for origin, destination in ENTRIES.values():
            if os.path.isdir(self.old + origin):
                wanted = expected.after_apply(origin, self.old_tree(origin), self.world.users, self.world.groups)
                self.assert_same(wanted, tree.manifest(f"{self.world.state}/{destination}"), times_of_directories=False)

    def test_its_state_is_on_the_volume_by_the_names_of_its_owners_and_it_stays_as_it_is(self):
        old, root = tree.manifest(self.old), tree.without(tree.manifest(f"{self.world.root}/var", cross=False), "mail-state")
        planned = self.bring(command="plan").entries()
        self.assertEqual(planned[REDIS]["decision"], "prepare")
        done = self.bring().entries()
        self.assertEqual({done[origin]["outcome"] for origin, _ in ENTRIES.values() if os.path.isdir(self.old + origin)},
                         {"copied"})
        self.assert_has_everything()
        self.assert_untouched(old, tree.manifest(self.old))
        self.assertEqual(tree.without(tree.manifest(f"{self.world.root}/var", cross=False), "mail-state"), root)

        self.assert_done(self.world.run("apply"))  # as the new container starts
        self.assert_linked(self.world)
        self.assert_has_everything()
        self.assert_done(self.world.run("verify"))

    def test_a_second_run_writes_nothing(self):
        self.bring()
        before = tree.manifest(self.world.state)
        again = self.bring()
        self.assert_untouched(before, tree.manifest(self.world.state))
        self.assertEqual(again.json()["changes"], [])
        self.bring("--detailed-exitcode", command="plan")

    def test_what_the_new_container_has_written_wins_and_the_rest_is_set_aside_once(self):
        world = self.world
        self.assert_done(world.run("apply"))
        owner = (world.users["redis"], world.groups["redis"])
        write(f"{world.state}/lib-redis/dump.rdb", "of the new container", owner)
        write(f"{self.old}{REDIS}/dump.rdb", "of the old container", (self.users["redis"], self.groups["redis"]))
        outcome = self.bring()
        self.assertEqual(outcome.entries()[REDIS]["decision"], "set-aside")
        self.assert_finding(outcome, "entry.displaced")
        with open(f"{world.state}/lib-redis/dump.rdb", encoding="utf-8") as file:
            self.assertEqual(file.read(), "of the new container")
        aside = f"{world.root}{outcome.entries()[REDIS]['displaced_to']}/dump.rdb"
        with open(aside, encoding="utf-8") as file:
            self.assertEqual(file.read(), "of the old container")
        self.assertEqual((os.stat(aside).st_uid, os.stat(aside).st_gid), owner)
        self.assert_linked(world)
        before = tree.manifest(world.state)
        self.bring()
        self.assert_untouched(before, tree.manifest(world.state))

    def test_a_destination_that_the_new_container_has_left_empty_is_filled(self):
        self.assert_done(self.world.run("apply"))
        self.assertEqual(os.listdir(f"{self.world.state}/lib-dovecot"), [])
        done = self.bring().entries()
        self.assertEqual(done[DOVECOT]["outcome"], "copied")
        self.assert_same(self.old_tree(DOVECOT), tree.manifest(f"{self.world.state}/lib-dovecot"),
                         times_of_directories=False)
        self.assert_linked(self.world)
        self.assert_done(self.world.run("verify"))

    def test_a_rehearsal_foretells_it(self):
        before, old = tree.manifest(self.world.state), tree.manifest(self.old)
        self.bring(command="rehearse")
        self.assert_same(tree.without(before, ".mailstate"),
                         tree.without(tree.manifest(self.world.state), ".mailstate"), times_of_directories=False)
        self.assert_untouched(old, tree.manifest(self.old))

    def test_what_was_on_a_volume_of_its_own_is_named(self):
        subprocess.run(["rm", "--recursive", self.old + REDIS], check=True)
        os.symlink("/var/mail-state/lib-redis", self.old + REDIS)
        self.assert_finding(self.bring(), "destination.lost", "a link to that container's volume")
        self.assertFalse(os.path.lexists(f"{self.world.state}/lib-redis"))

    def test_a_user_that_is_gone_and_whose_number_is_another_s_is_named(self):
        with open(f"{self.old}/etc/passwd", "a", encoding="utf-8") as passwd:
            passwd.write(f"gone:x:{self.world.users['_rspamd']}:4711::/:/bin/false\n")
        self.assert_finding(self.bring(), "ids.reused", "gone")

    def test_what_is_no_root_or_makes_no_sense_is_refused(self):
        world, before = self.world, tree.manifest(self.world.state)
        nothing = self.make_scratch("nothing")
        for place, words in ((nothing, "is not the root of a container"), (f"{nothing}/absent", "no such file")):
            outcome = world.run("apply", "--from-root", place)
            self.assert_status(outcome, 4)
            self.assertIn(words, outcome.err)
        for more in (["--", "true"], ["--plan", "x"]):
            self.assert_status(world.run("apply", "--from-root", self.old, *more), 64)
        self.assert_untouched(before, tree.manifest(world.state))

    def test_the_secret_comes_along(self):
        self.bring()
        with open(f"{self.world.state}/{SECRET[1]}", "rb") as file, open(self.old + SECRET[0], "rb") as old:
            self.assertEqual(file.read(), old.read())


if __name__ == "__main__":
    case.main()

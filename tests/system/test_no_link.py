#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""apply --no-link: one container prepares the volume, another one, with a root of its own, makes the links."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, ledger, program, tree
from support.world import ENTRIES

REDIS, ABSENT = "/var/lib/redis", "/var/lib/getmail"


class AVolumePreparedByAnother(case.Case):
    def setUp(self):
        self.world = self.make_world()

    def prepare(self, status=0):
        outcome = self.world.run("apply", "--no-link", "--output", "json")
        self.assert_status(outcome, status)
        return outcome

    def ledger(self):
        with open(ledger.newest(f"{self.world.state}/.mailstate"), encoding="utf-8") as file:
            return json.load(file)

    def phases(self):
        return {entry["phase"] for entry in self.ledger()["entries"].values()}

    def origins(self):
        return tree.without(tree.manifest(f"{self.world.root}/var", cross=False), "mail-state")

    def test_copies_and_owns_everything_and_leaves_the_origins_as_they_are(self):
        world, before = self.world, self.origins()
        trees = {origin: tree.manifest(world.path(origin)) for origin, _ in ENTRIES.values() if origin != ABSENT}
        planned = self.assert_done(world.run("plan", "--no-link", "--output", "json")).entries()
        outcome = self.prepare()
        self.assertEqual(self.origins(), before)
        for origin, destination in ENTRIES.values():
            self.assertEqual(outcome.entries()[origin]["decision"], "prepare")
            self.assertEqual(planned[origin]["decision"], "prepare")
            if origin != ABSENT:
                self.assert_same(expected.after_apply(origin, trees[origin], world.users, world.groups),
                                 tree.manifest(f"{world.state}/{destination}"), times_of_directories=False)
        self.assertTrue(os.path.isdir(f"{world.state}/lib-getmail"))
        self.assertEqual(self.phases(), {"published"})

    def test_a_second_run_writes_nothing(self):
        self.prepare()
        before = tree.manifest(self.world.state)
        again = self.prepare()
        self.assert_untouched(before, tree.manifest(self.world.state))
        self.assertEqual({entry["decision"] for entry in again.entries().values()}, {"keep-unlinked"})
        self.assert_status(self.world.run("plan", "--no-link", "--detailed-exitcode"), 0)

    def test_the_container_that_follows_links_and_sets_nothing_aside(self):
        world = self.world
        self.prepare()
        state = tree.without(tree.manifest(world.state), ".mailstate")
        for _ in range(2):  # pods come and go, each with an init container of its own
            world.recreate()
            outcome = self.assert_done(world.run("apply", "--output", "json"))
            self.assert_linked(world)
            # The image's spool has a pid file, which is stale on the volume and gone from there.
            self.assertLessEqual({f["subject"] for f in outcome.findings("entry.displaced")}, {"postfix-spool"})
            self.assertEqual(self.phases(), {"linked"})
            self.assert_done(world.run("verify"))
            self.assert_same(state, tree.without(tree.manifest(world.state), ".mailstate"), times_of_directories=False)
            world.recreate()
            before = tree.manifest(world.state)
            self.prepare()
            self.assert_untouched(before, tree.manifest(world.state))

    def test_owners_follow_a_renumbered_image(self):
        world = self.world
        self.prepare()
        world.recreate({"redis": 501, "postfix": 502}, {"redis": 601, "postdrop": 602})
        self.prepare()
        found = os.lstat(f"{world.state}/lib-redis/dump.rdb")
        self.assertEqual((found.st_uid, found.st_gid), (501, 601))
        found = os.lstat(f"{world.state}/spool-postfix/maildrop")
        self.assertEqual((found.st_uid, found.st_gid, found.st_mode & 0o7777), (502, 602, 0o730))

    def test_what_was_there_before_is_owned_and_kept(self):
        world = self.world
        os.mkdir(f"{world.state}/lib-redis")
        with open(f"{world.state}/lib-redis/dump.rdb", "w", encoding="utf-8") as file:
            file.write("of the volume")
        outcome = self.prepare()
        self.assertEqual(outcome.entries()[REDIS]["decision"], "keep-unlinked")
        with open(f"{world.state}/lib-redis/dump.rdb", encoding="utf-8") as file:
            self.assertEqual(file.read(), "of the volume")
        self.assertEqual(os.lstat(f"{world.state}/lib-redis/dump.rdb").st_uid, world.users["redis"])
        self.assertEqual(self.phases(), {"published"})

    def test_where_the_links_are_already_it_is_an_apply(self):
        self.assert_done(self.world.run("apply"))
        before = tree.manifest(self.world.state)
        outcome = self.prepare()
        self.assertEqual({entry["decision"] for entry in outcome.entries().values()}, {"in-place"})
        self.assert_untouched(before, tree.manifest(self.world.state))

    def test_what_was_rolled_back_here_is_not_overruled(self):
        self.assert_done(self.world.run("apply"))
        self.assert_done(self.world.run("rollback", "--only", "redis"))
        before = tree.manifest(self.world.state)
        outcome = self.prepare()
        self.assert_finding(outcome, "origin.rolled-back", "redis", "--no-link")
        self.assert_untouched(before, tree.manifest(self.world.state))

    def test_a_saved_plan_keeps_the_wish(self):
        plan = f"{self.make_scratch('plan')}/plan.json"
        self.assert_done(self.world.run("plan", "--no-link", "--out", plan))
        before = self.origins()
        self.assert_done(self.world.run("apply", "--plan", plan))
        self.assertEqual(self.origins(), before)
        self.assertEqual(self.phases(), {"published"})
        self.assert_status(self.world.run("plan", "--no-link", "--detailed-exitcode"), program.DONE)


if __name__ == "__main__":
    case.main()

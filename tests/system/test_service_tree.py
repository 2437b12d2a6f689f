#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole service tree of a mail image, every service on: what apply makes of it, and what it leaves as it was."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, expected, program, tree
from support.content import write
from support.world import ENTRIES, SECRET


class InAContainer(case.Case):
    overlay = True

    def setUp(self):
        self.world = self.make_world(overlay=self.overlay)

    def everything(self):
        return {**tree.manifest(self.world.root, cross=False),
                **{b"var/mail-state/" + path: node for path, node in tree.manifest(self.world.state).items()}}

    def test_apply_makes_every_entry_a_link_and_keeps_what_is_in_it(self):
        before = tree.manifest(self.world.path("/var"), cross=False)
        secret = tree.below(tree.manifest(self.world.path("/etc")), "postsrsd.secret")
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)
        for origin, destination in ENTRIES.values():
            with self.subTest(origin):
                if os.fsencode(origin[len("/var/"):]) not in before:
                    continue
                then = tree.below(before, origin[len("/var/"):])
                wanted = expected.after_apply(origin, then, self.world.users, self.world.groups)
                found = tree.manifest(f"{self.world.state}/{destination}")
                self.assert_same(wanted, found, times_of_directories=origin != expected.SPOOL)
        now = tree.below(tree.manifest(f"{self.world.state}/etc"), "postsrsd.secret")
        self.assert_same(secret, now)

    def test_nothing_else_in_the_root_changes(self):
        ours = [origin for origin, _ in [*ENTRIES.values(), SECRET]] + ["var/mail-state", "usr/sbin"]
        before = tree.without(tree.manifest(self.world.root, cross=False), *ours)
        self.assert_done(self.world.run("apply"))
        after = tree.without(tree.manifest(self.world.root, cross=False), *ours)
        self.assert_same(before, after, times_of_directories=False)

    def test_an_entry_that_the_image_lacks_gets_an_empty_destination(self):
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_finding(outcome, "origin.missing", "/var/lib/getmail")
        self.assertEqual(outcome.entries()["/var/lib/getmail"]["decision"], "create")
        self.assertEqual(os.listdir(f"{self.world.state}/lib-getmail"), [])

    def test_only_dead_pid_files_and_sockets_are_stale(self):
        """Postfix's chroot may hold the only copy of something: a SASL database (spool/postfix/etc/sasldb2)."""
        world = self.world
        spool, state = world.path("/var/spool/postfix"), f"{world.state}/spool-postfix"
        kept = {"etc/sasldb2": "accounts", "usr/lib/own": "of one's own", "pid/note.pid": "no number", "dev/log.txt": ""}
        for name, content in {**kept, "pid/master.pid": f"{'2147483647':>20}\n"}.items():
            write(f"{spool}/{name}", content)
        self.assert_done(world.run("apply"))
        for name, content in kept.items():
            with open(f"{state}/{name}", encoding="utf-8") as file:
                self.assertEqual(file.read(), content, name)
        self.assertFalse(os.path.exists(f"{state}/pid/master.pid"))
        private = os.open(f"{state}/private", os.O_PATH)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"/proc/self/fd/{private}/auth")
            listener.listen()
            self.assert_done(world.run("apply"))
            self.assertTrue(os.path.exists(f"{state}/private/auth"))
        self.assert_done(world.run("apply"))
        self.assertFalse(os.path.exists(f"{state}/private/auth"))
        os.close(private)

    def test_special_bits_of_postfix(self):
        world = self.world
        self.assert_done(world.run("apply"))
        nodes = tree.manifest(f"{world.state}/spool-postfix")
        postfix, postdrop = world.users["postfix"], world.groups["postdrop"]
        for path, mode in ((b"maildrop", 0o730), (b"public", 0o2710)):
            node = nodes[path]
            self.assertEqual((oct(node.mode), node.uid, node.gid), (oct(mode), postfix, postdrop), path)

    def test_binaries_of_postfix_get_their_group_and_special_bit_back(self):
        for name in ("postdrop", "postqueue"):
            os.chown(self.world.path(f"/usr/sbin/{name}"), 0, 0)
            os.chmod(self.world.path(f"/usr/sbin/{name}"), 0o755)
        self.assert_done(self.world.run("apply"))
        for name in ("postdrop", "postqueue"):
            found = os.stat(self.world.path(f"/usr/sbin/{name}"))
            self.assertEqual(found.st_gid, self.world.groups["postdrop"], name)
            self.assertEqual(found.st_mode & 0o2111, 0o2111, name)

    def test_a_second_apply_touches_no_inode(self):
        self.assert_done(self.world.run("apply"))
        before = self.everything()
        outcome = self.assert_done(self.world.run("apply", "--output", "json"))
        self.assert_untouched(before, self.everything())
        self.assertEqual({e["decision"] for e in outcome.entries().values()}, {"in-place"}, str(outcome))

    def test_the_parts_that_only_look_change_nothing(self):
        for moment in ("before apply", "after apply"):
            before = self.everything()
            for arguments in (["plan"], ["apply", "--dry-run"], ["verify"], ["check"], ["probe"]):
                with self.subTest(f"{arguments} {moment}"):
                    outcome = self.world.run(*arguments)
                    self.assertIn(outcome.status, (0, program.NOT_AS_IT_SHOULD_BE), str(outcome))
                    self.assert_untouched(before, self.everything())
            self.assert_done(self.world.run("apply"))

    def test_plan_announces_what_apply_does(self):
        planned = self.assert_done(self.world.run("plan", "--output", "json"))
        applied = self.assert_done(self.world.run("apply", "--output", "json"))
        for origin, entry in planned.entries().items():
            done = applied.entries()[origin]
            self.assertEqual((entry["decision"], entry["files"]), (done["decision"], done["files"]), origin)

    def test_detailed_exit_code_tells_whether_there_is_work(self):
        for command in (["plan"], ["apply", "--dry-run"]):
            self.assert_status(self.world.run(*command, "--detailed-exitcode"), program.PLAN_HAS_CHANGES)
        self.assert_done(self.world.run("apply"))
        for command in (["plan"], ["apply", "--dry-run"]):
            self.assert_status(self.world.run(*command, "--detailed-exitcode"), 0)

    def test_verify_minds_until_apply_has_run_and_then_minds_a_wrong_owner(self):
        self.assert_status(self.world.run("verify"), program.NOT_AS_IT_SHOULD_BE)
        self.assert_done(self.world.run("apply"))
        self.assert_done(self.world.run("verify"))
        os.chown(f"{self.world.state}/lib-redis/dump.rdb", 0, 0)
        outcome = self.world.run("verify", "--output", "json")
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)
        self.assertIn("redis", str(outcome))

    def test_services_that_are_off_stay_where_they_are(self):
        before = tree.manifest(self.world.path("/var/lib"), cross=False)
        outcome = self.assert_done(self.world.run("apply", "--output", "json", gates="0", SMTP_ONLY="1"))
        self.assertEqual(outcome.entries()["/var/lib/redis"]["decision"], "disabled")
        always = ("logrotate", "postfix")
        self.assert_same(tree.without(before, *always),
                         tree.without(tree.manifest(self.world.path("/var/lib"), cross=False), *always),
                         times_of_directories=False)
        for name in always:
            self.assertEqual(self.world.link(f"/var/lib/{name}"), f"/var/mail-state/lib-{name}")

    def test_settings_file_wins_over_the_environment(self):
        settings = f"{self.world.top}/dms-settings"
        with open(settings, "w", encoding="utf-8") as file:
            file.write("ENABLE_CLAMAV='0'\nENABLE_RSPAMD=\"1\"\nexport ENABLE_FAIL2BAN=0\n")
        self.assert_done(self.world.run("apply", "--settings", settings))
        self.assertIsNone(self.world.link("/var/lib/clamav"))
        self.assertIsNone(self.world.link("/var/lib/fail2ban"))
        self.assertIsNotNone(self.world.link("/var/lib/rspamd"))

    def test_only_what_was_asked_for_is_moved(self):
        names = {origin: e["name"] for origin, e in self.world.run("plan", "--output", "json").entries().items()}
        self.assert_done(self.world.run("apply", "--only", names["/var/lib/redis"]))
        self.assertEqual(self.world.link("/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assertIsNone(self.world.link("/var/lib/clamav"))

    def test_a_lost_owner_is_put_right_and_nothing_else(self):
        self.assert_done(self.world.run("apply"))
        state = self.world.state
        before = tree.manifest(state)
        os.chown(f"{state}/lib-redis/dump.rdb", 0, 0)
        os.chmod(f"{state}/spool-postfix/maildrop", 0o777)
        self.assert_done(self.world.run("apply"))
        self.assert_same(tree.without(before, ".mailstate"), tree.without(tree.manifest(state), ".mailstate"))
        untouched = [".mailstate", "lib-redis/dump.rdb", "spool-postfix/maildrop"]
        self.assert_untouched(tree.without(before, *untouched), tree.without(tree.manifest(state), *untouched))


class OnPlainDirectories(InAContainer):
    """The same without an overlay: a virtual machine, or an engine with another storage driver."""

    overlay = False


if __name__ == "__main__":
    case.main()

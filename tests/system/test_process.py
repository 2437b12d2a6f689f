#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the process lacks: capabilities, privileges, ids, a root that can be written. Each is said, and nothing is lost."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree, user_namespace
from support.content import write
from support.world import ENTRIES, mount

REDIS, CLAMAV, SPOOL = "/var/lib/redis", "/var/lib/clamav", "/var/spool/postfix"


def in_user_namespace(count):
    return [sys.executable, user_namespace.__file__, str(count)]


class ALesserProcess(case.Case):
    def run_with(self, wrapper, command, *more):
        arguments = [*wrapper, program.binary(), *self.world.arguments(command, *more, "--output", "json")]
        done = subprocess.run(arguments, env={**program.CLEAN, **self.world.environment()}, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
        return program.Outcome(arguments, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))

    def content(self):
        """What the origins hold, wherever it lies now: nothing of it may be lost."""
        found = {}
        for origin, destination in ENTRIES.values():
            top = self.world.path(origin)
            if os.path.islink(top):
                top = f"{self.world.state}/{destination}"
            if not os.path.lexists(top):
                continue
            for path, node in tree.manifest(top).items():
                if node.kind != "directory" and not path.startswith(b".mailstate"):
                    found[origin.encode() + b"/" + path] = node.content
        return found

    def judged(self, wrapper, code, *words, warm=False):
        """apply, twice, and check: the finding is there, with the exit codes of the table."""
        if warm:
            self.assert_done(self.world.run("apply"))
        content = self.content()
        for _ in range(2):
            outcome = self.assert_done(self.run_with(wrapper, "apply"))
            self.assert_finding(outcome, code, *words)
            self.assertEqual(self.content(), content)
        self.assert_status(self.run_with(wrapper, "apply", "--strict"), program.NOT_AS_IT_SHOULD_BE)
        self.assert_finding(self.run_with(wrapper, "check"), code, *words)
        return outcome

    def without(self, *names):
        return ["setpriv", "--bounding-set=" + ",".join("-" + name for name in names)]


class AProcessThatLacksSomething(ALesserProcess):
    def setUp(self):
        self.world = self.make_world(filled=False)
        write(self.world.path(f"{REDIS}/dump.rdb"), "redis", (101, 104), 0o660)
        write(self.world.path(f"{CLAMAV}/main.cvd"), "clamav", (106, 108), 0o644)

    def test_no_fsetid_keeps_the_spool_at_home_and_moves_the_others(self):
        before = tree.manifest(self.world.path(SPOOL))
        outcome = self.judged(self.without("fsetid"), "process.capability", "CAP_FSETID", "cap_add", "postfix-spool")
        self.assert_untouched(before, tree.manifest(self.world.path(SPOOL)))
        self.assert_linked(self.world, except_for=[SPOOL])
        self.assertEqual(outcome.findings("ownership.refused"), [])
        # Given back, the spool follows, for the test is made again by a process that can do more.
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)
        self.assert_done(self.world.run("verify"))

    def test_no_chown_leaves_all_that_needs_it(self):
        self.judged(self.without("chown"), "process.capability", "CAP_CHOWN", "redis")
        self.assertIsNone(self.world.link(REDIS))

    def test_no_fowner_and_no_mknod_are_said_by_check(self):
        outcome = self.run_with(self.without("fowner", "mknod"), "check")
        self.assert_finding(outcome, "process.capability", "CAP_FOWNER", "CAP_MKNOD")
        content = self.content()
        self.assert_done(self.run_with(self.without("fowner", "mknod"), "apply"))
        self.assertEqual(self.content(), content)

    def test_no_dac_override_where_the_volume_is_somebody_elses(self):
        os.chown(self.world.volume, 1000, 1000)
        before = tree.manifest(self.world.path(REDIS))
        outcome = self.assert_done(self.run_with(self.without("dac_override", "dac_read_search"), "apply"))
        self.assert_finding(outcome, "process.capability", "CAP_DAC_OVERRIDE")
        self.assert_untouched(before, tree.manifest(self.world.path(REDIS)))
        self.assertEqual(os.listdir(self.world.state), [])

    def test_no_dac_override_leaves_origins_that_cannot_be_emptied(self):
        for name in ("etc/own", "pid/own"):  # in directories of root's own: those could be emptied
            write(self.world.path(f"{SPOOL}/{name}"), name, (0, 0), 0o644)
        before = {place: tree.manifest(self.world.path(place)) for place in (SPOOL, REDIS)}
        outcome = self.judged(self.without("dac_override"), "process.capability", "CAP_DAC_OVERRIDE", "cap_add", "redis",
                              "postfix-spool", REDIS)
        for place, found in before.items():
            self.assert_untouched(found, tree.manifest(self.world.path(place)))
        self.assertEqual(len([f for f in outcome.findings("process.capability") if "DAC" in f["message"]]), 1)
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)

    def test_no_dac_override_keeps_what_a_recreated_container_brings_whole(self):
        self.assert_done(self.world.run("apply"))
        self.world.recreate()
        write(self.world.path(f"{REDIS}/dump.rdb"), "newer", (101, 104), 0o660)
        before = tree.manifest(self.world.path(REDIS))
        self.judged(self.without("dac_override"), "process.capability", "CAP_DAC_OVERRIDE", "redis")
        self.assert_untouched(before, tree.manifest(self.world.path(REDIS)))

    def test_no_new_privs_moves_everything_and_says_that_mail_submission_fails(self):
        outcome = self.judged(["setpriv", "--no-new-privs"], "process.no-new-privs", "allowPrivilegeEscalation",
                              "/usr/sbin/postdrop")
        self.assertEqual([f["severity"] for f in outcome.findings("process.no-new-privs")], ["error"])
        self.assert_linked(self.world)
        self.assert_status(self.run_with(["setpriv", "--no-new-privs"], "check"), program.NOT_AS_IT_SHOULD_BE)

    def test_a_user_namespace_with_a_small_map_leaves_owners_that_it_cannot_express(self):
        small = in_user_namespace(500)
        before = tree.manifest(self.world.path("/var/lib/amavis"))
        outcome = self.judged(small, "process.id-map", "user amavis (997)", "user namespace", "65,536")
        self.assertIsNone(self.world.link("/var/lib/amavis"))
        self.assert_untouched(before, tree.manifest(self.world.path("/var/lib/amavis")))
        self.assertEqual(self.world.link(REDIS), "/var/mail-state/lib-redis")
        self.assertEqual(os.stat(f"{self.world.state}/lib-redis/dump.rdb").st_uid, 101)
        self.assertEqual(len(outcome.findings("process.id-map")), 1)
        self.assert_finding(self.run_with(small, "check"), "process.user-namespace", "500 ids", "65534")

    def test_a_file_of_an_owner_outside_the_map_keeps_its_entry_at_home(self):
        write(self.world.path("/var/lib/fail2ban/foreign"), "of nobody here", (65534, 65534))
        before = tree.manifest(self.world.path("/var/lib/fail2ban"))
        outcome = self.assert_done(self.run_with(in_user_namespace(500), "apply"))
        self.assert_finding(outcome, "entry.failed", "fail2ban", "user namespace")
        self.assert_untouched(before, tree.manifest(self.world.path("/var/lib/fail2ban")))

    def test_a_read_only_root_prepares_the_volume_and_links_nothing(self):
        mount("-o", "remount,bind,ro", self.world.root)
        outcome = self.assert_done(self.run_with([], "apply"))
        self.assert_finding(outcome, "origin.read-only", "--read-only", "redis", "clamav")
        self.assertEqual(len(outcome.findings("origin.read-only")), 1, "one finding for one cause")
        self.assertIsNone(self.world.link(REDIS))
        self.assertTrue(os.path.exists(f"{self.world.state}/lib-redis/dump.rdb"))
        before = tree.manifest(self.world.state)
        self.assert_done(self.run_with([], "apply"))
        self.assert_untouched(before, tree.manifest(self.world.state))
        self.assert_status(self.run_with([], "apply", "--strict"), program.NOT_AS_IT_SHOULD_BE)


class ADestinationThatIsWorkedInAsItsUser(ALesserProcess):
    """Root that may not give files away and may not look everywhere, as on an NFS export with root_squash."""

    def setUp(self):
        self.world = self.make_world(filled=False)
        # Root's own, so that this root can read and remove it; the rules give it to redis.
        self.world.stop_container()
        redis = f"{self.world.image}{REDIS}"
        os.chown(redis, 0, 0)
        os.chmod(redis, 0o755)
        write(f"{redis}/dump.rdb", "redis", (0, 0), 0o644)
        os.mkdir(f"{redis}/sub")
        write(f"{redis}/sub/more", "more", (0, 0), 0o600)
        self.world.start_container()
        self.squashed = self.without("chown", "dac_override", "dac_read_search", "fowner", "fsetid")
        self.destination = f"{self.world.state}/lib-redis"
        os.mkdir(self.destination)
        os.chown(self.destination, 101, 104)
        os.chmod(self.destination, 0o750)
        self.only = ("--only", "redis")

    def state(self):
        return tree.without(tree.manifest(self.destination), ".mailstate")

    def test_redis_moves_as_redis_and_stays_in_place(self):
        before = tree.manifest(self.world.path(REDIS))
        outcome = self.assert_done(self.run_with(self.squashed, "apply", *self.only))
        self.assertEqual(self.world.link(REDIS), "/var/mail-state/lib-redis", str(outcome))
        self.assertEqual(outcome.entries()[REDIS]["decision"], "move")
        self.assertIn("as user redis", outcome.entries()[REDIS]["reason"])
        self.assertEqual(self.state().keys(), before.keys())
        for path, node in self.state().items():
            self.assertEqual((node.uid, node.gid), (101, 104), path)
            self.assertEqual((node.content, node.mode), (before[path].content, before[path].mode), path)
        everything = tree.manifest(self.world.state)
        self.assert_done(self.run_with(self.squashed, "apply", *self.only))
        self.assert_untouched(everything, tree.manifest(self.world.state))
        self.assert_done(self.run_with(self.squashed, "verify", *self.only))

    def test_a_recreated_container_is_linked_and_what_it_alone_has_is_set_aside_inside(self):
        self.assert_done(self.run_with(self.squashed, "apply", *self.only))
        write(f"{self.world.image}{REDIS}/new", "only in the image", (0, 0), 0o644)
        self.world.recreate()
        kept = self.state()
        outcome = self.assert_done(self.run_with(self.squashed, "apply", *self.only))
        self.assertEqual(self.world.link(REDIS), "/var/mail-state/lib-redis", str(outcome))
        self.assert_same(kept, self.state(), times_of_directories=False)
        self.assert_finding(outcome, "entry.displaced", "/lib-redis/.mailstate/displaced/")
        aside = tree.manifest(f"{self.destination}/.mailstate/displaced")
        self.assertTrue([p for p in aside if p.endswith(b"/new")])

    def test_the_finding_for_the_others_says_what_to_make_on_the_server(self):
        outcome = self.assert_done(self.run_with(self.squashed, "apply"))
        self.assertEqual(self.world.link(REDIS), "/var/mail-state/lib-redis", str(outcome))
        self.assertIsNone(self.world.link(SPOOL))

    def test_a_kill_at_any_call_is_finished_by_the_next_run(self):
        before = tree.manifest(self.world.path(REDIS))
        calls = "renameat,renameat2,unlinkat,mkdirat,symlinkat,fsync"
        for number in range(1, 200, 7):
            strace = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e",
                      f"inject={calls}:signal=KILL:when={number}"]
            killed = self.run_with([*self.squashed, *strace], "apply", *self.only)
            if killed.status == 0:
                break
        else:
            self.fail("it never ended")
        self.assert_done(self.run_with(self.squashed, "apply", *self.only))
        self.assertEqual(self.world.link(REDIS), "/var/mail-state/lib-redis")
        self.assertEqual({p: n.content for p, n in self.state().items()}, {p: n.content for p, n in before.items()})
        self.assertEqual([p for p in tree.manifest(self.destination) if b"staging." in p], [])


class AnOddContainer(ALesserProcess):
    def setUp(self):
        self.world = self.make_world(filled=False)

    def test_passwd_and_group_are_links(self):
        for name, text in (("passwd", "/usr/share/users/passwd"), ("group", "../usr/share/users/group")):
            path, moved = self.world.path(f"/etc/{name}"), self.world.path(f"/usr/share/users/{name}")
            os.makedirs(os.path.dirname(moved), exist_ok=True)
            os.rename(path, moved)
            os.symlink(text, path)
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)
        self.assertEqual(self.world.run("apply", "--output", "json").codes(), [])

    def test_a_limit_of_the_size_of_files(self):
        big = self.world.path("/var/lib/rspamd/big")
        with open(big, "wb") as file:
            file.write(os.urandom(3_000_000))
        outcome = self.assert_done(self.run_with(["prlimit", "--fsize=1000000"], "apply"))
        self.assert_finding(outcome, "entry.failed", "EFBIG")
        self.assert_linked(self.world, except_for=["/var/lib/rspamd"])
        self.assertEqual(os.stat(big).st_size, 3_000_000)


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""history, and roll back to before one of its runs."""

import json
import mmap
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, ledger, program, tree
from support.content import read, write
from support.world import mount

RUN = {"started": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:00:01Z", "host": "old", "version": "0.0.1",
       "command": "apply", "exit_code": 0, "changes": ["moved /var/lib/redis to /var/mail-state/lib-redis"]}


class History(case.Case):
    def history(self, world, *more):
        return self.assert_done(world.run("history", "--output", "json", *more)).json()

    def file(self, world):
        return f"{world.state}/.mailstate/history.jsonl"

    def test_says_each_run_and_what_it_changed_newest_last(self):
        world = self.make_world()
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback", "--only", "redis"))
        runs = self.history(world)["runs"]
        self.assertEqual([(run["run"], run["command"]) for run in runs], [(1, "apply"), (2, "apply"), (3, "rollback")])
        self.assertEqual([(e["entry"], e["before"], e["after"]) for e in runs[0]["entries"]],
                         [("redis", "at-origin", "linked")])
        self.assertEqual([(e["before"], e["after"]) for e in runs[2]["entries"]], [("linked", "rolled-back")])
        self.assertEqual(len(runs[1]["entries"]), 15)
        self.assertIn("rolled back", runs[2]["changes"][0])
        self.assertEqual([run["run"] for run in self.history(world, "--limit", "2")["runs"]], [2, 3])
        self.assertEqual([run["run"] for run in self.history(world, "--only", "redis")["runs"]], [1, 3])
        self.assertEqual([run["run"] for run in self.history(world, "--only", "postfix-spool")["runs"]], [2])

    def test_a_pipe_gets_each_change_in_one_line(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        outcome = self.assert_done(world.run("history"))
        self.assertIn("run 1: 20", outcome.out)
        self.assertIn("      moved /var/lib/dovecot to /var/mail-state/lib-dovecot (1 file, 2 B)\n", outcome.out)
        self.assertIn("at-origin → linked: postfix-spool, postfix, ", outcome.out)
        self.assertIn("history: 1 run;", outcome.out)

    def test_a_run_that_changes_nothing_has_no_line(self):
        world = self.make_world()
        self.assertIn("no run has changed anything", self.assert_done(world.run("history")).out)
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("apply"))
        self.assertEqual(len(self.history(world)["runs"]), 1)

    def test_bad_lines_are_said_by_number_and_passed_over(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        good = read(self.file(world))
        with open(self.file(world), "wb") as file:
            file.write(json.dumps(RUN).encode() + b"\n\n{\"started\": 1}\n\xff\x00\n" + good.encode() + good[:70].encode())
        answer = self.history(world)
        self.assertEqual([run["run"] for run in answer["runs"]], [1, 5])
        self.assertIsNone(answer["runs"][0]["entries"])
        lines = [f["message"].split()[1] for f in answer["findings"]]
        self.assertEqual({f["code"] for f in answer["findings"]}, {"history.bad-line"})
        self.assertEqual(lines, ["2", "3", "4", "6"])
        self.assert_status(world.run("history", "--strict"), program.NOT_AS_IT_SHOULD_BE)
        self.assertEqual([run["run"] for run in self.history(world, "--only", "redis")["runs"]], [1, 5])

    def test_a_torn_last_line_hides_nothing_that_comes_after(self):
        world = self.make_world()
        self.assert_done(world.run("apply", "--only", "redis"))
        os.truncate(self.file(world), os.path.getsize(self.file(world)) - 20)
        self.assert_done(world.run("apply", "--only", "clamav"))
        answer = self.history(world)
        self.assertEqual([run["run"] for run in answer["runs"]], [2])
        self.assertEqual([f["message"].split()[1] for f in answer["findings"]], ["1"])

    def test_without_a_ledger_and_on_a_volume_that_is_read_only(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        ledger.remove(f"{world.state}/.mailstate")
        before = tree.manifest(world.state)
        mount("-o", "remount,bind,ro", world.state)
        self.assertEqual(len(self.history(world)["runs"]), 1)
        self.assert_untouched(before, tree.manifest(world.state))
        mount("-o", "remount,bind,rw", world.state)
        write(f"{world.state}/.mailstate/ledger.7.json", "{")
        outcome = self.assert_done(world.run("history", "--output", "json"))
        self.assert_finding(outcome, "ledger.broken")
        self.assertEqual(len(outcome.json()["runs"]), 1)

    def test_a_history_that_is_a_link_is_not_followed(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        os.rename(self.file(world), f"{world.state}/elsewhere")
        os.symlink("../elsewhere", self.file(world))
        self.assert_status(world.run("history"), program.BLOCKED)


class RollBackTo(case.Case):
    def run_number(self, world):
        return self.assert_done(world.run("history", "--output", "json")).json()["runs"][-1]["run"]

    def decisions(self, outcome):
        return {entry["name"]: entry["decision"] for entry in outcome.json()["entries"]}

    def test_what_was_moved_since_goes_back_and_what_was_there_before_stays(self):
        world = self.make_world()
        self.assert_done(world.run("apply", "--only", "clamav"))
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assert_done(world.run("apply"))
        write(f"{world.state}/lib-redis/since", "written since", (101, 104))
        wanted = tree.manifest(f"{world.state}/lib-redis")
        before = tree.manifest(world.state)
        outcome = world.run("rollback", "--before", "2", "--dry-run", "--detailed-exitcode", "--output", "json")
        self.assert_status(outcome, program.PLAN_HAS_CHANGES)
        self.assertEqual(self.decisions(outcome)["clamav"], "in-place")
        self.assertEqual(self.decisions(outcome)["redis"], "roll-back")
        self.assert_untouched(before, tree.manifest(world.state))

        outcome = self.assert_done(world.run("rollback", "--before", "2", "--output", "json"))
        self.assert_finding(outcome, "rollback.newer", "before run 2")
        self.assertEqual(world.link("/var/lib/clamav"), "/var/mail-state/lib-clamav")
        self.assertIsNone(world.link("/var/lib/redis"))
        self.assertIsNone(world.link("/var/lib/rspamd"))
        self.assert_same(wanted, tree.manifest(world.path("/var/lib/redis")))
        self.assertEqual(self.assert_done(world.run("rollback", "--before", "2", "--output", "json")).json()["changes"], [])
        self.assert_done(world.run("apply"))
        self.assert_linked(world)
        self.assertEqual(read(f"{world.state}/lib-redis/since"), "written since")

    def test_what_was_rolled_back_since_is_said_and_apply_takes_it_there(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback", "--only", "redis"))
        outcome = self.assert_done(world.run("rollback", "--before", "2", "--output", "json"))
        self.assert_finding(outcome, "rollback.on-volume", "apply --only redis")
        self.assertEqual(outcome.json()["changes"], [])
        self.assert_done(world.run("apply", "--only", "redis"))
        self.assert_linked(world)

    # docker-mailserver's layout, whose one entry that is a file has content that counts here.
    def layout_with_a_file(self, world):
        layout = json.loads(self.assert_done(world.run("layout", "show", "docker-mailserver")).out)
        for entry in layout["entries"]:
            if entry["name"] == "postsrsd-secret":
                del entry["disposable"]
        path = f"{os.path.dirname(world.root)}/layout.json"
        write(path, json.dumps(layout))
        return ("--layout", path)

    def test_what_was_set_aside_returns_where_it_is_the_earlier_state(self):
        world = self.make_world()
        layout = self.layout_with_a_file(world)
        os.mkdir(f"{world.volume}/etc")
        write(f"{world.volume}/etc/postsrsd.secret", "of the volume\n", time=1)
        before = tree.manifest(world.path("/etc"))[b"postsrsd.secret"]
        self.assert_done(world.run("apply", *layout))
        outcome = self.assert_done(world.run("rollback", "--before", "1", "--output", "json", *layout))
        self.assert_finding(outcome, "rollback.returned", "exactly as it was before run 1")
        self.assertEqual(tree.manifest(world.path("/etc"))[b"postsrsd.secret"], before)
        self.assertEqual(read(f"{world.state}/etc/postsrsd.secret"), "of the volume\n")
        # Not used since: the volume's is what counts, as it was in run 1, and nothing is set aside twice.
        displaced = sorted(os.listdir(f"{world.state}/.mailstate/displaced"))
        self.assert_done(world.run("apply", *layout))
        self.assert_linked(world)
        self.assertEqual(read(f"{world.state}/etc/postsrsd.secret"), "of the volume\n")
        self.assertEqual(sorted(os.listdir(f"{world.state}/.mailstate/displaced")), displaced)

    def test_what_returned_and_was_used_since_is_the_newer(self):
        world = self.make_world()
        os.mkdir(f"{world.volume}/etc")
        write(f"{world.volume}/etc/postsrsd.secret", "of the volume\n", time=1)
        self.assert_done(world.run("apply"))
        self.assert_done(world.run("rollback", "--before", "1"))
        write(world.path("/etc/postsrsd.secret"), "used since\n")
        self.assert_done(world.run("apply"))
        self.assertEqual(read(f"{world.state}/etc/postsrsd.secret"), "used since\n")
        displaced = f"{world.state}/.mailstate/displaced"
        kept = [name for name in os.listdir(displaced)
                if os.path.isfile(f"{displaced}/{name}") and read(f"{displaced}/{name}") == "of the volume\n"]
        self.assertTrue(kept, os.listdir(displaced))

    def test_what_is_set_aside_in_parts_only_is_said(self):
        world = self.make_world()
        os.mkdir(f"{world.volume}/lib-redis")
        write(f"{world.volume}/lib-redis/of the volume", "kept", (101, 104))
        write(f"{world.volume}/lib-redis/appendonly.aof", "*2\n", (101, 104), 0o644)
        self.assert_done(world.run("apply"))
        outcome = self.assert_done(world.run("rollback", "--before", "1", "--only", "redis", "--output", "json"))
        self.assert_finding(outcome, "rollback.in-parts", "-redis")
        self.assertEqual(read(world.path("/var/lib/redis/of the volume")), "kept")

    def test_runs_that_are_not_there_or_cannot_be_read_are_refused(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        history = f"{world.state}/.mailstate/history.jsonl"
        with open(history, "a", encoding="utf-8") as file:
            file.write("torn\n" + json.dumps(RUN) + "\n")
        for run, words in (("9", "no such run"), ("2", "cannot be read"), ("3", "did not record"), ("1", "run 3"),
                           ("0", "no such run")):
            before = tree.everything(world)
            outcome = world.run("rollback", "--before", run, "--output", "json")
            self.assert_status(outcome, program.BLOCKED)
            self.assert_finding(outcome, "rollback.unknown-run", words)
            self.assert_untouched(before, tree.everything(world))
        self.assert_status(world.run("rollback", "--before", "yesterday"), program.USAGE)

    def test_a_run_that_was_cut_off_counts_with_the_next(self):
        world = self.make_world()
        self.assert_done(world.run("apply", "--only", "clamav"))
        self.assert_done(world.run("apply", "--only", "redis"))
        history = f"{world.state}/.mailstate/history.jsonl"
        lines = read(history).splitlines()
        os.truncate(history, len(lines[0]) + 1)  # killed before it could write its line
        newest = ledger.newest(f"{world.state}/.mailstate")
        content = json.loads(read(newest))
        content["unrecorded"] = json.loads(lines[1])["entries"]
        write(newest, json.dumps(content))
        outcome = self.assert_done(world.run("history", "--output", "json"))
        self.assert_finding(outcome, "history.unrecorded", "redis")
        outcome = self.assert_done(world.run("rollback", "--before", "1", "--output", "json"))
        self.assertIsNone(world.link("/var/lib/redis"))
        self.assertIsNone(world.link("/var/lib/clamav"))
        entries = self.assert_done(world.run("history", "--output", "json")).json()["runs"][-1]["entries"]
        self.assertEqual({(e["entry"], e["before"], e["after"]) for e in entries},
                         {("redis", "at-origin", "rolled-back"), ("clamav", "linked", "rolled-back")})

    def test_a_service_that_still_runs_keeps_everything_where_it_is(self):
        world = self.make_world()
        self.assert_done(world.run("apply"))
        dump = f"{world.state}/lib-redis/dump.rdb"
        before = tree.everything(world)
        for how in ("open", "directory", "mapped"):
            with self.subTest(how):
                holder = self.hold(how, dump)
                outcome = world.run("rollback", "--output", "json")
                dry = world.run("rollback", "--before", "1", "--dry-run", "--output", "json")
                self.assert_status(outcome, program.BLOCKED)
                self.assert_status(dry, program.BLOCKED)
                for said in (outcome, dry):
                    self.assert_finding(said, "destination.in-use", f"process {holder.pid}")
                    self.assert_finding(said, "rollback.in-use", "redis", "--allow-in-use")
                self.assertEqual(outcome.json()["changes"], [])
                self.let_go(holder)
        self.assert_untouched(before, tree.everything(world))
        holder = self.hold("open", dump)
        self.assert_done(world.run("rollback", "--only", "clamav"))
        self.assertIsNone(world.link("/var/lib/clamav"))
        outcome = self.assert_done(world.run("rollback", "--allow-in-use", "--output", "json"))
        self.assert_finding(outcome, "destination.in-use", f"process {holder.pid}")
        self.assertIsNone(world.link("/var/lib/redis"))
        self.let_go(holder)

    def hold(self, how, path):
        """A process that is none of the program's ancestors, which do not count."""
        if how == "directory":
            return subprocess.Popen(["sleep", "60"], cwd=os.path.dirname(path))
        if how == "open":
            with open(path, "rb") as file:
                return subprocess.Popen(["sleep", "60"], stdin=file)
        # Python's own mmap keeps a descriptor: the mapping alone is what is looked for.
        code = ("import ctypes, os, sys, time\nfd = os.open(sys.argv[1], os.O_RDONLY)\nlibc = ctypes.CDLL(None)\n"
                f"libc.mmap(None, ctypes.c_size_t({mmap.PAGESIZE}), mmap_read, mmap_private, fd, ctypes.c_long(0))\n"
                "os.close(fd)\nprint('ready', flush=True)\ntime.sleep(60)\n")
        code = code.replace("mmap_read", str(mmap.PROT_READ)).replace("mmap_private", str(mmap.MAP_PRIVATE))
        holder = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE)
        holder.stdout.readline()
        return holder

    def let_go(self, holder):
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()


if __name__ == "__main__":
    case.main()

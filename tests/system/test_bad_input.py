#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Files that are not what they should be: refused with file, line and column, and nothing is changed."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, ledger, program, tree

LAYOUT = {"name": "small", "version": 1, "state_dir": "/var/mail-state",
          "entries": [{"name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis",
                       "ownership": [{"match": "**", "owner": "redis", "group": "redis"}]},
                      {"name": "postgrey", "origin": "/var/lib/postgrey", "destination": "lib-postgrey",
                       "ownership": [{"match": "**", "owner": "postgrey", "group": "postgrey"}]}]}


class BadInput(case.Case):
    def setUp(self):
        self.world = self.make_world()

    def file(self, name, text):
        path = f"{self.world.top}/{name}"
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def assert_refused(self, path, *arguments, command="apply"):
        before = tree.manifest(self.world.root, cross=False)
        outcome = self.world.run(command, *arguments)
        self.assert_status(outcome, program.BAD_FILE)
        self.assertRegex(outcome.err + outcome.out, rf"{os.path.basename(path)}:\d+:\d+", str(outcome))
        self.assertEqual(os.listdir(self.world.state), [])
        self.assert_untouched(before, tree.manifest(self.world.root, cross=False))

    def test_broken_layouts(self):
        entry = LAYOUT["entries"][0]
        broken = {
            "no JSON": '{\n  "name": "x",\n  oops\n}',
            "empty": "",
            "bytes": b"\xff\xfe\x00\x01",
            "wrong type": json.dumps({**LAYOUT, "entries": {}}),
            "unknown key": json.dumps({**LAYOUT, "entrees": []}),
            "destination climbs out": json.dumps({**LAYOUT, "entries": [{**entry, "destination": "../../etc"}]}),
            "destination in the workspace": json.dumps({**LAYOUT, "entries": [{**entry, "destination": ".mailstate/x"}]}),
            "relative origin": json.dumps({**LAYOUT, "entries": [{**entry, "origin": "var/lib/redis"}]}),
            "bad glob": json.dumps({**LAYOUT, "entries": [{**entry, "stale": ["{a"]}]}),
            "bad mode": json.dumps({**LAYOUT, "entries": [{**entry, "ownership": [{"match": "**", "mode": "0999"}]}]}),
            "same destination twice": json.dumps(
                {**LAYOUT, "entries": [entry, {**entry, "name": "other", "origin": "/var/lib/other"}]}),
            "one name twice": json.dumps(
                {**LAYOUT, "entries": [entry, {**entry, "origin": "/var/lib/b", "destination": "b"}]}),
        }
        for number, (what, text) in enumerate(broken.items()):
            with self.subTest(what):
                path = self.file(f"layout-{number}.json", text)
                self.assert_refused(path, "--layout", path)
                outcome = program.run(["layout", "validate", path])
                self.assert_status(outcome, program.BAD_FILE)

    def test_a_broken_settings_file(self):
        path = self.file("dms-settings", "ENABLE_CLAMAV='1'\nENABLE_RSPAMD='1\n")
        self.assert_refused(path, "--settings", path)

    def test_broken_plans(self):
        for number, text in enumerate(("{", "[]", '{"entries": 3}', "\0")):
            path = self.file(f"plan-{number}.json", text)
            with self.subTest(text):
                self.assert_refused(path, "--plan", path)

    def test_files_that_are_not_there(self):
        for arguments in (["--layout", "./none.json"], ["--settings", "./none"], ["--plan", "./none.json"]):
            with self.subTest(arguments):
                outcome = self.world.run("apply", *arguments)
                self.assert_status(outcome, program.BAD_FILE)
                self.assertIn("none", outcome.err)

    def test_a_layout_of_the_user(self):
        path = self.file("layout.json", json.dumps(LAYOUT))
        self.assert_done(program.run(["layout", "validate", path]))
        self.assert_done(self.world.run("apply", "--layout", path))
        self.assertEqual(self.world.link("/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assertIsNone(self.world.link("/var/lib/clamav"))

    def test_an_unknown_user_leaves_the_owners_of_its_entry_and_is_said(self):
        layout = json.loads(json.dumps(LAYOUT))
        layout["entries"][0]["ownership"][0]["owner"] = "nosuchuser"
        path = self.file("layout.json", json.dumps(layout))
        before = tree.manifest(self.world.path("/var/lib/redis"))
        outcome = self.assert_done(self.world.run("apply", "--layout", path, "--output", "json"))
        self.assertIn("nosuchuser", json.dumps(outcome.findings()))
        self.assertEqual(self.world.link("/var/lib/postgrey"), "/var/mail-state/lib-postgrey")
        where = "/var/lib/redis" if self.world.link("/var/lib/redis") is None else "/var/mail-state/lib-redis"
        self.assert_same(before, tree.manifest(self.world.path(where)))

    def test_a_ledger_of_a_newer_version_blocks_and_stays_as_it_is(self):
        self.assert_done(self.world.run("apply"))
        path = ledger.newest(f"{self.world.state}/.mailstate")
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        self.assertEqual(content["schema"], 1)
        content["schema"] = 99
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
        os.chown(f"{self.world.state}/lib-redis/dump.rdb", 0, 0)
        before = tree.manifest(self.world.state)
        for command in ("apply", "plan"):
            outcome = self.world.run(command, "--output", "json")
            self.assert_status(outcome, program.BLOCKED)
            self.assert_finding(outcome, "ledger.newer", "99")
            self.assert_untouched(before, tree.manifest(self.world.state))

    def test_a_ledger_that_is_no_ledger_is_set_aside_and_the_run_goes_on(self):
        self.assert_done(self.world.run("apply"))
        for text in (b"", b"{", b"\xff\0", b'{"schema": 1, "entries": []}'):
            with self.subTest(text):
                with open(ledger.newest(f"{self.world.state}/.mailstate"), "wb") as file:
                    file.write(text)
                self.assert_done(self.world.run("apply"))
                self.assert_linked(self.world)
                kept = tree.manifest(f"{self.world.state}/.mailstate", content=False)
                self.assertTrue([p for p, n in kept.items() if n.kind == "file" and n.size == len(text)], kept.keys())
        with open(ledger.newest(f"{self.world.state}/.mailstate"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["schema"], 1)

    def test_gates_that_are_no_number_are_said_and_count_as_bash_counts_them(self):
        outcome = self.assert_done(self.world.run("apply", "--output", "json", ENABLE_CLAMAV="yes please"))
        self.assertIn("ENABLE_CLAMAV", json.dumps(outcome.findings()))
        self.assertIsNone(self.world.link("/var/lib/clamav"))


if __name__ == "__main__":
    case.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The program as a file: static, small, at home in an empty image; and what it says to a person who is new to it."""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program

COMMANDS = ("plan", "apply", "verify", "rollback", "check", "probe", "seal", "sni", "layout", "man", "completion",
            "help", "version")


class TheFile(case.Case):
    def test_is_static(self):
        said = subprocess.run(["ldd", program.binary()], capture_output=True, text=True, check=False)
        self.assertRegex(said.stdout + said.stderr, "not a dynamic executable|statically linked")

    def test_is_small(self):
        stripped = f"{self.make_scratch('strip')}/mailstate"
        subprocess.run(["strip", "-o", stripped, program.binary()], check=True)
        self.assertLess(os.path.getsize(stripped), 6 << 20)

    def test_names_no_place_where_it_was_built(self):
        """Else two builds of the same sources differ."""
        sources = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
        with open(program.binary(), "rb") as file:
            content = file.read()
        self.assertNotIn(os.fsencode(sources), content)
        self.assertNotIn(b"../src/", content)
        self.assertIn(b"src/", content, "asserts name their file")

    def test_runs_in_an_empty_directory_as_root(self):
        root = self.make_scratch("empty")
        shutil.copy(program.binary(), f"{root}/mailstate")
        for arguments in (["--help"], ["--version"], ["layout", "list"], ["layout", "show", "docker-mailserver"]):
            said = subprocess.run(["chroot", root, "/mailstate", *arguments], capture_output=True, text=True, check=False)
            self.assertEqual((said.returncode, said.stderr), (0, ""), arguments)
            self.assertTrue(said.stdout)
        self.assertEqual(os.listdir(root), ["mailstate"])

    def test_apply_in_an_empty_directory_ends_with_a_word_on_what_is_missing(self):
        root = self.make_scratch("empty")
        shutil.copy(program.binary(), f"{root}/mailstate")
        said = subprocess.run(["chroot", root, "/mailstate", "apply"], capture_output=True, text=True, check=False)
        self.assertNotIn(said.returncode, range(128, 256), said)
        self.assertTrue(said.stderr or said.stdout)
        self.assertEqual(os.listdir(root), ["mailstate"])


class WhatItSays(case.Case):
    def test_version(self):
        outcome = self.assert_done(program.run(["--version"]))
        self.assertRegex(outcome.out, r"^mailstate \d+\.\d+\.\d+")

    def test_help_names_commands_options_and_exit_codes(self):
        text = self.assert_done(program.run(["--help"])).out
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^\s*{command}\b")
        for option in ("--layout", "--state-dir", "--root", "--only", "--settings", "--strict", "--jobs", "--output"):
            self.assertIn(option, text)
        for code in ("0", "3", "4", "5", "64", "65", "75"):
            self.assertRegex(text, rf"(?m)^\s*{code}\s")

    def test_each_command_has_its_own_help(self):
        for command in COMMANDS:
            text = self.assert_done(program.run([command, "--help"])).out
            self.assertIn(f"mailstate {command}", text)

    def test_nothing_is_wider_than_a_terminal(self):
        for arguments in ([], *([command] for command in COMMANDS)):
            for line in program.run([*arguments, "--help"]).out.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_mistakes_end_with_64_and_a_way_on(self):
        mistakes = {
            ("aply",): "apply",
            ("apply", "--dryrun"): "--dry-run",
            ("apply", "--jobs", "none"): "jobs",
            ("apply", "--jobs", "0"): "jobs",
            ("apply", "--output", "yaml"): "json",
            ("apply", "--layout"): "layout",
            ("apply", "stray"): "stray",
            ("plan", "--ownership", "slow"): "ownership",
            ("layout", "frobnicate"): "show LAYOUT",
            ("layout", "show"): "show LAYOUT",
            ("layout", "frobnicate", "it"): "not 'frobnicate it'",
            (): "--help",
        }
        for arguments, word in mistakes.items():
            with self.subTest(arguments):
                outcome = program.run(arguments)
                self.assert_status(outcome, program.USAGE)
                self.assertEqual(outcome.out, "")
                self.assertIn(word, outcome.err)

    def test_an_unknown_entry_or_layout_is_a_mistake_too(self):
        world = self.make_world(filled=False, size="64M")
        for arguments in (["--only", "nosuch"], ["--layout", "nosuch"]):
            outcome = world.run("apply", *arguments)
            self.assertIn(outcome.status, (program.USAGE, program.BAD_FILE), str(outcome))
            self.assertIn("nosuch", outcome.err)
            self.assertEqual(os.listdir(world.state), [])
        self.assertIn("Built in: docker-mailserver", program.run(["layout", "show", "nosuch"]).err)

    def test_a_root_that_is_not_there(self):
        outcome = program.run(["apply", "--root", "/nowhere/at/all"])
        self.assertNotEqual(outcome.status, 0, str(outcome))
        self.assertLess(outcome.status, 128)
        self.assertIn("/nowhere/at/all", outcome.err)

    def test_options_come_from_the_environment_too(self):
        world = self.make_world(filled=False, size="64M")
        outcome = self.assert_done(world.run("plan", MAILSTATE_OUTPUT="json"))
        self.assertEqual(outcome.json()["command"], "plan")
        self.assert_status(world.run("plan", MAILSTATE_OUTPUT="yaml"), program.USAGE)

    def test_json_and_text_say_the_same(self):
        world = self.make_world(size="128M")
        os.mkfifo(f"{world.state}/lib-clamav")
        spoken = self.assert_done(world.run("plan")).out
        told = self.assert_done(world.run("plan", "--output", "json"))
        flat = re.sub(r"\s+", " ", spoken)
        for finding in told.findings():
            self.assertIn(finding["message"], flat, spoken)
        for entry in told.entries().values():
            self.assertIn(entry["name"], flat)

    def test_an_apply_says_what_it_did(self):
        world = self.make_world(size="128M")
        outcome = self.assert_done(world.run("apply"))
        self.assertIn("/var/lib/redis", outcome.out + outcome.err)
        self.assertNotIn("\x1b", outcome.out + outcome.err)  # no colours where there is no terminal

    def test_every_layout_that_is_listed_can_be_shown_and_is_valid(self):
        names = self.assert_done(program.run(["layout", "list"])).out
        self.assertIn("docker-mailserver", names)
        scratch = self.make_scratch("layouts")
        for name in re.findall(r"(?m)^\s*([a-z][a-z-]+)\b", names):
            shown = program.run(["layout", "show", name])
            if shown.status == 0:
                with open(f"{scratch}/{name}.json", "w", encoding="utf-8") as file:
                    file.write(shown.out)
                self.assert_done(program.run(["layout", "validate", f"{scratch}/{name}.json"]))


if __name__ == "__main__":
    case.main()

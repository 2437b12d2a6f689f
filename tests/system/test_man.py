#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manual page, as man, groff and mandoc read it."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program

ENVIRONMENT = {**program.CLEAN, "MANWIDTH": "80", "MANROFFOPT": "", "TERM": "dumb"}


def run(*command):
    return subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)


class ManualPage(case.Case):
    def setUp(self):
        self.source = self.assert_done(program.run(["man"])).out
        self.file = f"{self.make_scratch('man')}/mailstate.1"
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(self.source)

    def assert_silent(self, *command):
        said = run(*command)
        self.assertEqual((said.returncode, said.stderr), (0, ""), command)
        return said.stdout

    def rendered(self):
        text = self.assert_silent("man", "-l", "-E", "UTF-8", self.file)
        return re.sub(r".\x08", "", text)  # overstruck letters

    def test_man_has_nothing_to_say_against_it(self):
        self.assert_silent("man", "-l", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", self.file)

    def test_groff_has_nothing_to_say_against_it(self):
        for device in ("utf8", "ascii", "ps", "html"):
            self.assert_silent("groff", "-man", "-ww", "-z", f"-T{device}", self.file)

    def test_mandoc_has_nothing_to_say_against_it(self):
        self.assertEqual(self.assert_silent("mandoc", "-T", "lint", self.file), "")

    def test_mandoc_minds_what_is_wrong(self):
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(".FOO\n")
        self.assertNotEqual(run("mandoc", "-T", "lint", self.file).returncode, 0)

    def test_it_is_ascii_and_its_lines_are_short(self):
        self.assertTrue(self.source.isascii())
        for line in self.source.splitlines():
            self.assertEqual(line, line.rstrip())
            if not line.startswith("."):
                self.assertLess(len(line), 130, line)

    def test_it_tells_all_that_the_help_tells(self):
        text = self.rendered()
        flat = re.sub(r"\s+", " ", text)
        told = program.run(["--help"]).out
        commands = re.findall(r"(?m)^  ([a-z]+) ", told[told.index("Commands:"):told.index("What and where:")])
        self.assertIn("man", commands)
        for command in commands:
            self.assertRegex(text, rf"(?m)^   {command}$")
            self.assertIn(f"mailstate {command} [OPTION...]", flat)
            help_text = program.run([command, "--help"]).out
            for option in re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+)", help_text):
                self.assertRegex(text, rf"(?m)^       (-\w, )?{option}\b", command)
            examples = help_text[help_text.index("Examples:"):help_text.index("Exit codes:")]
            for example in re.findall(r"(?m)^  (.*)$", examples):
                self.assertIn(example, flat)
        for code in re.findall(r"(?m)^  (\d\S*) ", told[told.index("Exit codes:"):]):
            self.assertRegex(text, rf"(?m)^       {re.escape(code)}\b")
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
                        "EXAMPLES", "SEE ALSO"):
            self.assertRegex(text, rf"(?m)^{section}$")
        for word in ("MAILSTATE_<NAME>", "NO_COLOR", "/usr/share/mailstate/seal.json", "postfix(1)"):
            self.assertIn(word, text)

    def test_it_fits_a_terminal(self):
        for line in self.rendered().splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_apropos_can_read_its_name(self):
        self.assertIn("mailstate - keeps the state", run("lexgrog", self.file).stdout)

    def test_json(self):
        told = self.assert_done(program.run(["man", "--output", "json"])).json()
        self.assertEqual((told["command"], told["content"]), ("man", self.source))


if __name__ == "__main__":
    case.main()
